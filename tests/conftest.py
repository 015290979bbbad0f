"""Fixtures of more than one folder of tests; a lab starts only when a test asks for it."""

import os
import signal
import time

import pytest

from tests.support.lab import lab

__all__ = ["lab"]

MINUTES = "STEMS_TEST_MINUTES"
_BEGAN = time.monotonic()

# A shell starts what it puts in the background deaf to Ctrl-C, and every program that a test starts inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A run with a limit, as a forge has one, ends by itself and says which tests it did not come to."""
    limit = float(os.environ.get(MINUTES, "inf"))
    if time.monotonic() - _BEGAN > limit * 60:
        pytest.skip(f"not run: the {limit:g} minutes of {MINUTES} are over")
