"""Tasks and handlers as they are written: which module, which arguments, and what is around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stems.model.finding import Place
from stems.readers.document import Document
from stems.tools.ansible.repository.keywords import BLOCKS, MODULES, is_keyword, short

_ARGUMENT = re.compile(r"""([A-Za-z_]\w*)=((?:\{\{.*?\}\}|"[^"]*"|'[^']*'|[^\s"'{]|\{(?!\{))*)""")
_LONGEST = 4000
_DEEPEST = 30

Keys = Mapping[str, Any]
At = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One task, handler or block.

    `role` is the folder of the role that it is in, None outside of one. `above` are the keys of what is around it in
    its file, outermost first: a play, blocks. `module` is short for those of ansible.builtin, empty for a block.
    """

    keys: Keys
    document: Document
    at: At
    file: str
    role: str | None = None
    above: tuple[Keys, ...] = ()
    is_handler: bool = False
    module: str = ""
    key: str = ""
    """The key that names the module."""

    @property
    def place(self) -> Place:
        return self.document.place(*self.at)

    @property
    def is_block(self) -> bool:
        return "block" in self.keys

    @property
    def name(self) -> str:
        return str(self.keys.get("name") or self.module or "block")

    def at_key(self, *keys: str | int) -> Place:
        """Where something below the task is written: its key, or the task."""
        return self.document.key_place(*self.at, *keys)

    def at_argument(self, name: str) -> Place:
        """Where an argument is written, however the task writes them."""
        if isinstance(self.keys.get(self.key), dict) and name in self.keys[self.key]:
            return self.at_key(self.key, name)
        if isinstance(self.keys.get("args"), dict) and name in self.keys["args"]:
            return self.at_key("args", name)
        return self.at_key(self.key) if self.key else self.place

    def arguments(self) -> dict[str, Any]:
        """The arguments of the module, without those that a variable holds."""
        written = self.keys.get(self.key)
        given = self.keys.get("args")
        found = {str(name): value for name, value in given.items()} if isinstance(given, dict) else {}
        if isinstance(written, dict):
            return {**found, **{str(name): value for name, value in written.items()}}
        if isinstance(written, str):
            if self.key in ("action", "local_action"):
                written = written.partition(" ")[2]
            return {**found, **_split(written)}
        return found

    def free_text(self) -> str:
        """What a command, a shell or an include is given without a name."""
        written = self.keys.get(self.key)
        if isinstance(written, str):
            return written.partition(" ")[2] if self.key in ("action", "local_action") else written
        found = self.arguments()
        return str(next((found[name] for name in ("cmd", "_raw_params", "file") if found.get(name)), ""))

    def says(self, key: str) -> Any:
        """What a keyword says here, or at the nearest thing around that has it."""
        return next((keys[key] for keys in (self.keys, *reversed(self.above)) if key in keys), None)


@lru_cache(maxsize=4096)
def _arguments(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value.strip("\"'")) for name, value in _ARGUMENT.findall(text))


def _split(text: str) -> dict[str, str]:
    return dict(_arguments(text)) if "=" in text and len(text) <= _LONGEST else {}


def tasks_in(
    document: Document,
    at: At,
    file: str,
    role: str | None,
    above: tuple[Keys, ...] = (),
    *,
    is_handler: bool = False,
) -> Iterator[Task]:
    """Every task of a list, and what is in its blocks."""
    found: Any = document.value
    for key in at:
        if isinstance(key, int):
            found = found[key] if isinstance(found, list) and key < len(found) else None
        else:
            found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, list) or len(above) > _DEEPEST:
        return
    for index, item in enumerate(found):
        if not isinstance(item, dict):
            continue
        module, key = module_of(item)
        task = Task(item, document, (*at, index), file, role, above, is_handler, module, key)
        yield task
        for block in BLOCKS:
            if block in item:
                yield from tasks_in(document, (*at, index, block), file, role, (*above, item), is_handler=is_handler)


def module_of(keys: Keys) -> tuple[str, str]:
    """The module of a task and the key that names it; nothing for a block, and where there is none."""
    for key in ("action", "local_action"):
        if key in keys:
            written = keys[key]
            name = written.get("module", "") if isinstance(written, dict) else str(written or "").partition(" ")[0]
            return short(str(name)), key
    if "block" in keys:
        return "", ""
    key = next((key for key in keys if not is_keyword(key)), "")
    return short(key), key


def is_surely_a_task(keys: Keys) -> bool:
    """Whether it can be nothing else: a block, or one module that is known or has a collection in its name."""
    module, _ = module_of(keys)
    return "block" in keys or module in MODULES or module.count(".") > 1


def listed(value: object) -> list[Any]:
    """A list, or the one thing that stands for one."""
    return value if isinstance(value, list) else [] if value is None else [value]
