"""The play that includes the role of a node, and where it goes in the playbook of the system domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stems.configuration.text import read_text
from stems.errors import ConfigurationError
from stems.lifecycle.template import Template, template_files
from stems.readers.first_item import with_first_item
from stems.readers.yaml import read_yaml

ROLE = "node"
SWITCH = "node_setup"
"""The variable of a node that has the role; the others stay as they are."""

_PLAY = "play.yml"
_TASKS = ("pre_tasks", "tasks", "post_tasks")
_INCLUDES = tuple(
    f"{prefix}{kind}_role" for prefix in ("", "ansible.builtin.", "ansible.legacy.") for kind in ("include", "import")
)


def play_of(folder: Path | None = None) -> str:
    """As it is shipped, or as it is in a copy of the template that somebody edited."""
    if folder and (folder / _PLAY).is_file():
        return read_text(folder / _PLAY, str(folder / _PLAY))
    return next(file.text for file in template_files(Template.NODE) if file.path == _PLAY)


def with_play(text: str, path: str, play: str) -> str | None:
    """The playbook with the play before its first one, and as it is where it has the role already.

    None where the place is not certain. What is done once for all nodes comes first in a playbook, so nothing goes
    before a play that may be that.
    """
    plays = _plays(text)
    if any(_uses(plays)):
        return text
    if not plays or plays[0].get("hosts") != "all":
        return None
    return with_first_item(text, path=path, keys=(), item=play)


def asks(text: str) -> bool:
    """Whether the plays of a text have the role for those nodes alone that have the variable."""
    conditions = [str(use.get("when")) for use in _uses(_plays(text))]
    return bool(conditions) and all(SWITCH in condition for condition in conditions)


def _plays(text: str) -> tuple[Mapping[str, Any], ...]:
    """Nothing where any of them cannot be read."""
    try:
        plays = read_yaml(text, "", strict=True).value
    except ConfigurationError:
        return ()
    is_list = isinstance(plays, list) and all(isinstance(play, dict) for play in plays)
    return tuple(plays) if is_list else ()  # type: ignore[arg-type]  # each was looked at


def _uses(plays: tuple[Mapping[str, Any], ...]) -> Iterator[Mapping[str, Any]]:
    """Each place that brings the role: an item of `roles`, or a task that includes it."""
    for play in plays:
        for item in _items(play, "roles"):
            use = item if isinstance(item, dict) else {"role": item}
            if ROLE in (use.get("role"), use.get("name")):
                yield use
        for item in (item for key in _TASKS for item in _items(play, key)):
            if isinstance(item, dict) and ROLE in map(_included, (item.get(key) for key in _INCLUDES)):
                yield item


def _items(play: Mapping[str, Any], key: str) -> list[Any]:
    items = play.get(key)
    return items if isinstance(items, list) else []


def _included(given: object) -> object:
    return given.get("name") if isinstance(given, dict) else str(given).removeprefix("name=")
