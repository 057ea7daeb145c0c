"""Brazilian pages made from a seed, clean and worn, with the truth about every word on them."""
