"""Exercise 6: the loss that trains the VAE."""
