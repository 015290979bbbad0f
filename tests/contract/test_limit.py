"""A run that its time limit cut short is not green."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/unit/readers/test_env.py")


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "on workers"])
def test_tests_that_were_not_reached_fail_the_run(workers: tuple[str, ...]) -> None:
    env = {**os.environ, "STEMS_TEST_MINUTES": "0"}
    done = subprocess.run((*RUN, *workers), cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert done.stdout.splitlines()[-1].endswith("tests were not reached within STEMS_TEST_MINUTES=0")
