"""A story: a repository of its own for the nodes of a lab, and the real `stems` command run on it."""

from __future__ import annotations

import difflib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from stems.infrastructure.lab.keys import pinned
from stems.infrastructure.lab.state import Lab
from tests.support.lab import ask
from tests.support.site import Site, first_files

Value = TypeVar("Value")

DEADLINE = 900.0
NODES = ("prtr", "drtr", "crtr")
"""In rollout order: the pilot, the second, the third."""


@dataclass(frozen=True)
class Done:
    """A run of `stems` that ended."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def __str__(self) -> str:
        return f"stems {' '.join(self.words)}\n-> {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


@dataclass
class Running:
    """A run of `stems` that goes on meanwhile. A signal reaches the controller alone, as `kill` does."""

    words: tuple[str, ...]
    process: subprocess.Popen[str]

    def wait(self, *, exits: int | None = None, deadline: float = DEADLINE) -> Done:
        try:
            out, err = self.process.communicate(timeout=deadline)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            out, err = self.process.communicate()
            raise AssertionError(f"no end after {deadline:.0f} s: stems {self.words}\n{out}\n{err}") from None
        done = Done(self.words, self.process.returncode, out, err)
        assert "Traceback" not in done.out + done.err, str(done)
        assert exits is None or done.code == exits, str(done)
        return done

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        self.process.send_signal(number)


@dataclass
class Story:
    """One repository and its cluster. `site.name` keeps what it puts on the nodes apart from other stories'."""

    lab: Lab
    root: Path
    site: Site
    env: dict[str, str] = field(default_factory=dict)

    # --- the repository

    def git(self, *words: str, root: Path | None = None) -> str:
        command = ("git", "-C", str(root or self.root), *words)
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def commit(self, files: Mapping[str, str | None] | None = None, message: str = "change") -> str:
        """Write `files` (None removes one) and the cluster as it is now, and commit all."""
        for name, content in {"config/cluster.yml": self.site.text(), **(files or {})}.items():
            path = self.root / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def clone(self, name: str = "laptop") -> Path:
        """Another clone, as on another machine: with the branch, without ledger, plans and approvals."""
        folder = self.root.parent / name
        self.git("clone", "-q", "--single-branch", "--no-tags", "-b", "main", str(self.root), str(folder))
        self.git("remote", "remove", "origin", root=folder)
        return folder

    # --- the command

    def start(self, *words: str, root: Path | None = None, answers: str = "") -> Running:
        """Start `stems`. With `answers`, standard input is a terminal at which they were typed."""
        stdin: int = subprocess.DEVNULL
        if answers:
            keyboard, stdin = pty.openpty()
            os.write(keyboard, answers.encode())
        process = subprocess.Popen(
            (sys.executable, "-m", "stems", *words),
            cwd=root or self.root, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "NO_COLOR": "1", **self.env}, start_new_session=True,
        )  # fmt: skip
        if answers:
            os.close(stdin)
        return Running(words, process)

    def stems(self, *words: str, exits: int = 0, root: Path | None = None, answers: str = "") -> Done:
        return self.start(*words, root=root, answers=answers).wait(exits=exits)

    def plan(self, *words: str, root: Path | None = None) -> Any:
        document = self.stems("plan", "--json", *words, root=root).json
        assert document["schema"] == "stems.plan/1"
        return document

    def approved(self, *words: str, root: Path | None = None) -> str:
        """Plan and approve; returns the digest."""
        digest = str(self.plan(*words, root=root)["digest"])
        self.stems("approve", digest, "--yes", root=root)
        return digest

    def deploy(self, *words: str, exits: int = 0) -> Done:
        """Plan, approve and deploy the current commit."""
        return self.stems("deploy", self.approved(*words), exits=exits)

    def status(self, *, exits: int = 0, root: Path | None = None) -> dict[str, Any]:
        """What `status` says of each node."""
        document = self.stems("status", "--json", exits=exits, root=root).json
        assert document["schema"] == "stems.status/1"
        return {node["node"]: node for node in document["nodes"]}

    def drift(self, *, exits: int = 0, root: Path | None = None) -> dict[str, Any]:
        """What `drift` says of each node."""
        document = self.stems("drift", "--json", exits=exits, root=root).json
        assert document["schema"] == "stems.drift/1"
        return {node["node"]: node for node in document["nodes"]}

    # --- the nodes

    def console(self, node: str, text: str) -> str:
        """As root at the node's own console, past SSH and sudo."""
        container = self.lab.container(self.lab.node(node))
        command = ("docker", "exec", container, "sh", "-ec", text)
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    def ask(self, node: str, text: str) -> str:
        """Run a script on a node over plain ssh; $name, $state and $checkout are this story's."""
        names = f'name={self.site.name}; state=~/.local/state/stems/$name; checkout="$HOME/$name-config"\n'
        result = ask(self.lab, node, names + text)
        assert result.ok, f"{node}: {text}\n{result.text}\n{result.errors}"
        return result.text

    def journal(self, node: str) -> list[dict[str, str]]:
        text = self.ask(node, 'if [ -e "$state/journal.jsonl" ]; then cat "$state/journal.jsonl"; fi')
        return [json.loads(line) for line in text.splitlines()]

    def wait_for_act(self, node: str, digest: str) -> str:
        """Wait until the deployment of a plan begins to change a node; returns its name."""

        def begun() -> str:
            acts = [entry for entry in self.journal(node) if entry["plan"] == digest and "domain" in entry]
            return acts[0]["deployment"] if acts else ""

        return wait_until(f"{node} is being changed", begun)

    def photograph(self, node: str) -> str:
        """What the story put on a node, byte for byte; when a container started is told by `moments`."""
        return self.ask(node, PHOTOGRAPH)

    def photographs(self) -> dict[str, str]:
        return {node: self.photograph(node) for node in NODES}

    def assert_same(self, before: Mapping[str, str]) -> None:
        """The nodes are what they were, or how they differ."""
        now = {node: self.photograph(node) for node in before}
        found = (
            difflib.unified_diff(before[node].splitlines(), now[node].splitlines(), node, lineterm="", n=0)
            for node in before
        )
        text = "\n".join(line for lines in found for line in lines)
        assert not text, f"nodes differ:\n{text}"

    def moments(self, node: str) -> str:
        """Each container with when it started: the same text means that nobody touched them."""
        return self.ask(node, MOMENTS)

    def records(self) -> str:
        """Everything that is written down about deployments, here and on the nodes."""
        here = self.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/stems", "refs/tags")
        store = sorted((self.root / ".git" / "stems").rglob("*"))
        files = "\n".join(f"{path} {path.read_bytes()!r}" for path in store if path.is_file())
        return "\n".join([here, files, *(self.ask(node, RECORDS) for node in NODES)])

    def clean(self) -> None:
        """Leave nothing of this story on any node."""
        for node in self.lab.nodes:
            self.ask(node.name, CLEAN)


PHOTOGRAPH = r"""
cd
export LC_ALL=C
{ find . -maxdepth 1 -name ".$name*" -print; find ".$name.d" "$name-config" /etc/"$name"-* -name .git -prune -o -print \
  2>/dev/null; } | sort -u | while read -r path; do
  printf '%s %s ' "$path" "$(sudo stat -c '%A %U %G' "$path")"
  if [ -L "$path" ]; then readlink "$path"; elif [ -f "$path" ]; then sudo sha256sum <"$path"; else echo; fi
done
if [ -e "$checkout/.git" ]; then git -C "$checkout" rev-parse HEAD; git -C "$checkout" symbolic-ref -q HEAD; fi
if command -v docker >/dev/null; then
  docker ps -aq --filter "name=$name-" | xargs -r docker inspect --format \
    '{{.Name}} {{.Config.Image}} {{.State.Running}} {{json .Config.Labels}} {{json .Config.Env}}' |
    sed -E 's/"com.docker.compose.replace":"[^"]*",//g' | sort
  docker volume ls --format 'volume {{.Name}}' --filter "name=$name-" | sort
  docker network ls --format 'network {{.Name}}' --filter "name=$name-" | sort
fi
systemctl list-unit-files --no-legend "$name-*" | sort | while read -r unit state; do
  echo "$unit $state $(systemctl is-active "$unit") $(systemctl cat "$unit" | sha256sum)"
done
:"""

MOMENTS = r"""
docker ps -aq --filter "name=$name-" | xargs -r docker inspect --format '{{.Name}} {{.Id}} {{.State.StartedAt}}' | sort
"""

RECORDS = r"""
hostname
if [ -d "$state" ]; then
  cd "$state" && find . -path ./stage -prune -o -path ./repo.git -prune -o -type f -exec sha256sum {} + | sort
  git -C repo.git for-each-ref 2>/dev/null | grep -v refs/stems/stage
fi
:"""

CLEAN = r"""
cd
if command -v docker >/dev/null; then
  docker ps -aq --filter "name=$name-" | xargs -r docker rm -f >/dev/null
  docker volume ls -q --filter "name=$name-" | xargs -r docker volume rm >/dev/null
  docker network ls -q --filter "name=$name-" | xargs -r docker network rm >/dev/null
fi
for unit in $(systemctl list-unit-files --no-legend "$name-*" | cut -d' ' -f1); do
  sudo systemctl disable -q --now "$unit"; sudo rm "/etc/systemd/system/$unit"; sudo systemctl daemon-reload
done
sudo rm -rf ".$name"* "$checkout" "$state" /etc/"$name"-* /tmp/"$name"*
:"""


@contextmanager
def story(
    lab: Lab, folder: Path, name: str, *, system: str = "", services: bool = True, alone: bool = False
) -> Iterator[Story]:
    """A story with its first commit, not deployed. `system` names the nodes with a playbook, which takes its time."""
    root = folder / name
    root.mkdir()
    told = Story(lab, root, Site(lab, name, system=system, services=services, alone=alone))
    told.git("init", "-q", "-b", "main")
    told.git("config", "user.name", "Owner")
    told.git("config", "user.email", "owner@colab.example")
    told.clean()
    told.commit({"config/known_hosts": pinned(lab), **first_files(told.site)}, "first")
    try:
        yield told
    finally:
        told.clean()


def wait_until(what: str, met: Callable[[], Value], *, deadline: float = 600.0) -> Value:
    """Wait on a condition, never on luck."""
    end = time.monotonic() + deadline
    while not (found := met()):
        assert time.monotonic() < end, f"not within {deadline:.0f} s: {what}"
        time.sleep(0.2)
    return found


def assert_all_well(story: Story, commit: str) -> None:
    """Every node runs the commit, is healthy and in sync, and no deployment holds it or is unfinished."""
    for seen in story.status().values():
        assert (seen["deployed"], seen["healthy"], seen["in_sync"], seen["lock"], seen["unfinished"]) == (
            commit, True, True, None, None,
        ), seen  # fmt: skip


def lines(document: list[dict[str, Any]]) -> list[str]:
    """Changes as `node action resource`."""
    return [f"{change['node']} {change['action']} {change['resource']}" for change in document]
