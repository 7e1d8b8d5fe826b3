"""What the two exercises about training share: a recording model, and reading a loss from the gradients it sends."""
