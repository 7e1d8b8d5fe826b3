"""Student code with a slip of it mended, so that the rest can be judged: what was meant, and what it costs."""
