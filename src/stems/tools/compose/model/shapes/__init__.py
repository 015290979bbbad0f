"""What Compose accepts where: its schema as tables."""
