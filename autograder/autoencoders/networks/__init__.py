"""What the exercises about networks share: encoder, decoder and variational encoder are small dense networks."""
