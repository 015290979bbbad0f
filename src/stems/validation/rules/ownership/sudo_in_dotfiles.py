"""A script of the dotfiles that changes the system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.commands import shell_lines
from stems.validation.dotfiles import sources_of
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM322"
_SUDO = re.compile(
    r"(?:^|[;&|(`]|\}\}|\b(?:then|do|else|exec|if|while|time|env|xargs)\s|!\s)\s*(?:\w+=\S*\s+)*"
    r"(?P<word>sudo|doas|pkexec|run0)\s+(?!-[vVhKkn]+\s*(?:$|[;&|]|true\b)|--(?:version|help)\b)\S"
)

PAGE = Page(
    checks="""`sudo`, `doas` and `pkexec` in scripts of chezmoi (`run_…`), also in templates. Comments, what is only
printed and a look for the program are not meant.""",
    why="""Dotfiles belong to one account. What such a script installs and writes belongs to the whole node, where a
playbook may say something else: then each undoes the other, in the order in which they run. It also asks for a
password where nobody is there to type it.""",
    instead="Move that part to the system domain: a role that installs the packages.",
    bad={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/run_once_install.sh": """
            #!/bin/sh
            sudo apt-get install -y tmux
            """,
    },
    good={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/run_once_install.sh": """
            #!/bin/sh
            command -v tmux >/dev/null || echo "tmux is missing: ask for it with sudo apt install tmux"
            """,
    },
    also_bad=(
        {"home/.chezmoiscripts/run_once_a.sh.tmpl": "#!/bin/bash\n{{ if .a -}}\nsudo dnf install jq\n{{ end }}\n"},
        {"home/run_after_a.sh": "#!/bin/sh\nif ! command -v zsh; then sudo pacman -S zsh; fi\n", "home/dot_a": "a\n"},
        {"home/run_onchange_a.sh": "#!/bin/sh\necho x | sudo tee /etc/x >/dev/null\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh.tmpl": "{{- if .a }}\n#!/bin/sh\nA=x sudo -E apt-get -y upgrade\n{{- end }}\n"},
    ),
    also_good=(
        {"home/run_once_a.sh": "#!/bin/sh\n# sudo apt install x\necho 'run sudo apt install x'\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\ncommand -v sudo >/dev/null && echo yes\n", "home/dot_a": "a\n"},
        {"home/dot_bashrc": "alias update='sudo apt update'\nsudo() { command sudo \"$@\"; }\n"},
        {"home/run_once_a.sh": "#!/bin/sh\ncat <<EOF\nsudo apt install x\nEOF\n", "home/dot_a": "a\n"},
        {"bin/a.sh": "#!/bin/sh\nsudo apt install x\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        for entry, file in dotfiles.scripts():
            if "encrypted" not in entry.attributes.flags:
                yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    lines = [(line, found) for line in shell_lines(file) if (found := _SUDO.search(line.text))]
    if lines:
        line, found = lines[0]
        more = f" ({len(lines)} lines)" if len(lines) > 1 else ""
        message = f"a script of the dotfiles changes the system with {found['word']}{more}"
        remedy = "move this part to the system domain"
        yield Finding(CODE, line.place(found["word"]), message, remedy, Severity.WARNING)


RULE = Rule(CODE, "sudo-in-dotfiles", Stage.OWNERSHIP, Principle.D4, PAGE, check, Severity.WARNING)
