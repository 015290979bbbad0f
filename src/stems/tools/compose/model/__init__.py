"""Compose files read as Compose reads them, without Compose, with a place for every value."""
