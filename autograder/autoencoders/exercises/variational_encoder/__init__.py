"""Exercise 5, first part: the encoder of the VAE, pixels to a sample from N(μ, σ²)."""
