"""A name of a chezmoi source whose attributes stand in an order in which chezmoi does not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.source import Entry
from stems.validation.dotfiles import sources_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM327"

_FILES = ("encrypted", "private", "readonly", "empty", "executable")
_FOLDERS = ("remove", "external", "exact", "private", "readonly")
_KINDS = ("create", "modify", "remove", "symlink", "run")
_SCRIPTS = ("once", "onchange", "before", "after")
_WORDS = dict.fromkeys((*_KINDS, *_SCRIPTS, *_FOLDERS, *_FILES, "dot"))
_LEFT = re.compile(rf"\.(?:{'|'.join(dict.fromkeys((*_FILES, *_FOLDERS)))})_.|(?:(?:{'|'.join(_WORDS)})_)+dot_.")
_SCRIPT_LEFT = re.compile(r"(?:once|onchange)_.")
_NO_SCRIPT = re.compile(r"(?:once|onchange|before|after)_run_.")

PAGE = Page(
    checks="""Names of a chezmoi source of which an attribute is left where another one was taken off: `dot_private_a`,
`executable_private_dot_a`, `run_after_once_a.sh`, `once_run_a.sh`. `literal_` says that such a name is meant.""",
    why="""chezmoi takes attributes in one order only. `dot_private_netrc` becomes `~/.private_netrc`, which everybody
reads and no program looks for, and `run_after_once_a.sh` runs at every apply.""",
    instead="""Write `private_` before `dot_`, and `once_` before `after_`; `chezmoi chattr` puts them into their
order.""",
    bad={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/dot_private_netrc.tmpl": "machine example.com\n",
    },
    good={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/private_dot_netrc.tmpl": "machine example.com\n",
    },
    also_bad=(
        {"home/executable_private_dot_a": "a\n", "home/dot_b": "b\n"},
        {"home/dot_config/dot_exact_a/b": "a\n", "home/dot_b": "b\n"},
        {"home/private_exact_dot_a/b": "a\n", "home/dot_b": "b\n"},
        {"home/run_after_once_a.sh": "#!/bin/sh\ntrue\n", "home/dot_b": "b\n"},
        {"home/once_run_a.sh": "#!/bin/sh\ntrue\n", "home/dot_b": "b\n"},
    ),
    also_good=(
        {"home/exact_private_dot_a/b": "a\n", "home/encrypted_private_executable_dot_b.age": "b\n"},
        {"home/run_once_after_a.sh": "#!/bin/sh\ntrue\n", "home/run_after_all.sh": "#!/bin/sh\ntrue\n"},
        {"home/literal_dot_private_a": "a\n", "home/dot_b": "b\n", "home/dot_local/bin/executable_run_once": "a\n"},
        {
            "home/dot_b": "b\n",
            "home/private_notes": "a\n",
            "home/executable_private_tool": "a\n",
            "home/exactly": "a\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        told: set[str] = set()
        for entry in dotfiles.source.entries:
            name = basename(entry.place.path)
            if _is_left(entry, name) and entry.place.path not in told:
                told.add(entry.place.path)
                message = f"chezmoi makes `{entry.attributes.name}` of it: attributes stand in another order"
                place = Place(entry.place.path)
                yield Finding(CODE, place, message, f"git mv it to `{_ordered(name, entry)}`", Severity.WARNING)


def _is_left(entry: Entry, name: str) -> bool:
    if "literal_" in name or name.endswith(".literal"):
        return False
    left = entry.attributes.name
    if entry.kind is Kind.SCRIPT:
        return _SCRIPT_LEFT.match(left) is not None
    return _LEFT.match(left) is not None or _NO_SCRIPT.match(left) is not None


def _ordered(name: str, entry: Entry) -> str:
    """The same attributes as chezmoi takes them."""
    words, rest = [], name
    while (word := rest.partition("_")[0]) in _WORDS and rest != word:
        words.append(word)
        rest = rest.partition("_")[2]
    flags = _FOLDERS if entry.kind is Kind.DIR else _FILES
    order = (*_KINDS, *_SCRIPTS, *flags, "dot")
    found = sorted(dict.fromkeys(words), key=lambda word: order.index(word) if word in order else len(order))
    return "".join(f"{word}_" for word in found) + rest


RULE = Rule(CODE, "misplaced-attribute", Stage.SCHEMA, Principle.P3, PAGE, check, Severity.WARNING)
