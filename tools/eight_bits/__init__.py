"""Makes a model in 8 bits, in two programs: NNCF cannot be installed beside the rest."""
