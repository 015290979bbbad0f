"""Play the session of README.md on a lab of its own with the real commands, and write it there.

.venv/bin/python -m docs.session
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from docs.screen import run_at_terminal
from stems.cli import demo
from stems.errors import ExitCode
from stems.infrastructure.command import Effect
from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.reach import on_node
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.lab.up import up
from stems.infrastructure.local import LocalRunner

README = Path(__file__).parents[1] / "README.md"
BEGIN = "<!-- session: made by `.venv/bin/python -m docs.session` -->"
END = "<!-- end of session -->"
PERSON, MACHINE = "owner", "laptop"
WHEN = "2026-01-01T12:00:00Z"
"""One commit has one name, however often the session is played."""


@dataclass
class Session:
    """A copy of a lab's repository, and what was typed and said there so far."""

    lab: Lab
    root: Path
    lines: list[str] = field(default_factory=list)

    def stems(self, words: str, *, ends: ExitCode = ExitCode.DONE, shown: bool = True) -> str:
        """Type a stems command; what it said. Raises when it ends otherwise than it must."""
        env = {name: value for name, value in os.environ.items() if name in ("HOME", "PATH", "XDG_STATE_HOME")}
        env |= {"LOGNAME": PERSON, "NO_COLOR": "1", "PATH": f"{Path(sys.executable).parent}:{env['PATH']}"}
        # A person has an agent with the key that approves.
        key = quote(str(demo.key_of(self.lab)))
        argv = ("ssh-agent", "/bin/sh", "-c", f"ssh-add -q {key} 2>/dev/null && exec stems {words}")
        status, said = run_at_terminal(argv, folder=self.root, env=env)
        text = "\n".join(said).strip("\n").replace(f"@{socket.gethostname()}", f"@{MACHINE}")
        if status != ends:
            raise RuntimeError(f"`stems {words}` ended with {status}, not {int(ends)}:\n{text}")
        if shown:
            code = f"   # exit code {int(ends)}" if ends is not ExitCode.DONE else ""
            self.lines += [f"$ stems {words}{code}", *text.split("\n"), ""]
        return text

    def digest(self, text: str) -> str:
        found = re.search(r"plan ([0-9a-f]{12})", text)
        assert found, text  # noqa: S101  # every plan shows its digest
        return found[1]

    def commit(self, path: str, old: str, *, new: str, message: str) -> None:
        """Edit a tracked file and commit it, as `sed` does it where neither text holds a slash."""
        file = self.root / path
        assert old in file.read_text(), path  # noqa: S101  # the example repository has it
        file.write_text(file.read_text().replace(old, new, 1))
        self.git("-c", f"user.name={PERSON}", "-c", "user.email=owner@colab.example", "commit", "-qam", message)
        self.lines += [f"$ sed -i 's/{old}/{new}/' {path}", f"$ git commit -qam '{message}'"]

    def git(self, *words: str) -> None:
        env = {**os.environ, "GIT_AUTHOR_DATE": WHEN, "GIT_COMMITTER_DATE": WHEN}
        subprocess.run(("git", "-C", str(self.root), *words), check=True, env=env, capture_output=True)

    def by_hand(self, node: str, text: str) -> None:
        """What somebody does on a node, past stems."""
        result = on_node(self.lab, self.lab.node(node), text, runner=LocalRunner(), effect=Effect.WRITES)
        assert result.ok, result.errors  # noqa: S101  # one line of shell
        self.lines += [f"{node} $ {text}", ""]


def play(lab: Lab, folder: Path) -> str:
    """The session as a person sees it, on nodes that run the example; where they do not, it is brought there first."""
    if not _running(lab):
        demo.bring(lab, lambda line: None)
    root = folder / "repository"
    shutil.copytree(lab.repository, root, symlinks=True)
    session = Session(lab, root)
    session.git("reset", "-q", "--hard", _running(lab))
    _show(session)
    return "\n".join(session.lines).strip("\n")


def _running(lab: Lab) -> str:
    """The commit that every node runs, empty if there is none."""
    argv = (sys.executable, "-m", "stems", "status", "--json")
    said = subprocess.run(argv, cwd=lab.repository, check=True, capture_output=True, text=True).stdout
    deployed = {node["deployed"] for node in json.loads(said)["nodes"]}
    return deployed.pop() or "" if len(deployed) == 1 else ""


def _show(session: Session) -> None:
    session.commit("services/web/site/index.html", "<h1>", new="<h1>Hello: ", message="Greet")
    session.stems("validate --no-linters")
    digest = session.digest(session.stems("plan"))
    session.stems(f"approve {digest} --yes >/dev/null")
    session.stems(f"deploy {digest}")
    session.stems("status")
    session.by_hand("prtr", "echo 'set -g mouse off' >>~/.tmux.conf")
    session.stems("drift", ends=ExitCode.DRIFT)


# --- the block in README.md


def shown_in_readme() -> str:
    block = README.read_text().partition(BEGIN)[2].partition(END)[0]
    return block.strip().removeprefix("```console\n").removesuffix("\n```")


def write(session: str) -> None:
    before, _, rest = README.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n\n```console\n{session}\n```\n\n{END}{after}")


_MOVING = (
    (r"\b(\d+\.){3}\d+\b", "ADDRESS"),
    (r"\b\d{8}T\d{6}Z-[0-9a-f]{6}\b", "ID"),
    (r"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b|\b[0-9a-f]{8}\b", "DIGEST"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?( UTC|Z)?", "TIME"),
    (r"\d+(\.\d+)?[BKMGT] of \d+(\.\d+)?[BKMGT]", "MEMORY"),
    (r"\b\d+ (s|min|h|d)\b", "AGE"),
    (r"(?<![\d.])\d+\.\d\d(?![\d.])", "LOAD"),
    (r" {2,}", "  "),
)


def normalised(session: str) -> str:
    """What is the same in every run of the same program."""
    for pattern, word in _MOVING:
        session = re.sub(pattern, word, session)
    return session


def main() -> None:
    lab = up("readme", LocalRunner(), say=lambda line: None)
    try:
        with tempfile.TemporaryDirectory() as folder:
            write(play(lab, Path(folder)))
    finally:
        down(lab.name, LocalRunner(), force=True)


if __name__ == "__main__":
    main()
