"""Files by digest, and the temporary links that give them out."""
