"""Fixtures of more than one folder of tests; a lab starts only when a test asks for it."""

import os
import signal
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from tests.support.lab import lab

__all__ = ["lab"]

pytest.register_assert_rewrite("tests.contract.suite")

MINUTES = "STEMS_TEST_MINUTES"
_BEGAN = time.monotonic()
_NOT_REACHED: list[str] = []
_NOT_TRIED: Counter[str] = Counter()

# A shell starts what it puts in the background deaf to Ctrl-C, and every program that a test starts inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests assert no timings: a machine that is busy is slow.
settings.register_profile("stems", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stems")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What mostly waits comes first: it then takes nothing from the others, and nobody waits for it in the end."""
    items.sort(key=lambda item: item.path.name not in ("test_lab.py", "test_way_in.py", "test_supervisor.py"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A run with a limit, as a forge has one, ends by itself and says which tests it did not come to."""
    limit = float(os.environ.get(MINUTES, "inf"))
    if time.monotonic() - _BEGAN > limit * 60:
        pytest.skip(f"not run: the {limit:g} minutes of {MINUTES} are over")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # With xdist it is the controller that sees the reports of all workers.
    if report.skipped and isinstance(report.longrepr, tuple) and "not run: the" in report.longrepr[2]:
        _NOT_REACHED.append(report.nodeid)
    if report.skipped and isinstance(report.longrepr, tuple) and "NOT TRIED" in report.longrepr[2]:
        _NOT_TRIED[report.longrepr[2].removeprefix("Skipped: ")] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tests that were not reached have shown nothing, so the run is not green."""
    if _NOT_REACHED and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        for reason, count in _NOT_TRIED.items():
            print(f"{count} tests {reason}")  # noqa: T201  # a mere "skipped" would be overlooked
    if _NOT_REACHED and not hasattr(config, "workerinput"):
        print(f"{len(_NOT_REACHED)} tests were not reached within {MINUTES}={os.environ[MINUTES]}")  # noqa: T201  # behind pytest's own last line
