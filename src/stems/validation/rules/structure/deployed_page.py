"""A file about the repository that chezmoi writes into the home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.templated import Ignored
from stems.validation.dotfiles import sources_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM321"
_ABOUT = re.compile(
    r"(?:README|LICEN[CS]E|CHANGELOG|CONTRIBUTING|AGENTS|CLAUDE)(?:\.\w+)?|(?:install|bootstrap|setup)\.sh|Makefile|justfile|"
    r"renovate\.json|package\.json|Dockerfile|docker-compose\.ya?ml|flake\.(?:nix|lock)|ansible\.cfg",
    re.IGNORECASE,
)

PAGE = Page(
    checks="""Files at the top of a chezmoi source that are about the repository - `README.md`, `LICENSE`,
`install.sh`, `Makefile` - and that `.chezmoiignore` does not name.""",
    why="`chezmoi apply` writes them as `~/README.md` and so on, on every machine.",
    instead="Name them in `.chezmoiignore`, or move the dotfiles into a folder that `.chezmoiroot` names.",
    bad={"dotfiles/README.md": "# Dotfiles\n", "dotfiles/dot_bashrc": "alias ll='ls -l'\n"},
    good={
        "dotfiles/README.md": "# Dotfiles\n",
        "dotfiles/dot_bashrc": "alias ll='ls -l'\n",
        "dotfiles/.chezmoiignore": "README.md\n",
    },
    also_bad=(
        {"dot_bashrc": "a\n", "install.sh": "#!/bin/sh\n"},
        {"home/dot_bashrc": "a\n", "home/LICENSE": "MIT\n", "home/.chezmoiignore": "README.md\n"},
    ),
    also_good=(
        {".chezmoiroot": "home\n", "README.md": "# Dotfiles\n", "home/dot_bashrc": "a\n"},
        {"dot_bashrc": "a\n", "README.md": "a\n", ".chezmoiignore": "*.md\n", "config/.keep": ""},
        {"dot_bashrc": "a\n", "README.md": "a\n", ".chezmoiignore": "{{ if .x }}\nREADME.md\n{{ end }}\n"},
        {"dot_bashrc": "a\n", "dot_config/a/README.md": "a\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        for entry in dotfiles.source.at(Kind.FILE):
            if "/" not in entry.target and entry.ignored is Ignored.NO and _ABOUT.fullmatch(entry.target):
                message = f"chezmoi writes this as ~/{entry.target}"
                yield Finding(CODE, entry.place, message, "name it in `.chezmoiignore`", Severity.NOTE)


RULE = Rule(CODE, "deployed-page", Stage.STRUCTURE, Principle.P3, PAGE, check, Severity.NOTE)
