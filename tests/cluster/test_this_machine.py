"""The machine that one types at is a node itself: everything runs there without SSH, and goes the same way."""

from __future__ import annotations

import io
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import stems
from tests.cluster.conftest import Tell
from tests.support.story import Story

PACKAGES = (
    "annotated_types", "click", "jinja2", "markdown_it", "markupsafe", "mdurl", "pydantic", "pydantic_core", "pygments",
    "rich", "typing_extensions.py", "typing_inspection", "yaml", "_yaml",
)  # fmt: skip
"""What stems needs, as pip installed it here: the nodes have the same Python, and no way to an index."""
PROGRAM, REPOSITORY = "/home/owner/own-program", "/home/owner/own-laptop"


@pytest.fixture
def at_home(told: Tell) -> Iterator[Story]:
    """A repository whose one node is the machine that it lies on, there."""
    with told("own", alone=True) as story:
        name = story.site.name
        if story.ask("prtr", "python3 -c 'import sys; print(*sys.version_info[:2])'").split() != [
            *map(str, sys.version_info[:2])
        ]:
            pytest.skip("the nodes have another Python: what is installed here does not run there")
        story.site.cluster["nodes"]["prtr"]["ssh"] = {"host": "127.0.0.1", "user": "owner"}
        web = story.site.cluster["services"][f"{name}-web"]
        story.site.cluster["services"] = {f"{name}-web": {**web, "node": "prtr"}}
        story.commit()
        try:
            _send(story, Path(stems.__file__).parent, f"{PROGRAM}/stems")
            for package in _packages():
                _send(story, package, f"{PROGRAM}/{package.name}")
            _send(story, story.root, REPOSITORY)
            story.console("prtr", f"chown -R owner {PROGRAM} {REPOSITORY}")
            yield story
        finally:
            story.console("prtr", f"rm -rf {PROGRAM} {REPOSITORY}")


def test_a_machine_deploys_to_itself(at_home: Story) -> None:
    story = at_home
    first = story.git("rev-parse", "HEAD")
    assert "1 node" in _stems(story, "plan")
    assert "deployed" in _stems(story, "deploy", answers="y\n")
    assert story.ask("prtr", "cat ~/.${name}rc") == "first\n"
    assert (
        story.ask("prtr", "docker ps --format '{{.Names}}' --filter name=$name-web") == f"{story.site.name}-web-web-1\n"
    )
    assert "in sync" in _stems(story, "status").lower()

    story.ask("prtr", "echo mine >>~/.${name}rc")
    assert "by hand" in _stems(story, "drift", exits=4)
    _stems(story, "deploy", "--repair", answers="y\n")
    _on_it(story, f"cd {REPOSITORY} && echo second >dotfiles/.{story.site.name}rc && git commit -qam second")
    _stems(story, "deploy", answers="y\n")
    assert story.ask("prtr", "cat ~/.${name}rc") == "second\n"
    _stems(story, "rollback", first[:12], answers="y\n")
    assert story.ask("prtr", "cat ~/.${name}rc") == "first\n"
    assert story.ask("prtr", "pgrep -u owner -f '[s]sh -o' || :") == "", "no connection was opened"


def _stems(story: Story, *words: str, exits: int = 0, answers: str = "") -> str:
    return _on_it(
        story, f"cd {REPOSITORY} && NO_COLOR=1 python3 -m stems {' '.join(words)}", exits=exits, answers=answers
    )


def _on_it(story: Story, text: str, *, exits: int = 0, answers: str = "") -> str:
    """As the owner at the keyboard of the node."""
    container = story.lab.container(story.lab.node("prtr"))
    if answers:
        text = f"printf '{answers}' | script -qec {text!r} /dev/null"
    words = ("docker", "exec", "-i", "-u", "owner", "-e", f"PYTHONPATH={PROGRAM}", container, "sh", "-c", text)
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == exits, f"{text}\n-> {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def _packages() -> Iterator[Path]:
    for folder in map(Path, {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}):
        for name in (*PACKAGES, "jinja2-*.dist-info"):
            yield from folder.glob(name)


def _send(story: Story, what: Path, to: str) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.add(what, to.lstrip("/"), filter=lambda each: None if "__pycache__" in each.name else each)
    container = story.lab.container(story.lab.node("prtr"))
    words = ("docker", "exec", "-i", container, "tar", "-x", "-C", "/")
    subprocess.run(words, input=archive.getvalue(), check=True, capture_output=True, timeout=120)
