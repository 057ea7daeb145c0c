"""The pictures of the README, taken of the product as it is: `make pictures`."""
