"""One file for each step, oldest first; once released, a step is never changed."""
