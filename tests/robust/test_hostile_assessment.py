"""No repository ends an assessment with a traceback, and none takes long."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stems.lifecycle.assess import assess, assess_source
from tests.unit.lifecycle.assessment.trees import source

PATHS = (
    "config/cluster.yml", "hosts.ini", "inventory/hosts.yml", ".ssh/config", "etc/hosts", "flake.nix",
    ".meta/ssot/nodes.yml", "d/.chezmoidata.toml", "d/.chezmoiroot", "d/dot_x.tmpl", "web/compose.yml", "site.yml",
    "roles/a/tasks/main.yml", "deploy.sh", "README.md", "Makefile", ".github/workflows/ci.yml", "a.service",
    "ansible.cfg",
)  # fmt: skip
ODD = {
    "binary": b"\x00\x01\xff" * 100,
    "bomb": b"a: &a [x, x, x, x]\n" + b"".join(b"b%d: &b%d [*a, *a, *a, *a]\n" % (n, n) for n in range(50)),
    "deep": b"[" * 5000,
    "nested": b"nodes:\n" + b"".join(b" " * n + b"nodes:\n" for n in range(1, 90)),
    "numbers": b"1: 2\nnodes: {1: {ip: 3}, null: {ip: [1]}, [a]: b}\nall: {hosts: [1], children: {x: 3}}\n- hosts: 3\n",
    "wrong kinds": b"- hosts: [1, null]\n  roles: {a: b}\n  tasks: [1, {block: 3}, {docker_container: 3}]\n- 3\n",
    "templates": b"{% for x in y %}\n{{ x }}\n{% endfor %}\n",
    "crlf": b"[web]\r\nbox ansible_host=192.0.2.1\r\nHost a\r\n HostName b\r\n",
    "one long line": b"x" * 300_000 + b" ssh a 192.0.2.1 {{ .chezmoi.hostname",
    "ranges": b"[web]\nx[1:999999999][1:999999999][a:z][1:9].lan\n",
    "large": b"Host a\n" * 400_000,
}


@pytest.mark.parametrize("content", ODD)
def test_odd_content_is_no_reason_to_fail(tmp_path: Path, content: str) -> None:
    assert assess_source(source(tmp_path, dict.fromkeys(PATHS, ODD[content]))).files == len(PATHS)


def test_odd_files_are_no_reason_to_fail(tmp_path: Path) -> None:
    root = tmp_path / "homelab"
    root.mkdir()
    (root / "hosts.ini").symlink_to(root / "hosts.ini")
    (root / "compose.yml").symlink_to("/etc/passwd")
    (root / ".ssh").mkdir()
    os.mkfifo(root / ".ssh" / "config")
    with (root / "big.yml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    (root / os.fsdecode(b"caf\xe9.sh")).write_text("ssh a b\n")
    (root / "new\nline.sh").write_text("ssh a b\n")
    (root / "circle").symlink_to(root)
    found = assess(root)

    assert found.files == 7 and not found.nodes


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(PATHS), st.text(max_size=200) | st.binary(max_size=200), max_size=4))
def test_no_content_is_too_odd(tmp_path_factory: pytest.TempPathFactory, files: dict[str, str | bytes]) -> None:
    raw = {path: content.encode() if isinstance(content, str) else content for path, content in files.items()}

    assert assess_source(source(tmp_path_factory.mktemp("home"), raw)).files == len(files)
