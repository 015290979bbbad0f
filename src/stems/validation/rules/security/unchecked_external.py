"""A download of chezmoi that nobody checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.dotfiles import sources_of
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM627"

_URL = re.compile(r"^[ \t]*[\"']?url[\"']?[ \t]*[:=][ \t]*[\"']?(?P<url>http://[^\s\"']{1,300})", re.MULTILINE)
_OWN = re.compile(
    r"http://(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[^./:]+(?:[/:]|$)|[^/]*\.(?:lan|local|internal|home\.arpa)\b)"
)
_TABLE = re.compile(r"^\[{1,2}(?P<name>.{1,200}?)\]{1,2}\s*$")
_ENTRY = re.compile(r"^(?P<name>[\"']?[^\s#\"'].{0,200}?):\s*$")

PAGE = Page(
    checks="""Entries of `.chezmoiexternal` files, and of `.chezmoiexternals/`, whose `url` begins with `http://` and
that have no `checksum`. Addresses of the own network are not meant.""",
    why="""Whoever is on the way decides what lies in the home directory afterwards, and much of it is run at the next
login.""",
    instead="Write `https://`, or give it a `checksum.sha256`.",
    bad={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/.chezmoiexternal.toml": """
            [".local/bin/tool"]
              type = "file"
              url = "http://downloads.example.com/tool"
              executable = true
            """,
    },
    good={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/.chezmoiexternal.toml": """
            [".local/bin/tool"]
              type = "file"
              url = "https://downloads.example.com/tool"
              executable = true
            """,
    },
    also_bad=(
        {
            "home/dot_a": "a\n",
            "home/.chezmoiexternal.yaml": ".vim:\n  type: archive\n  url: http://x.example.com/v.tgz\n",
        },
        {
            "home/dot_a": "a\n",
            "home/.chezmoiexternal.toml.tmpl": '{{ if .x }}\n[".a"]\nurl = "https://x.example/a"\n[".b"]\n'
            'url = "http://x.example/b"\n{{ end }}\n',
        },
        {"home/dot_a": "a\n", "home/.chezmoiexternals/b.toml": '[".b"]\ntype = "file"\nurl = "http://x.example/b"\n'},
    ),
    also_good=(
        {
            "home/dot_a": "a\n",
            "home/.chezmoiexternal.toml": '[".b"]\nurl = "http://x.example/b"\nchecksum.sha256 = "0a"\n',
        },
        {
            "home/dot_a": "a\n",
            "home/.chezmoiexternal.toml": '[".b"]\nurl = "http://x.example/b"\n[".b".checksum]\nsha256 = "0a"\n',
        },
        {
            "home/dot_a": "a\n",
            "home/.chezmoiexternal.toml": '# url = "http://x.example/b"\n[".b"]\nurl = "http://nas/b"\n',
        },
        {
            "home/dot_a": "a\n",
            "home/.chezmoiexternal.yaml": ".b:\n  url: http://x.example/b\n  checksum:\n    sha256: 0a\n",
        },
        {"home/dot_a": "a\n", "home/dot_b.toml": 'url = "http://x.example/b"\n'},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        for file in dotfiles.special(".chezmoiexternal"):
            if "http://" in file.text:
                yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    found = {line: name for line, name in enumerate(_entries(file), 1)}
    checked = {found[number] for number, line in enumerate(file.lines, 1) if "checksum" in line.partition("#")[0]}
    for each in _URL.finditer(file.text):
        place = file.at(each.start("url"))
        if not _OWN.match(each["url"]) and found.get(place.line) not in checked:
            message = "what comes over this address is not encrypted, and nothing says which file is meant"
            yield Finding(CODE, place, message, "write https://, or give it a `checksum`", Severity.WARNING)


def _entries(file: File) -> Iterator[str]:
    """For each line the entry that it belongs to: the table of TOML, or the key at the top of YAML."""
    name = ""
    for line in file.lines:
        table = _TABLE.match(line) or _ENTRY.match(line)
        if table:
            name = table["name"].removesuffix(".checksum")
        yield name


RULE = Rule(CODE, "unchecked-external", Stage.SECURITY, Principle.D2, PAGE, check, Severity.WARNING)
