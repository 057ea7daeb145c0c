"""SQL and files: the ports of the business folders made real."""
