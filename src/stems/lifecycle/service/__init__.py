"""A new service: what somebody wants of it, its files, and where it runs."""
