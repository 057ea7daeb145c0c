"""Sample documents of each shipped type, made from a seed, with the truth about their fields."""
