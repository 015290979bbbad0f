"""Fixtures of more than one folder of tests; a lab starts only when a test asks for it."""

from tests.support.lab import lab

__all__ = ["lab"]
