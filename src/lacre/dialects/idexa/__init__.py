"""IDEXA's API of both generations, its callback and its words, over our processing."""
