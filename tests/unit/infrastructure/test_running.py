"""What a deployment left running on a node is found, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import UnknownError
from stems.infrastructure.command import Effect, script
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.probe import Section
from stems.infrastructure.running import end_command, parse_processes, running_here, running_processes

RUNNER = LocalRunner()
ID = "20260101T000000Z-abcdef"


def processes(deployment: str) -> list[int]:
    result = RUNNER.run(script(running_processes(deployment), Effect.READS))
    return [process.pid for process in parse_processes("prtr", Section(result.status, result.text))]


def test_what_a_deployment_started_is_found_by_its_environment_and_ended() -> None:
    started = subprocess.Popen(("sleep", "60"), env={**os.environ, "LC_STEMS_RUN": ID})
    try:
        assert processes(ID) == [started.pid]
        assert processes("20260101T000000Z-000000") == []

        RUNNER.run(end_command(ID))

        assert started.wait(10) < 0
        assert processes(ID) == []
    finally:
        started.kill()
        started.wait()


def test_what_a_group_step_does_on_this_machine_is_found_and_a_shared_connection_is_not(tmp_path: Path) -> None:
    # Ansible opens connections that stay for the next run.
    connection = tmp_path / "ssh"
    connection.write_bytes(Path(shutil.which("sleep") or "").read_bytes())
    connection.chmod(0o755)
    marked = {**os.environ, "LC_STEMS_RUN": ID}
    started = [subprocess.Popen((program, "60"), env=marked) for program in ("sleep", str(connection))]
    try:
        assert [(process.pid, process.program) for process in running_here(RUNNER, ID)] == [(started[0].pid, "sleep")]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_the_scan_does_not_find_itself() -> None:
    text = f"export LC_STEMS_RUN={ID}; exec /bin/sh -s"
    command = replace(script(f"({running_processes(ID)})", Effect.READS), argv=("/bin/sh", "-c", text))

    assert RUNNER.run(command).text == "end\n"


@pytest.mark.parametrize("section", [Section(0, ""), Section(0, "12 sleep"), Section(1, "end"), Section(0, "x y\nend")])
def test_an_incomplete_scan_is_unknown(section: Section) -> None:
    with pytest.raises(UnknownError):
        parse_processes("prtr", section)
