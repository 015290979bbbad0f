"""What people do by hand: commands over SSH, loops over nodes, steps of a page that somebody types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Evidence, Part
from stems.model.finding import Place
from stems.validation.dotfiles import is_source_name
from stems.validation.files import File

_SHOWN = 3
_MOST_LINES, _MOST_FOUND = 20_000, 10_000
_SSH = re.compile(r"(?:^|[;&|(`]|\bdo|\bthen|\bsudo)\s*(?:ssh|scp|sshpass)\s+(?!-V\b|keygen)(?=\S)")
_COPY = re.compile(r"(?:^|[;&|(`]|\bdo|\bthen|\bsudo)\s*rsync\s[^#]*[\w\"'}]:[^/\s]*[/~.\w\"'$]")
_LOOP = re.compile(r"(?:^|[;&|]\s*)for\s+\w*(?:node|host|server|machine|box|\bh|\bn)\w*\s+in\s", re.IGNORECASE)
_RUN = re.compile(r"(?:^|[;&|(`]|\bdo|\bthen|\bsudo)\s*(?:docker|podman)\s+run\s(?![^#]*--rm\b)")
_SYSTEM = re.compile(
    r"(?:^|[;&|(`$]|\bdo|\bthen)\s*(?:"
    r"sudo\s+(?:apt(?:-get)?|dnf|yum|pacman|zypper|apk|systemctl|tee|cp|mv|ln|install|usermod|sed)\s|"
    r"sudo\s+(?:-\w+\s+)*(?:(?:ba)?sh\s+)?(?:\.{0,2}/\S+|\S+\.sh\b)|"
    r"(?:sudo\s+)?(?:ufw\s+(?:allow|deny|limit|reject|enable|default)|iptables\s+-[AID]|firewall-cmd\s+--add)|"
    r"(?:apt(?:-get)?|dnf|yum|zypper)\s+(?:-\S+\s+)*install\s|pacman\s+-S|"
    r"systemctl\s+(?:enable|disable|mask|daemon-reload)\b)"
)
_UP = re.compile(
    r"(?:^|[;&|(`$\"']|\bdo|\bthen|\bsudo)\s*(?:docker[ -]compose|podman-compose)\s+(?:-\S+\s+(?:[^-\s]\S*\s+)?)*up\b|"
    r"\bdocker\s+stack\s+deploy\b"
)
_LINK = re.compile(r"(?:^|[;&|(`]|\bdo|\bthen|\bsudo)\s*ln\s+(?:-\S+\s+)*-\w*s[^#]*(?:\$\{?HOME\b|[\s\"']~/)")
_FENCE = re.compile(r"^\s*(?:```|~~~)\s*(?P<language>\w*)")
_SHELLS = frozenset({"", "sh", "bash", "shell", "console", "zsh", "terminal", "shellsession", "text"})
_IN_PAGE = re.compile(r"^\s*(?:\$ )?(?:sudo\s+(?!-l\b)|ssh\s+\S+\s+\S|scp\s)")
_OVER_SSH = re.compile(r"\s*(?:\$ )?ssh\s")
_INDENTED = re.compile(r"(?: {4}|\t)\s*\S")
_MAKE = re.compile(r"(?:.*/)?(?:GNUm|M|m)akefile|(?:.*/)?\.?[jJ]ustfile")


def manual_of(look: Look) -> tuple[Part, ...]:
    """Each kind with how often it is there."""
    # What chezmoi runs nobody types.
    own = (file for file in look.scripts if not is_source_name(file.name))
    scripts = [*own, *(file for file in look.live if _MAKE.fullmatch(file.path))]
    kinds = (
        ("loops over nodes in scripts", _LOOP, _reaches),
        ("commands over SSH in scripts", _SSH, None),
        ("files copied to nodes by scripts", _COPY, None),
        ("containers started by scripts", _RUN, None),
        ("Compose projects started by scripts", _UP, None),
        ("changes to the system by scripts", _SYSTEM, None),
        ("dotfiles linked by scripts", _LINK, None),
    )
    found: list[Part] = []
    # A loop that calls ssh is one thing that somebody does.
    counted: set[Place] = set()
    for what, pattern, only in kinds:
        files = [file for file in scripts if only is None or only(file)]
        every = (one for file in files for one in _lines(file, pattern) if one.place not in counted)
        lines = list(islice(every, _MOST_FOUND))
        counted.update(one.place for one in lines)
        found += _part(what, iter(lines))
    typed = list(_of_pages(look))
    found += _part("Compose projects started by steps in pages", (one for one in typed if _deploys(one.says)))
    found += _part("steps to type in pages", (one for one in typed if not _deploys(one.says)))
    return tuple(found)


def _deploys(line: str) -> bool:
    """Whether a line starts services on another machine, which is what a deployment would do."""
    return _OVER_SSH.match(line) is not None and _UP.search(line) is not None


def _reaches(file: File) -> bool:
    return "ssh" in file.text or "scp" in file.text or "rsync" in file.text


def _lines(file: File, pattern: re.Pattern[str]) -> Iterator[Evidence]:
    for number, line in enumerate(islice(file.lines, _MOST_LINES), start=1):
        code = line[:500].lstrip("\t @-") if file.name[0] in "Mm" else line[:500]
        if not code.lstrip().startswith(("#", "echo ", "printf ")) and pattern.search(code.strip()):
            yield Evidence(file.place(number), code.strip()[:100])


def _of_pages(look: Look) -> Iterator[Evidence]:
    """Lines in code of pages that change a node; examples of how to clone or look at something are none."""
    for file in look.files:
        if (
            file.is_aside
            or not file.name.lower().endswith((".md", ".markdown"))
            or file.path.startswith((".stems/", ".meta/"))
        ):
            continue
        for number, line in _code_of(file):
            if _IN_PAGE.match(line[:500]):
                yield Evidence(file.place(number), line.strip()[:100])


def _code_of(file: File) -> Iterator[tuple[int, str]]:
    """Lines for a shell: those of a block between fences, and those of an indented one, which an empty line begins."""
    inside, counts, begins = False, False, True
    for number, line in enumerate(islice(file.lines, _MOST_LINES), start=1):
        fence = _FENCE.match(line)
        begins = not line.strip() or (begins and _INDENTED.match(line) is not None)
        if fence:
            inside, counts = not inside, fence["language"].lower() in _SHELLS
        elif counts if inside else begins and line.strip():
            yield number, line


def _part(what: str, evidence: Iterator[Evidence]) -> Iterator[Part]:
    every = tuple(islice(evidence, _MOST_FOUND))
    if every:
        yield Part(what, len(every), every[:_SHOWN])
