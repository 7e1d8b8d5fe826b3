"""Exercise 4: the loss that trains the plain autoencoder."""
