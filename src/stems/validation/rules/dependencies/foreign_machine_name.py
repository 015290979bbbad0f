"""A name of an architecture or system that chezmoi never uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.go_template import read_go_template
from stems.validation.dotfiles import Dotfiles, sources_of
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM326"

_COMPARED = re.compile(
    r"(?<![\w.$])(?:eq|ne)[ \t]+(?:\$?\.chezmoi\.(?P<field>arch|os)[ \t]+[\"`](?P<value>[\w.-]{1,40})[\"`]"
    r"|[\"`](?P<first>[\w.-]{1,40})[\"`][ \t]+\$?\.chezmoi\.(?P<second>arch|os)\b)(?![ \t]+[\"`])"
)
_MEANT = {
    "arch": {
        "x86_64": "amd64", "x86-64": "amd64", "x64": "amd64", "aarch64": "arm64", "armv8": "arm64", "arm64v8": "arm64",
        "armv7": "arm", "armv7l": "arm", "armv6l": "arm", "armhf": "arm", "i386": "386", "i686": "386", "x86": "386",
    },
    "os": {
        "macos": "darwin", "macOS": "darwin", "osx": "darwin", "mac": "darwin", "Darwin": "darwin", "Linux": "linux",
        "debian": "linux", "ubuntu": "linux", "arch": "linux", "fedora": "linux", "win": "windows",
        "Windows": "windows", "win32": "windows",
    },
}  # fmt: skip
_MOST_IN_ONE = 20
_ALWAYS = (".chezmoiignore", ".chezmoiremove", ".chezmoiexternal", ".chezmoi.", ".chezmoitemplates")

PAGE = Page(
    checks="""`eq .chezmoi.arch "x86_64"`, `eq .chezmoi.os "macos"` and the like in templates of a chezmoi source:
chezmoi uses the names of Go, such as `amd64`, `arm64`, `linux` and `darwin`. Not where the same condition also has
the right name.""",
    why="""The condition is never true, without a word: the file lacks its part on every machine, or the wrong program
is downloaded.""",
    instead="Write `amd64`, `arm64`, `linux` or `darwin`; the distribution is `.chezmoi.osRelease.id`.",
    bad={"home/dot_profile.tmpl": '{{ if eq .chezmoi.arch "x86_64" }}\nexport FAST=1\n{{ end }}\n'},
    good={"home/dot_profile.tmpl": '{{ if eq .chezmoi.arch "amd64" }}\nexport FAST=1\n{{ end }}\n'},
    also_bad=(
        {"home/dot_a.tmpl": '{{ if and .work (eq .chezmoi.arch "aarch64") }}a{{ else }}b{{ end }}\n'},
        {"home/dot_a": "a\n", "home/.chezmoiignore": '{{ if ne .chezmoi.os "macos" }}\n.b\n{{ end }}\n'},
        {"home/run_once_a.sh.tmpl": '{{ if eq "Linux" .chezmoi.os -}}\n#!/bin/sh\n{{ end }}\n'},
        {"home/dot_a.tmpl": '{{ range .x }}{{ if eq $.chezmoi.arch "armv7l" }}a{{ end }}{{ end }}\n'},
    ),
    also_good=(
        {"home/dot_a.tmpl": '{{ if or (eq .chezmoi.arch "amd64") (eq .chezmoi.arch "x86_64") }}a{{ end }}\n'},
        {"home/dot_a.tmpl": '{{ if eq .chezmoi.arch "amd64" "x86_64" }}a{{ end }}\n'},
        {"home/dot_a.tmpl": '{{ if eq .chezmoi.osRelease.id "arch" }}a{{ end }}\n'},
        {"home/dot_a.tmpl": '{{ if eq .chezmoi.kernel.osrelease "aarch64" }}{{ .arch }}{{ end }}\n'},
        {"home/dot_a.tmpl": '{{/* eq .chezmoi.arch "x86_64" */}}{{ if eq .chezmoi.os "darwin" "linux" }}a{{ end }}\n'},
        {"home/dot_a": '{{ if eq .chezmoi.arch "x86_64" }}\n'},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    seen = set[str]()
    for dotfiles in subject.once(sources_of):
        for file in (*_templates(dotfiles), *dotfiles.special(*_ALWAYS)):
            if file.path not in seen and ".chezmoi." in file.text:
                seen.add(file.path)
                yield from _of(file)


def _templates(dotfiles: Dotfiles) -> Iterator[File]:
    for entry in dotfiles.source.entries:
        file = dotfiles.file(entry)
        if file and "template" in entry.attributes.flags and "encrypted" not in entry.attributes.flags:
            yield file


def _of(file: File) -> Iterator[Finding]:
    for action in read_go_template(file.text).actions:
        for found in islice(_COMPARED.finditer(action.content), _MOST_IN_ONE):
            field, value = found["field"] or found["second"], found["value"] or found["first"]
            meant = _MEANT[field].get(value, "")
            if meant and f'"{meant}"' not in action.content and f"`{meant}`" not in action.content:
                message = f"`.chezmoi.{field}` is never `{value}`: chezmoi calls it `{meant}`"
                yield Finding(CODE, file.at(action.offset), message, f"write `{meant}`", Severity.WARNING)


RULE = Rule(CODE, "foreign-machine-name", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
