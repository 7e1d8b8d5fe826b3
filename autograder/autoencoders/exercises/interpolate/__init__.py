"""Exercise 7: decoding points on the line between two latents."""
