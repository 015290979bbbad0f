"""A line of `.chezmoiignore` that names a source where a target is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join

from stems.model.finding import Finding, Place, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.readers.globs import ANYTHING, is_valid, matches
from stems.tools.chezmoi.attributes import directory_attributes, file_attributes
from stems.validation.dotfiles import Dotfiles, is_source_name, sources_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM320"
_SPECIAL = "*?[{\\"

PAGE = Page(
    checks="""Patterns in `.chezmoiignore` and `.chezmoiremove` with names of the source - `dot_bashrc`,
`private_dot_ssh`, `.bashrc.tmpl` - that match no target. Patterns that only match nothing yet are not meant.""",
    why="""chezmoi compares them with targets, where `dot_bashrc` is `.bashrc`. The line does nothing, and the file
that should stay away from this machine is written over the one that is there.""",
    instead="Write the name that the target has: `.bashrc`.",
    bad={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/dot_vimrc": "set number\n",
        "home/.chezmoiignore": """
            README.md
            dot_vimrc
            """,
    },
    good={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/dot_vimrc": "set number\n",
        "home/.chezmoiignore": """
            README.md
            .vimrc
            """,
    },
    also_bad=(
        {"home/dot_a": "a\n", "home/.chezmoiremove": ".old\ndot_oldrc\n"},
        {"home/dot_XCompose": "a\n", "home/.chezmoiignore": "~/.XCompose\n"},
        {"home/dot_a": "a\n", "home/.chezmoiignore": "/.a\n"},
        {"home/private_dot_ssh/config": "Host a\n", "home/.chezmoiignore": "private_dot_ssh/**\n"},
        {"home/dot_config/a/b.toml.tmpl": "a = 1\n", "home/.chezmoiignore": ".config/a/b.toml.tmpl\n"},
        {
            "home/dot_config/aerospace/a.toml": "a = 1\n",
            "home/.chezmoiignore": '{{ if ne .chezmoi.os "darwin" }}\ndot_config/aerospace\n{{ end }}\n',
        },
        {
            "dotfiles/dot_a": "a\n",
            "dotfiles/run_once_install.sh": "#!/bin/sh\n",
            "dotfiles/.chezmoiignore": "run_once_install.sh\n",
        },
        {"home/executable_backup": "#!/bin/sh\n", "home/dot_a": "a\n", "home/.chezmoiignore": "executable_backup\n"},
    ),
    also_good=(
        {"home/dot_a": "a\n", "home/.chezmoiremove": ".oldrc\n.config/old/**\nbin/private_key_tool\n"},
        {"home/dot_a": "a\n", "home/.chezmoiignore": ".bashrc\nREADME.md\n*.txt\n.config/**/cache\n"},
        {"home/dot_a": "a\n", "home/.chezmoiignore": "# dot_a is ignored\n{{ .name }}\n"},
        {"home/dot_a": "a\n", "home/literal_dot_b": "b\n", "home/.chezmoiignore": "dot_b\n"},
        {"home/dot_a": "a\n", "home/.chezmoiignore": "private_notes/**\nexecutable_x\n"},
        {"home/dot_a": "a\n", "home/.chezmoiignore": '{{ if eq .chezmoi.os "linux" }}\n.a\n{{ end }}\n!.b\n'},
    ),
)


_FROM_HOME = re.compile(r"(?:~|\$HOME|\$\{HOME\})?/(?=.)")


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        targets = {entry.target for entry in dotfiles.source.entries}
        for path, line in (*dotfiles.source.patterns, *dotfiles.source.removed):
            meant = _meant(line.pattern, targets, dotfiles)
            if from_home := _FROM_HOME.match(line.pattern):
                message = f"`{printable(line.pattern)}` matches nothing: patterns begin below the home"
                remedy = f"write `{printable(line.pattern[from_home.end() :])}`"
                yield Finding(CODE, Place(path, line.number), message, remedy, Severity.WARNING)
            elif meant:
                message = f"`{printable(line.pattern)}` is a name of the source, and patterns are about targets"
                yield Finding(CODE, Place(path, line.number), message, f"write `{printable(meant)}`", Severity.WARNING)


def _meant(pattern: str, targets: set[str], dotfiles: Dotfiles) -> str:
    """The target that a pattern of the source means, nothing where it is about targets or nobody can tell."""
    parts = pattern.split("/")
    if ANYTHING in pattern or not is_valid(pattern) or not _looks_like_source(parts):
        return ""
    if pattern in targets or any(matches(pattern, target) for target in targets):
        return ""
    meant = join(*(directory_attributes(part).name for part in parts[:-1]), _last(parts[-1]))
    is_certain = any(is_source_name(part) for part in parts)
    is_there = any(matches(meant, entry.target) for entry in dotfiles.source.entries) if is_valid(meant) else False
    return meant if meant != pattern and (is_certain or is_there) else ""


def _looks_like_source(parts: list[str]) -> bool:
    prefixes = (
        "private_",
        "executable_",
        "readonly_",
        "run_",
        "symlink_",
        "exact_",
        "empty_",
        "create_",
        "modify_",
        "encrypted_",
    )
    return any(is_source_name(part) or part.startswith(prefixes) for part in parts) or parts[-1].endswith(".tmpl")


def _last(part: str) -> str:
    if set(_SPECIAL) & set(part):
        return directory_attributes(part).name.removesuffix(".tmpl")
    return file_attributes(part).name or part


RULE = Rule(CODE, "dead-ignore", Stage.STRUCTURE, Principle.P3, PAGE, check, Severity.WARNING)
