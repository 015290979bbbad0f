"""Looks for input that makes a reader break: `make fuzz`."""
