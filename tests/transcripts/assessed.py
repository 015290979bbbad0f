"""What people see of an assessment, and what is proposed from one, for the repositories of the corpus."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from stems.cli.render.adopt_repository import render_written
from stems.cli.render.assess import render_assessment
from stems.cli.render.assess_markdown import render_markdown
from stems.cli.render.assessment import assessment_document
from stems.lifecycle.adopt_repository import propose_for
from stems.lifecycle.assess import assess
from stems.lifecycle.workspace import Workspace
from stems.model.assessment import LiveNode
from tests.support.scratch import Scratch
from tests.transcripts.scenes import Scene

CORPUS = Path(__file__).parents[1] / "corpus" / "repositories"
LIVE = (
    LiveNode(
        "crtr", is_known=True, hostname="cooperator", arch="aarch64", memory=8 * 1024**3, dotfiles=48, containers=6,
        units=("/etc/systemd/system/backup.service",), undeclared=("project:media", "container:watchtower"),
    ),
    LiveNode(
        "prtr", is_known=True, hostname="projector", arch="x86_64", memory=32 * 1024**3, deployed="1" * 40,
        units=(), undeclared=(), notes=("chezmoi is not there", "Docker does not answer"),
    ),
    LiveNode("drtr", is_known=False, reason="it does not answer at 192.0.2.30:22", remedy="see whether drtr is on"),
)  # fmt: skip


def repository(place: Workspace, name: str) -> Path:
    """One of the corpus as a repository of its own."""
    scratch = Scratch(place.private / name)
    shutil.copytree(CORPUS / name, scratch.root, dirs_exist_ok=True)
    scratch.git("add", "-A")
    scratch.git("commit", "-q", "-m", "Begin")
    return scratch.root


def assess_page(place: Workspace) -> Iterator[Scene]:
    colab = assess(repository(place, "colab"))
    yield Scene("Dotfiles, playbooks and services in one repository", "What exists first.", render_assessment(colab))
    yield Scene(
        "The same with its nodes", "Unknown is never nothing.", render_assessment(replace(colab, live=LIVE))
    )  # fmt: skip
    yield Scene(
        "A folder for each service", "Nothing says where they run.",
        render_assessment(assess(repository(place, "homelab"))),
    )  # fmt: skip
    yield Scene(
        "Playbooks with roles", "What is in order is said, too.", render_assessment(assess(repository(place, "roles")))
    )  # fmt: skip
    (place.private / "nothing").mkdir()
    yield Scene(
        "Nothing", "Not even a repository.", render_assessment(assess(place.private / "nothing"))
    )  # fmt: skip
    page = render_markdown(assessment_document(assess(repository(place, "dotfiles"))))
    yield Scene("A page", "`--markdown`, for a forge.", page)


def adopt_page(place: Workspace) -> Iterator[Scene]:
    proposed = propose_for(repository(place, "colab"))
    yield Scene(
        "A repository without a cluster file", "Each guess says where it comes from.", proposed.text.splitlines()
    )
    yield Scene("The same with `--write`", "What is left to do.", render_written(proposed))
