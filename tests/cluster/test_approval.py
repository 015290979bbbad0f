"""Approvals: for exactly one plan, for one use, by somebody whose word counts, and for nodes that did not move."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from stems.lifecycle.store import Store, read_plan
from stems.model.plan import Plan
from tests.cluster.conftest import Tell
from tests.support.story import NODES, Story

EVERYTHING = {"automatic": [], "manual": ["user", "system", "service", "network", "destructive", "unknown"]}


def test_an_approval_counts_once_for_what_was_shown(told: Tell) -> None:
    """A node that moved since, an altered, expired, foreign or used plan: exit 5, and nothing is applied."""
    with told("approval", services=False) as story:
        story.site.cluster["gates"] = EVERYTHING
        story.commit()
        alone = story.stems("deploy", exits=5)
        assert "nobody is at a terminal" in alone.err and "stems approve" in alone.err
        assert "terminal" in story.stems("approve", story.plan()["digest"], exits=5).err
        declined = story.stems("deploy", answers="n\n", exits=5)
        assert "not approved" in declined.err

        digest = story.approved()
        story.ask("drtr", "echo mine >~/.${name}rc")
        before, written = story.photographs(), _journals(story)
        moved = story.stems("deploy", digest, exits=5)
        assert "moved since" in moved.err and f".{story.site.name}rc" in moved.err
        story.assert_same(before)
        assert _journals(story) == written
        assert story.ask("drtr", "cat ~/.${name}rc") == "mine\n"
        story.ask("drtr", "rm ~/.${name}rc")

        _refused(story, digest)
        assert _journals(story) == written, "nothing of all that was begun"

        laptop = story.clone()
        shutil.copytree(story.root / ".git" / "stems", laptop / ".git" / "stems")
        story.stems("deploy", digest)
        assert "used already" in story.stems("deploy", digest, exits=5).err
        assert "used already" in story.stems("approve", digest, "--yes", exits=5).err
        assert "used already" in story.stems("deploy", digest, exits=5, root=laptop).err, "the nodes know"


def _refused(story: Story, digest: str) -> None:
    """Plans and approvals that somebody made or altered by hand."""
    folder = story.root / ".git" / "stems"
    whole = (folder / "plans" / f"{digest}.json").read_bytes()
    plan = read_plan(whole, digest)

    altered = whole.replace(b'"class":"user"', b'"class":"system"')
    assert "was altered" in _with(story, folder / "plans" / f"{digest}.json", altered, digest)
    assert "cannot be read" in _with(story, folder / "plans" / f"{digest}.json", whole[:-9], digest)
    approval = folder / "approvals" / f"{digest}.json"
    other = json.dumps({**json.loads(approval.read_bytes()), "plan": "0" * 64}).encode()
    assert "the approval is for plan 000000000000" in _with(story, approval, other, digest)
    assert "cannot be read" in _with(story, approval, b"{}", digest)

    day = timedelta(hours=25)
    changed: dict[str, Callable[[Plan], Plan]] = {
        "expired": lambda plan: replace(plan, created=plan.created - day, expires=plan.expires - day),
        "is for the cluster other": lambda plan: replace(plan, cluster="other"),
    }
    for problem, change in changed.items():
        made = change(plan)
        Store(folder).save_plan(made)
        assert problem in story.stems("approve", made.digest, "--yes", exits=5).err
        assert problem in story.stems("deploy", made.digest, exits=5).err


def _with(story: Story, path: Path, content: bytes, digest: str) -> str:
    """What `deploy` says while a file has another content."""
    was = path.read_bytes()
    path.write_bytes(content)
    said = story.stems("deploy", digest, exits=5).err
    path.write_bytes(was)
    return said


def test_only_the_listed_sign_and_only_they_change_the_list(told: Tell, tmp_path: Path) -> None:
    """A signature of a key that is not listed, or an altered one, is refused; a new list needs the old one's word."""
    with told("signed", services=False) as story:
        owner, stranger = _key(tmp_path / "owner"), _key(tmp_path / "stranger")
        story.site.cluster["gates"] = EVERYTHING
        story.site.cluster["approvers"] = [{"name": "owner", "key": _public(owner)}]
        story.commit()
        digest = story.plan()["digest"]
        unlisted = story.stems("approve", digest, "--yes", "--key", str(stranger), exits=5)
        assert "not the key of an approver" in unlisted.err
        assert "is not approved" in story.stems("deploy", digest, exits=5).err
        first_use = story.stems("approve", digest, "--yes", "--key", str(owner))
        assert "first use of `approvers`" in first_use.err and "approved by owner, signed" in first_use.err
        assert "--yes agrees to this list too" in first_use.err

        approval = story.root / ".git" / "stems" / "approvals" / f"{digest}.json"
        document = json.loads(approval.read_bytes())
        lines = document["signature"].splitlines()
        forged = "\n".join([lines[0], lines[1][:20] + "AAAA" + lines[1][24:], *lines[2:]]) + "\n"
        for signature in (forged, "", "nonsense"):
            assert _with(story, approval, json.dumps({**document, "signature": signature}).encode(), digest)
        assert _journals(story) == {node: [] for node in NODES}
        story.stems("deploy", digest)

        story.site.cluster["approvers"] = [{"name": "stranger", "key": _public(stranger)}]
        story.commit({f"dotfiles/.{story.site.name}rc": "second\n"})
        digest = story.plan()["digest"]
        assert "not the key of" in story.stems("approve", digest, "--yes", "--key", str(stranger), exits=5).err
        story.stems("approve", digest, "--yes", "--key", str(owner))
        story.stems("deploy", digest)

        story.commit({f"dotfiles/.{story.site.name}rc": "third\n"})
        digest = story.plan()["digest"]
        assert "not the key of" in story.stems("approve", digest, "--yes", "--key", str(owner), exits=5).err
        story.stems("approve", digest, "--yes", "--key", str(stranger))
        story.stems("deploy", digest)


def _key(path: Path) -> Path:
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", str(path)), check=True)
    return path


def _public(key: Path) -> str:
    return " ".join(key.with_suffix(".pub").read_text().split()[:2])


def _journals(story: Story) -> dict[str, list[dict[str, str]]]:
    return {node: story.journal(node) for node in NODES}
