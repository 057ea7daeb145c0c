"""What `make bench` runs, each beside its baselines."""
