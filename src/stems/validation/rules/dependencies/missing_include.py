"""A file that a template of chezmoi includes and that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.readers.go_template import Action, read_go_template
from stems.tools.chezmoi.source import TEMPLATES
from stems.validation.dotfiles import Dotfiles, sources_of
from stems.validation.files import File
from stems.validation.gitignored import ignores_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM325"

_PART = re.compile(r"template[ \t]+[\"`](?P<path>[^\"`\n{}$]{1,300})[\"`]")
_DEFINED = re.compile(r"\{\{-?\s*(?:define|block)\s+[\"`](?P<name>[^\"`\n]{1,300})[\"`]")
_NAMED = re.compile(r"(?<![\w.$])(?P<word>include|includeTemplate)[ \t]+[\"`](?P<path>[^\"`\n{}$]{1,300})[\"`]")
_DELIMITERS = "chezmoi:template:"

PAGE = Page(
    checks="""`{{ include "NAME" }}` and `{{ includeTemplate "NAME" }}` with a name that is written out, in templates of
a chezmoi source, where neither the source nor `.chezmoitemplates` has such a file. So it is with
`{{ template "NAME" }}`, unless a `define` has the name.""",
    why="""chezmoi stops at this target with `no such file or directory`, and what comes after it in the order of names
is not written.""",
    instead="Name the file as the source calls it, with its attributes: `dot_config/app/theme.conf`.",
    bad={
        "home/dot_bashrc.tmpl": '{{ include "shell/aliases.sh" }}\n',
        "home/dot_shell/aliases.sh": "alias ll='ls -l'\n",
    },
    good={
        "home/dot_bashrc.tmpl": '{{ include "dot_shell/aliases.sh" }}\n',
        "home/dot_shell/aliases.sh": "alias ll='ls -l'\n",
    },
    also_bad=(
        {"home/dot_a.tmpl": '{{ includeTemplate "gone.tmpl" . }}\n', "home/.chezmoitemplates/here.tmpl": "a\n"},
        {"home/dot_a.tmpl": '{{- template "gone.tmpl" . -}}\n', "home/.chezmoitemplates/here.tmpl": "a\n"},
        {"home/run_onchange_a.sh.tmpl": '#!/bin/sh\n# {{ include ".packages" | sha256sum }}\n', "home/dot_b": "b\n"},
        {"home/dot_a.tmpl": "{{- $x := include `dot_gone` -}}{{ $x }}\n"},
    ),
    also_good=(
        {
            "home/dot_a.tmpl": '{{ template "here.tmpl" . }}{{ template "sub/x" }}{{ define "y" }}a{{ end }}'
            '{{ template "y" }}{{ block "z" . }}a{{ end }}{{ template "z" }}\n',
            "home/.chezmoitemplates/here.tmpl": "a\n",
            "home/.chezmoitemplates/sub/x": "a\n",
        },
        {"compose/web.tmpl": '{{ template "head" . }}\n', "home/dot_a": "a\n"},
        {"home/dot_a.tmpl": '{{ includeTemplate "here.tmpl" . }}\n', "home/.chezmoitemplates/here.tmpl": "a\n"},
        {"home/run_onchange_a.sh.tmpl": '# {{ include "Brewfile" | sha256sum }}\n', "home/Brewfile": "a\n"},
        {"home/dot_a.tmpl": '{{ include "/etc/hostname" }}{{ include (joinPath .chezmoi.homeDir "x") }}\n'},
        {"home/dot_a.tmpl": '{{ include "secret.txt" }}\n', ".gitignore": "secret.txt\n"},
        {"home/dot_a.tmpl": '{{/* include "gone" */}}{{ "include `gone`" }}\n'},
        {"home/dot_a.tmpl": '{{ define "x" }}a{{ end }}{{ includeTemplate "x" }}{{ include "~/.b" }}\n'},
        {"home/dot_a.tmpl": '{{ if stat "b" }}{{ include "b" }}{{ end }}\n'},
        {".chezmoiroot": "home\n", "home/dot_a.tmpl": '{{ include "dot_b" }}\n', "home/dot_b": "b\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        for entry in dotfiles.source.entries:
            file = dotfiles.file(entry)
            if file and "template" in entry.attributes.flags and "encrypted" not in entry.attributes.flags:
                yield from _of(subject, dotfiles, file)


def _of(subject: Subject, dotfiles: Dotfiles, file: File) -> Iterator[Finding]:
    # A template that looks for it first knows that it may be gone.
    if ("include" not in file.text and "template" not in file.text) or _DELIMITERS in file.text or "stat " in file.text:
        return
    for action in read_go_template(file.text).actions:
        part = _PART.match(action.content)
        if part and part["path"] not in subject.once(_defined) and not _is_template(dotfiles, part["path"]):
            yield _finding(file, action, part["path"], "is no template here")
        # Behind a text that was written out before, the words may be in another one.
        found = _NAMED.search(action.content)
        if found is None or not {'"', "`"}.isdisjoint(action.content[: found.start()]):
            continue
        if not _may_be_there(subject, dotfiles, file, found["word"], found["path"]):
            yield _finding(file, action, found["path"], "is not in the source")


def _finding(file: File, action: Action, name: str, said: str) -> Finding:
    message = f"{printable(name)} {said}, so that chezmoi stops here"
    remedy = "name a file of the source, with its attributes"
    if "template" in said:
        remedy = f"add it to {TEMPLATES}, or correct its name"
    return Finding(CODE, file.at(action.offset), message, remedy, Severity.WARNING)


def _is_template(dotfiles: Dotfiles, name: str) -> bool:
    return any(
        normpath(join(folder, TEMPLATES, name)) in dotfiles.files for folder in (dotfiles.source.root, dotfiles.top)
    )


def _defined(subject: Subject) -> frozenset[str]:
    """The names of every `define`, in whichever template it stands."""
    texts = (file.text for file in subject.files if "define" in file.text or "block" in file.text)
    return frozenset(found["name"] for text in texts for found in _DEFINED.finditer(text))


def _may_be_there(subject: Subject, dotfiles: Dotfiles, file: File, word: str, path: str) -> bool:
    if path.startswith(("/", "~")) or ".." in path.split("/"):
        return True
    root, ignores = dotfiles.source.root, subject.once(ignores_of)
    folders = {root, dotfiles.top, *((join(root, TEMPLATES),) if word == "includeTemplate" else ())}
    paths = [normpath(join(folder, path)) for folder in folders]
    is_own = word == "includeTemplate" and ("define" in file.text or "block" in file.text)
    return is_own or any(each in dotfiles.files or each in ignores for each in paths)


RULE = Rule(CODE, "missing-include", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
