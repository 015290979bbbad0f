"""What shells complete: names of nodes, plans and deployments as they are now; whatever fails completes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from stems.errors import StemsError

if TYPE_CHECKING:
    from stems.tools.git.repository import Repository

Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
_SHORT = 12


def completing(known: Callable[[Path], Iterable[CompletionItem]]) -> Completion:
    """The known names that begin as typed and were not given yet."""

    def complete(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
        given = context.params.get(parameter.name or "") or ()
        folder = Path(context.find_root().params.get("folder") or ".")
        try:
            return [item for item in known(folder) if item.value.startswith(typed) and item.value not in given]
        except (StemsError, OSError):
            return []

    return complete


def _nodes(folder: Path) -> Iterable[CompletionItem]:
    from stems.lifecycle.validate import read_working_tree  # noqa: PLC0415  # only a shell that completes pays for it

    nodes = read_working_tree(folder).nodes.values()
    return [CompletionItem(node.name, help=node.role or node.hostname) for node in nodes]


def _plans(folder: Path) -> Iterable[CompletionItem]:
    from stems.lifecycle.store import Store  # noqa: PLC0415

    plans = Store(_repository(folder).state_folder()).plans()
    return [CompletionItem(plan.digest[:_SHORT], help=f"{plan.purpose} {plan.commit[:8]}") for plan in plans]


def _deployments(folder: Path) -> Iterable[CompletionItem]:
    from stems.model.record import FOLDER, last_of_each  # noqa: PLC0415
    from stems.tools.git.ledger import Ledger  # noqa: PLC0415

    return [CompletionItem(name) for name in last_of_each(Ledger.of(_repository(folder)).read(FOLDER))]


def _explained(folder: Path) -> Iterable[CompletionItem]:
    from stems.validation.asked import words  # noqa: PLC0415  # no other name needs the rules

    del folder
    return [CompletionItem(word) for word in words()]


def _guided(folder: Path) -> Iterable[CompletionItem]:
    from stems.lifecycle.guide.guide import open_guide  # noqa: PLC0415

    sections = open_guide(folder.absolute()).sections
    return [CompletionItem(section.word, help=section.title) for section in sections if " " not in section.word]


def _repository(folder: Path) -> Repository:
    from stems.infrastructure.local import LocalRunner  # noqa: PLC0415
    from stems.tools.git.repository import Repository  # noqa: PLC0415

    return Repository.find(folder, LocalRunner())


nodes = completing(_nodes)
plans = completing(_plans)
deployments = completing(_deployments)
explained = completing(_explained)
guided = completing(_guided)
