"""A template of the dotfiles that uses data which nothing defines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.go_template import Action, read_go_template
from stems.validation.dotfiles import Dotfiles, sources_of
from stems.validation.dotfiles_data import Data, Known, data_of
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM324"
_TEXTS = re.compile(r'"(?:[^"\\\n]|\\.)*+"?|`[^`]*`?')
_FIELD = re.compile(r"(?<![\w.)\]$])(?P<root>\$)?\.(?P<name>[A-Za-z_]\w*)(?P<below>(?:\.[A-Za-z_]\w*)*)")
_ASKED_FOR = re.compile(r'\b(?:hasKey|get|dig|index)\b[^}\n]{0,300}?["`](?P<name>\w+)["`]')
_DELIMITERS = "chezmoi:template:"
_MOVES_DOT, _HAS_NO_ROOT = {"with", "range"}, {"define", "block"}
_OF_CHEZMOI = frozenset({
    "arch", "args", "cacheDir", "command", "commandDir", "config", "configFile", "destDir", "executable",
    "fqdnHostname", "gid", "group", "homeDir", "hostname", "kernel", "os", "osRelease", "pathListSeparator",
    "pathSeparator", "rawHomeDir", "sourceDir", "sourceFile", "stdin", "targetFile", "uid", "username", "version",
    "windowsVersion", "workingTree",
})  # fmt: skip
_NEAR, _NEARLY_SAME, _MOST_NAMES = 0.8, 0.88, 500

PAGE = Page(
    checks="""`{{ .name }}` in templates of chezmoi where neither `.chezmoidata`, nor the template of chezmoi's
configuration, nor the variables of the cluster have a `name`. Where the template of the configuration is not in the
repository, it is a note, unless the name is nearly a known one, and nothing where a page names it. So it is with
`.name.inner`, where `name` is a mapping in `.chezmoidata`, and with `.chezmoi.name`, which chezmoi gives a value.
Names inside of `with` and `range`, and those that `hasKey` asks for, are not meant.""",
    why="""chezmoi stops with `map has no entry for key`, on the machine where it is applied: what comes later in
the order of names is not written.""",
    instead="Add it to `.chezmoidata.yaml` or to `[data]` of `.chezmoi.toml.tmpl`, or correct its name.",
    bad={
        "home/.chezmoidata.yaml": "editor: vim\n",
        "home/.chezmoi.toml.tmpl": """
            [data]
              email = "me@example.com"
            """,
        "home/dot_gitconfig.tmpl": """
            [user]
              email = {{ .emial }}
            """,
    },
    good={
        "home/.chezmoidata.yaml": "editor: vim\n",
        "home/.chezmoi.toml.tmpl": """
            [data]
              email = "me@example.com"
            """,
        "home/dot_gitconfig.tmpl": """
            [user]
              email = {{ .email }}
            """,
    },
    also_bad=(
        {
            "home/.chezmoi.toml.tmpl": "[data]\nwork = false\n",
            "home/.chezmoiignore": "{{ if not .distrobox }}\n.bashrc\n{{ end }}\n",
            "home/dot_bashrc": "a\n",
        },
        {"home/.chezmoi.yaml.tmpl": "data:\n  email: a@b.c\n", "home/dot_a.tmpl": "{{ if .work }}\na\n{{ end }}\n"},
        {"home/.chezmoidata.toml": "hostname = 'a'\n", "home/dot_a.tmpl": "{{ .hostnam }}\n"},
        {
            "home/.chezmoi.toml.tmpl": "[data]\nemail = 'a'\n",
            "home/dot_a.tmpl": "{{ range .chezmoi.x }}{{ $.theme }}{{ end }}\n",
        },
        {"home/.chezmoi.toml.tmpl": "[data.git]\nemail = 'a'\n", "home/dot_a.tmpl": "{{ .gti.email }}\n"},
        {"home/.chezmoidata.yaml": "colors: {bg: black}\n", "home/dot_a.tmpl": "{{ .colors.bg }}{{ .colors.fg }}\n"},
        {
            "home/.chezmoidata/a.toml": "[apt.cli]\na = ['b']\n",
            "home/dot_a.tmpl": "{{ range .apt.gui }}{{ . }}{{ end }}\n",
        },
        {"home/dot_a.tmpl": "{{ .chezmoi.hostnme }}\n"},
        {"home/dot_a.tmpl": '{{ if eq .chezmoi.distro "debian" }}a{{ end }}\n'},
    ),
    also_good=(
        {
            "home/.chezmoidata/a.yaml": "colors: {bg: black}\nhosts: [{name: a}]\nboth: {x: 1}\nfree: {x: 1}\n",
            "home/.chezmoidata/b.yaml": "both: {y: 1}\n",
            "home/.chezmoi.toml.tmpl": "[data.free]\ny = 1\n",
            "home/dot_a.tmpl": "{{ .colors.bg }}{{ .both.y }}{{ .free.y }}{{ (index .hosts 0).name }}"
            '{{ if hasKey .colors "fg" }}{{ .colors.fg }}{{ end }}{{ .chezmoi.osRelease.id }}\n',
        },
        {
            "home/.chezmoidata.yaml": "email: a\npackage: b\n",
            "home/dot_a.tmpl": "{{ .gmail }}{{ .email2 }}{{ .packages }}\n",
            "README.md": "Write `gmail`, `email2` and `packages` into ~/.config/chezmoi/chezmoi.toml.\n",
        },
        {"home/dot_a.tmpl": "{{ .email }} {{ .chezmoi.hostname }}\n"},
        {
            "home/.chezmoi.toml.tmpl": '{{ $e := promptStringOnce . "email" "?" }}\n[data]\nemail = {{ $e }}\n',
            "home/dot_a.tmpl": "{{ .email }}{{ with .email }}{{ .anything }}{{ end }}{{ $x := .email }}{{ $x.b }}\n",
        },
        {
            "home/.chezmoi.toml.tmpl": "[data]\na = 1\n",
            "home/dot_a.tmpl": '{{ if hasKey . "work" }}{{ .work }}{{ end }}\n',
        },
        {
            "home/.chezmoi.toml.tmpl": "[data]\na = 1\n",
            "home/dot_a.tmpl": '{{ "a .b c" }}{{/* .d */}}{{ (index .a 0).e }}\n',
        },
        {
            "home/.chezmoi.toml.tmpl": "[data]\na = 1\n",
            "home/dot_a.tmpl": '{{ define "x" }}{{ .b }}{{ end }}{{ .a.b.c }}\n',
        },
        {
            "home/.chezmoidata/a.yaml": "fonts: []\n",
            "home/.chezmoidata/b.json": '{"c": 1}\n',
            "home/dot_a.tmpl": "{{ .fonts }}{{ .c }}\n",
        },
        {
            "home/.chezmoi.toml.tmpl": "[data]\na = 1\n",
            "home/.chezmoitemplates/x": "{{ .anything }}\n",
            "home/dot_a": "a\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        data = data_of(dotfiles)
        # What people have to write by themselves, a page says.
        pages = "\n".join(file.text for file in subject.files if file.is_documentation)
        for file in _templates(dotfiles):
            yield from _of(file, data, pages)


def _templates(dotfiles: Dotfiles) -> Iterator[File]:
    for entry in dotfiles.source.entries:
        file = dotfiles.file(entry)
        if file and "template" in entry.attributes.flags and "encrypted" not in entry.attributes.flags:
            yield file
    # chezmoi reads these as templates whatever they are called.
    yield from dotfiles.special(".chezmoiignore", ".chezmoiremove", ".chezmoiexternal")


def _of(file: File, data: Data, pages: str) -> Iterator[Finding]:
    if "{{" not in file.text or _DELIMITERS in file.text:
        return
    asked = {found["name"] for found in _ASKED_FOR.finditer(file.text)}
    seen: set[str] = set()
    for action in read_go_template(file.text).actions:
        for path in _paths(action):
            name = path[0]
            if name not in data.names:
                if name not in asked and name not in seen:
                    yield from _found(file, action, name, data, pages)
                seen.add(name)
            elif ".".join(path) not in seen and asked.isdisjoint(path):
                seen.add(".".join(path))
                yield from _below(file, action, path, data)


def _paths(action: Action) -> Iterator[list[str]]:
    """The names of data that an action uses, each with those below it."""
    if not _HAS_NO_ROOT.isdisjoint(action.around):
        return
    is_moved = not _MOVES_DOT.isdisjoint(action.around)
    for found in _FIELD.finditer(_TEXTS.sub('""', action.content)):
        if found["root"] or not is_moved:
            yield [found["name"], *found["below"].split(".")[1:]]


def _below(file: File, action: Action, path: list[str], data: Data) -> Iterator[Finding]:
    """What chezmoi itself, or a mapping in a file of data, does not have."""
    if path[0] == "chezmoi":
        lacking, known = next((name for name in path[1:2] if name not in _OF_CHEZMOI), ""), sorted(_OF_CHEZMOI)
        said = f"chezmoi has no `.chezmoi.{lacking}`"
    else:
        lacking, known = data.lacks(path) if data.known is not Known.NOT else "", []
        said = f"nothing in the repository defines `.{'.'.join(path[: path.index(lacking) + 1])}`" if lacking else ""
    if lacking:
        near = get_close_matches(lacking, known, n=1, cutoff=_NEAR)
        remedy = f"write `.chezmoi.{near[0]}`" if near else "define it, or correct its name"
        yield Finding(CODE, file.at(action.offset), said, remedy, Severity.WARNING)


def _found(file: File, action: Action, name: str, data: Data, pages: str) -> Iterator[Finding]:
    known = sorted(data.names)[:_MOST_NAMES]
    near = get_close_matches(name, known, n=1, cutoff=_NEAR)
    place, said = file.at(action.offset), f"nothing in the repository defines `.{name}`"
    if near and (data.known is Known.WHOLLY or _is_typo(name, near[0])):
        yield Finding(CODE, place, said, f"write `.{near[0]}`, or define it", Severity.WARNING)
    elif data.known is Known.WHOLLY:
        yield Finding(CODE, place, said, "add it to `.chezmoidata.yaml`, or to the configuration", Severity.WARNING)
    elif data.known is Known.PARTLY and not re.search(rf"\b{re.escape(name)}\b", pages):
        message = f"{said}: only the configuration of a machine could"
        remedy = "add it to `.chezmoidata.yaml`, or ask for it in `.chezmoi.toml.tmpl`"
        yield Finding(CODE, place, message, remedy, Severity.NOTE)


def _is_typo(name: str, known: str) -> bool:
    """Whether a name is no other one: `email2` and `packages` may well stand beside `email` and `package`."""
    if sorted(name) == sorted(known):
        return True
    is_other = name.rstrip("s0123456789_") == known.rstrip("s0123456789_")
    return not is_other and bool(get_close_matches(name, [known], cutoff=_NEARLY_SAME))


RULE = Rule(
    CODE,
    "undefined-template-data",
    Stage.DEPENDENCIES,
    Principle.P3,
    PAGE,
    check,
    Severity.WARNING,
    needs_every_file=True,
)
