"""A file of the dotfiles with expressions of chezmoi that nothing renders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.chezmoi.attributes import Kind
from stems.validation.dotfiles import sources_of
from stems.validation.dotfiles_data import Known, data_of
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM328"

_ACTION = re.compile(r"\{\{-?(?P<content>[^{}\n]{1,300})\}\}")
_OWN = re.compile(r"(?<![\w.])\.chezmoi\.[a-z]\w+")
_NAME = re.compile(r"\s*\.(?P<name>[A-Za-z_]\w{2,})\s*-?")
_ASKS = ("execute-template", "chezmoi:template", "chezmoi:modify-template")
_PAGES = (".md", ".txt", ".org", ".html")

PAGE = Page(
    checks="""Files of a chezmoi source without `.tmpl` at the end of their name that have expressions for chezmoi:
with `.chezmoi.`, or a name that the data of the source has. What is given to `chezmoi execute-template` is not
meant.""",
    why="""chezmoi copies the file as it is. `email = {{ .email }}` stands in the configuration then, and the program
takes it for the value or stops.""",
    instead="Rename it: `chezmoi chattr +template`, or `git mv` it to a name with `.tmpl`.",
    bad={
        "home/.chezmoidata.yaml": "email: me@example.com\n",
        "home/dot_gitconfig": """
            [user]
              email = {{ .email }}
            """,
    },
    good={
        "home/.chezmoidata.yaml": "email: me@example.com\n",
        "home/dot_gitconfig.tmpl": """
            [user]
              email = {{ .email }}
            """,
    },
    also_bad=(
        {"home/dot_bashrc": 'a\n{{ if eq .chezmoi.os "linux" }}\nexport A=1\n{{ end }}\n'},
        {"home/run_once_a.sh": "#!/bin/sh\necho {{ .chezmoi.hostname }}\n", "home/dot_b": "b\n"},
    ),
    also_good=(
        {"home/.chezmoidata.yaml": "name: a\n", "home/dot_a": "docker ps --format '{{ .Names }} {{ .Ports }}'\n"},
        {"home/dot_bashrc": "os() { chezmoi execute-template '{{ .chezmoi.os }}'; }\n"},
        {"home/dot_b": "b\n", "home/notes.md": "Write `{{ .chezmoi.os }}`.\n"},
        {"home/dot_b": "b\n", "home/modify_dot_c": "{{- /* chezmoi:modify-template */ -}}\n{{ .chezmoi.stdin }}\n"},
        {"home/dot_gitconfig": "[alias]\n  a = {{ .email }}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        names: frozenset[str] | None = None
        for entry in dotfiles.source.at(Kind.FILE, Kind.CREATE, Kind.SCRIPT):
            file = dotfiles.file(entry)
            if file and entry.attributes.flags.isdisjoint({"template", "encrypted"}) and _may_be_one(file):
                if names is None:
                    data = data_of(dotfiles)
                    names = data.names if data.known is not Known.NOT else frozenset()
                yield from _of(file, names)


def _may_be_one(file: File) -> bool:
    text = file.text
    return "{{" in text and not file.name.endswith(_PAGES) and not any(word in text for word in _ASKS)


def _of(file: File, names: frozenset[str]) -> Iterator[Finding]:
    for action in _ACTION.finditer(file.text):
        name = _NAME.fullmatch(action["content"])
        if _OWN.search(action["content"]) or (name and name["name"] in names):
            message = f"nothing renders `{action[0]}`: the name of the file does not end in .tmpl"
            remedy = "let it end in .tmpl: `chezmoi chattr +template`"
            yield Finding(CODE, file.at(action.start()), message, remedy, Severity.WARNING)
            return


RULE = Rule(CODE, "unrendered-template", Stage.SCHEMA, Principle.D1, PAGE, check, Severity.WARNING)
