"""What speaks for a node as the place of a service, and against it."""
