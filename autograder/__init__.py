"""Autograder for the guided notebook "Building Autoencoders with PyTorch"."""
