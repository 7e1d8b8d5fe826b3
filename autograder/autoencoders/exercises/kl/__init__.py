"""Exercise 5, second part: the KL divergence that ``VariationalEncoder`` keeps in ``kl``."""
