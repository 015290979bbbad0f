"""`stems init` asks a person at a terminal for little, shows what it would write, and takes no for an answer."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from stems.configuration.load import load_cluster


def typed(folder: Path, *answers: str) -> tuple[int, str]:
    """What comes of these lines at a terminal."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        ended = subprocess.run(
            [sys.executable, "-m", "stems", "init", str(folder)],
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    return ended.returncode, ended.stdout + ended.stderr


def test_a_person_names_the_cluster_and_its_machines(tmp_path: Path) -> None:
    code, said = typed(
        tmp_path / "colab-config", "", "gate=me@192.0.2.7", "no machine", "box=me@192.0.2.8:2222", "", "y"
    )

    assert code == 0
    cluster = load_cluster((tmp_path / "colab-config" / "config" / "cluster.yml").read_text())
    assert cluster.name == "colab" and list(cluster.nodes) == ["gate", "box"]
    assert "no machine: not a node" in said and said.index("config/cluster.yml") < said.index("Write it?")


def test_no_writes_nothing(tmp_path: Path) -> None:
    code, said = typed(tmp_path / "new", "mine", "", "n")

    assert code == 130 and "nothing was written" in said
    assert not (tmp_path / "new").exists()
