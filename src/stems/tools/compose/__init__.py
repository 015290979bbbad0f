"""Docker Compose."""
