"""Secrets that are written in files, found without any other program. What is found is never repeated in a message."""
