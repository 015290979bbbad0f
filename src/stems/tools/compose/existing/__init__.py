"""What runs in Docker without being declared, and what its files in the repository would be."""
