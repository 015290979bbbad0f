"""What `stems init` would write, what it wrote, and as documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stems.cli.render.text import bold, columns, count, dim, one_line
from stems.lifecycle.init.begin import Begun
from stems.lifecycle.init.beside import META
from stems.lifecycle.init.manifest import FOLDER
from stems.lifecycle.init.update import Fate, Update
from stems.model.cluster import CLUSTER_FILE


def render_would(would: Begun | Update) -> Iterator[str]:
    if isinstance(would, Update):
        yield from _steps(would)
        return
    yield f"in {bold(one_line(str(would.root)))}"
    yield from _files(would)


def render_begun(begun: Begun) -> Iterator[str]:
    if begun.is_empty:
        yield "nothing to write: all of it is there"
    else:
        yield f"wrote into {bold(one_line(str(begun.root)))}"
        yield from _files(begun)
    for note in begun.notes:
        yield f"{dim(' note:')} {note}"
    yield from _beside(begun)
    yield from _next(begun)


def _beside(begun: Begun) -> Iterator[str]:
    """The two trees side by side."""
    if begun.beside:
        yield ""
        yield f"{META}/ stays as it is, and {FOLDER}/ goes with it:"
        yield from columns(begun.beside, indent="  ")
        yield ""


def _files(begun: Begun) -> Iterator[str]:
    tree = [file for file in begun.files if file.path.startswith(f"{FOLDER}/")]
    if begun.makes_repository:
        yield "  .git  a repository, without a commit"
    if begun.cluster:
        yield f"  {CLUSTER_FILE}  with {', '.join(domain.value for domain in begun.added)} under `domains`"
    yield from (f"  {file.path}" for file in begun.files if file not in tree)
    if tree:
        yield f"  {FOLDER}/  the methodology, {count(len(tree), 'file')}"
    yield from (dim(f"  {path}  is there, and stays") for path in begun.kept if not path.startswith(f"{FOLDER}/"))


def _next(begun: Begun) -> Iterator[str]:
    if begun.leaves_to_adopt:
        yield f"{dim(' next:')} this repository names machines: `stems adopt` proposes {CLUSTER_FILE} from them"
    elif begun.cluster or any(file.path == CLUSTER_FILE for file in begun.files):
        task = f"look through {CLUSTER_FILE}" if begun.names_machines else f"put your machines into {CLUSTER_FILE}"
        yield f"{dim(' next:')} {task}, then `stems validate`, and commit"
    elif not begun.is_empty:
        yield f"{dim(' next:')} read {FOLDER}/README.md, or `stems guide`, and commit"


def begun_document(begun: Begun) -> dict[str, Any]:
    return {
        "schema": "stems.init/1",
        "folder": str(begun.root),
        "written": [file.path for file in begun.files],
        "edited": [CLUSTER_FILE] if begun.cluster else [],
        "kept": list(begun.kept),
        "domains": [domain.value for domain in begun.added],
        "repository": "made" if begun.makes_repository else "there",
        "adopt": begun.leaves_to_adopt,
        "notes": list(begun.notes),
        "beside": [row._asdict() for row in begun.beside],
    }


def render_updated(update: Update) -> Iterator[str]:
    if update.is_empty:
        yield f"{FOLDER}/ is that of this version"
        return
    yield from _steps(update)
    beside = [step for step in update.steps if step.fate is Fate.BESIDE]
    if beside:
        yield f"{dim(' next:')} take from each FILE.new what you want, and remove it; then look at `git diff {FOLDER}`"
    else:
        yield f"{dim(' next:')} look at `git diff {FOLDER}`, and commit"


def _steps(update: Update) -> Iterator[str]:
    yield from columns([(f"{FOLDER}/{step.path}", step.fate.value) for step in update.steps], indent="  ")
    yield from (dim(f"  {FOLDER}/{path}  was deleted, and stays so") for path in update.deleted)


def updated_document(update: Update) -> dict[str, Any]:
    return {
        "schema": "stems.init/1",
        "folder": str(update.root),
        "update": [{"path": f"{FOLDER}/{step.path}", "fate": step.fate.name.lower()} for step in update.steps],
        "deleted": [f"{FOLDER}/{path}" for path in update.deleted],
    }
