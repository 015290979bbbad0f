"""Whatever lies in a repository, it is judged to the end: findings or notes, in time, and never a traceback."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from stems.__main__ import run
from tests.support.scratch import Scratch

CLUSTER = """\
version: 1
cluster: {name: home}
checkout: ~/c
nodes: {gate: {hostname: gate, ssh: {host: gate.example}}}
domains:
  user: {tool: chezmoi, source: dotfiles}
  system: {tool: ansible, source: ansible}
  services: {tool: compose, source: services}
services: {bomb: {node: gate}, deep: {node: gate}, binary: {node: gate}, loop: {node: gate}}
"""
SECONDS = 10
MIB = 1024 * 1024
BOMB = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9) if n else 'x'}]\n" for n in range(20))
BINARY = bytes(range(256)) * 64
TEXTS: dict[str, bytes] = {
    "services/bomb/compose.yml": BOMB.encode(),
    "services/deep/compose.yml": b"services: " + b"[" * 50_000,
    "services/binary/compose.yml": BINARY,
    "services/loop/compose.yml": b"include: [compose.yml]\nservices: {a: {extends: {service: a}}}\n",
    "services/merge/compose.yml": b"a: &a\n  <<: *a\nservices: {}\n",
    "ansible/site.yml": b"- hosts: all\n  roles: [one]\n- import_playbook: site.yml\n",
    "ansible/roles/one/tasks/main.yml": b"- include_tasks: main.yml\n- include_role: {name: one}\n",
    "ansible/roles/one/meta/main.yml": b"dependencies: [one]\n",
    "ansible/hosts.ini": b"[a:children]\na\n[[[\n=\n",
    "ansible/group_vars/all.yml": b"a: '{{ b }}'\nb: '{{ a }}'\n",
    "dotfiles/.chezmoiignore": b"{{ if " * 2_000 + b"[a-",
    "dotfiles/dot_a.tmpl": b"{{" * 10_000,
    "dotfiles/dot_a": b"two sources\n",
    "dotfiles/.chezmoiroot": b"../..",
    "scripts/long.sh": b"#!/bin/sh\r\n" + b"a" * MIB,
    "scripts/utf16.sh": "#!/bin/sh\necho\n".encode("utf-16"),
    "scripts/bom.sh": b"\xef\xbb\xbf#!/bin/sh\n",
    "scripts/empty.sh": b"",
    "cron.d/one": b"* " * MIB,
    ".gitignore": b"[a-\n**/**/**/**/x\n!\n" + b"*" * 1_000 + b"/y\n",
    ".env": b"A=" + b"$" * 10_000,
    "unit/a.service": b"[Service\nExecStart=" + b"\\\n" * 10_000,
    "config/exceptions.yml": b"version: 1\nexceptions: [{allow: STM405, where: '" + b"*" * 500 + b"', reason: x}]\n",
    "long/" + "d/" * 60 + "f.yml": b"a: 1\n",
    "x" * 255: b"a\n",
}
NAMES = (
    b"latin-\xe9.yml", b"new\nline.yml", b"tab\t.sh", b"-rf.yml", b"--help.sh", b"quote'\".yml", b"$(id).sh",
    b"a b.yml", "日本.yml".encode(), "e\u0301.yml".encode(), "\u00e9.yml".encode(), b"\x1b[31m.yml", b"%s.yml",
    b"{{ a }}.yml", b"*.yml", b"compose.yml", b"CON", b"...", b"a\\b.yml", "\u202egpj.yml".encode(),
)  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scratch = Scratch(tmp_path_factory.mktemp("hostile") / "repository")
    top = scratch.root
    for path, content in TEXTS.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(content)
    for name in NAMES:
        Path(os.fsdecode(os.fsencode(top) + b"/" + name)).write_bytes(b"#!/bin/sh\r\na: [\n")
    for path in ("large.yml", "large.sh", "services/large/compose.yml", "ansible/vars.yml"):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        with (top / path).open("wb") as file:
            file.truncate(100 * MIB)
    _links(top)
    _submodules(scratch)
    return top


def _links(top: Path) -> None:
    links = {
        "a-link": "b-link",
        "b-link": "a-link",
        "self": "self",
        "services/up": "../..",
        "services/endless/compose.yml": "/dev/zero",
        "services/outside/compose.yml": "/etc/passwd",
        "ansible/roles/loop": "..",
        "dotfiles/dot_link": "../dotfiles",
        "gone.yml": "nowhere",
        "README.md": "README.md/x",
    }
    for path, target in links.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).symlink_to(target)


def _submodules(scratch: Scratch) -> None:
    (scratch.root / ".gitmodules").write_text('[submodule "x"\n\tpath = ../../etc\n\turl = \n[[[')
    for path in ("ansible/roles/absent", "vendor/x", "services/sub"):
        scratch.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path}")


def judged(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    start = time.monotonic()
    code = run(["-C", str(root), "validate", "--all", *options])
    took, said = time.monotonic() - start, capsys.readouterr()

    assert code in (0, 3), said.err
    assert "Traceback" not in said.err
    # Linters have deadlines of their own.
    assert took < SECONDS or "--no-linters" not in options
    return said.out


@pytest.mark.parametrize("options", [("--no-linters",), ("--no-linters", "--sarif"), ("--no-linters", "--changed"), ()])
def test_it_is_judged_without_a_cluster(
    root: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert judged(root, capsys, *options)


def test_it_is_judged_with_a_cluster(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "config/cluster.yml").write_text(CLUSTER)
    try:
        document = json.loads(judged(root, capsys, "--no-linters", "--json"))
    finally:
        (root / "config/cluster.yml").unlink()

    assert {"services/bomb/compose.yml", "services/deep/compose.yml"} <= {each["path"] for each in document["findings"]}


def test_it_is_mended_as_far_as_that_goes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "fixed scripts/long.sh" in judged(root, capsys, "--no-linters", "--fix")
    assert (root / "scripts/long.sh").read_bytes().startswith(b"#!/bin/sh\n")
