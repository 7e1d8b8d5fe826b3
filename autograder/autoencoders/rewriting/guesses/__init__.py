"""What may have been meant by code that stopped: by the error, by the variables, and by how names are spelt."""
