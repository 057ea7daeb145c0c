"""What every page shares: frame, macros, words, icons and built files."""
