"""Exercise 2: the decoder, latents to images."""
