"""Exercise 1: the encoder of the plain autoencoder, pixels to latents."""
