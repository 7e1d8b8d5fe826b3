"""What ``observe`` is made of: calling student code, giving it weights, steering its noise. Torch, but no judging."""
