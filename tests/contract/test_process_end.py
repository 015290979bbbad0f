"""How the process of a command ends: for readers that left, full disks, poor encodings and signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

STEMS = (sys.executable, "-m", "stems")
NO_READER = 1
ERROR = ("status", "--json")
"""Outside a repository: the error is a document on standard output."""


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **more}
    return subprocess.run(
        (*STEMS, *words), cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("words", [("schema",), ERROR, ("--help",)])
def test_a_reader_that_left_is_no_traceback(tmp_path: Path, words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            (*STEMS, *words), cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    finally:
        os.close(writing)

    assert (ended.returncode, ended.stderr) == (NO_READER, "")


@pytest.mark.parametrize("words", [("schema",), ERROR])
def test_a_full_disk_behind_the_output_is_said_and_no_traceback(tmp_path: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            (*STEMS, *words), cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)}, stdout=full,
            stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert ended.returncode == 1
    assert "no space left to write" in ended.stderr and "Traceback" not in ended.stderr


def test_an_encoding_without_our_signs_is_no_failure(tmp_path: Path) -> None:
    subprocess.run(("git", "init", "-q", str(tmp_path)), check=True)
    cluster = {
        "version": 1, "cluster": {"name": "colab"}, "checkout": "~/colab",
        "nodes": {"prtr": {"hostname": "prtr", "ssh": {"host": "prtr.example"}}},
    }  # fmt: skip
    (tmp_path / "config").mkdir()
    (tmp_path / "config/cluster.yml").write_text(json.dumps(cluster))
    ended = run(tmp_path, "validate", PYTHONIOENCODING="latin-1")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "valid" in ended.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_waiting_command_with_130(tmp_path: Path, number: signal.Signals) -> None:
    os.mkfifo(tmp_path / "told")
    git = tmp_path / "git"
    git.write_text(f"#!/bin/sh\necho started >'{tmp_path}/told'\nexec sleep 60\n")
    git.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    process = subprocess.Popen(
        (*STEMS, "status"), cwd=tmp_path, env={**os.environ, "PATH": path}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        # Opening waits until Git has begun.
        assert (tmp_path / "told").read_text() == "started\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()

    assert (process.returncode, out, err.strip()) == (130, "", "interrupted")
