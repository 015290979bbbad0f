"""Repositories of these tests have a home of their own."""

from tests.unit.tools.git.conftest import home

__all__ = ["home"]
