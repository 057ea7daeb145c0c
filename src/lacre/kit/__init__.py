"""Small things with no business meaning, which every floor may use."""
