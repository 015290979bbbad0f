"""A new node: whether it can be one, its entry in the cluster file, and the role that sets it up."""
