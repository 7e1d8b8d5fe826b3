"""Ways to mend a text: each gives for a node of it what stands in its place, and most nodes stay."""
