"""Forms that a document is made from, or finished with."""
