"""Pages about decisions in the repository of a user."""
