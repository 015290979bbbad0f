"""Lines of the repository that a shell runs, for rules about what commands do. Comments and what is only printed are no
commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename
from string import ascii_letters, digits

from stems.model.finding import Place
from stems.tools.chezmoi.attributes import file_attributes
from stems.tools.chezmoi.source import SCRIPTS
from stems.validation.files import File
from stems.validation.patterns import any_of
from stems.validation.subject import Subject
from stems.validation.templated import ENDINGS

_SIGNS = (
    "curl", "wget", "chmod", "git ", "npm ", "GIT_SSL", "NODE_TLS", "StrictHostKeyChecking", "UserKnownHostsFile",
    "ADD http", "umask", "mkdir", "install", "HOST_KEY_CHECKING", "@latest", "git+http",
)  # fmt: skip
_SHELLS = re.compile(r"#![^\n]*\b(?:ba|da|z|k|fi|a)?sh\b")
_SCRIPTS = any_of(
    "*.sh", "*.bash", "*.zsh", "*.ksh", "*.fish", "*.profile", "PKGBUILD", "*.envrc", "justfile", "Justfile",
    ".bashrc", ".bash_profile", ".bash_aliases", ".bash_logout", ".profile", ".zshrc", ".zshenv", ".zprofile",
    ".aliases",
    ".functions", ".xinitrc", ".xprofile", ".kshrc", ".envrc", "bashrc", "zshrc", "aliases",
)  # fmt: skip
_BUILDS = any_of("Dockerfile*", "*.dockerfile", "Containerfile*", "Makefile", "GNUmakefile", "*.mk")
_UNITS = any_of("*.service", "*.container")
_TELLS = re.compile(r"\s*(?:-\s+)?(?:name|msg|description|title|comment|summary|help|fail_msg|success_msg)\s*:", re.I)
_UNIT_KEY = re.compile(r"Exec\w*\s*=\s*[@+!:-]*")
_PRINTS = re.compile(
    r"(?:^|[;&|({]|\b(?:then|do|else)\b)\s*[@-]?(?:echo|printf|print|log|log_\w+|info|warn|warning|error|err|die|fail|say|ok|"
    r"msg|message|note|success|usage|abort|notify-send|logger)\b"
)
# A shell goes on with a text in the next line where nothing closes it in this one.
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*+\"?|'[^']*'")
_HEREDOC = re.compile(r"(?<!<)<<-?\s*(?P<quote>['\"]?)(?P<end>\w+)(?P=quote)")
_DATA = re.compile(r"\b(?:cat|tee|echo|read|sed|awk|python3?|perl|mail|sendmail|psql|mysql)\b")
_OTHERS = (".py", ".rb", ".pl", ".ps1", ".nu", ".js", ".lua", ".bat", ".cmd", ".exe")
_NO_COMMANDS = (
    *_OTHERS,
    ".md",
    ".json",
    ".txt",
    ".conf",
    ".toml",
    ".ini",
    ".css",
    ".html",
    ".svg",
    ".ts",
    ".go",
    ".xml",
)
_YAML = (".yml", ".yaml")
_CLOUD = "#cloud-config"
"""How YAML for a new machine begins, whatever its file is called."""
_TABLES = re.compile(r"(?:^|/)(?:cron\.d/[\w.-]+|[\w.-]*crontabs?(?:/[\w.-]+)?)$")
_BEFORE_COMMAND = re.compile(
    r"(?:^|[;&|({`\"'=:>-]|\b(?:sudo|then|do|else|exec|time|env|if|while|until|retry|xargs|timeout \w+)|\s-\w+|\w=\S+)"
    r"\s*$"
)
_OF_PATHS = f"{ascii_letters}{digits}/._"
_MOST_JOINED = 40
_MOST_BEFORE_SHEBANG = 40
_LONGEST = 4000
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A command line as its shell reads it: what `\\` continued is one line, and its number is that of the first."""

    file: File
    number: int
    text: str

    def runs(self, offset: int) -> bool:
        """Whether what begins there is a command. In YAML it may also be a word of a text for people."""
        before = self.text[:offset]
        if before.endswith("/"):
            # A command may be named with its folder.
            before = before.rstrip(_OF_PATHS)
        return (
            not (self.file.name.endswith(_YAML) or self.file.text.startswith(_CLOUD))
            or _BEFORE_COMMAND.search(before) is not None
        )

    def place(self, said: str) -> Place:
        """Where a part of the line is written, as far as its first words stand in the first line of the file."""
        start = said.strip()[:_SHOWN]
        return self.file.place(self.number, self.file.line(self.number).find(start) + 1 if start else 0)


def command_lines(subject: Subject) -> tuple[Line, ...]:
    """The lines of scripts, images, units and steps in YAML, of files with a word that a rule looks for."""
    found: list[Line] = []
    for file in subject.files:
        if _may_be_read(file) and any(sign in file.text for sign in _SIGNS):
            found += lines_of(file)
    return tuple(found)


def _may_be_read(file: File) -> bool:
    return not file.name.endswith(_NO_COMMANDS) and not file.is_documentation and not file.is_aside


def lines_of(file: File) -> Iterator[Line]:
    """The command lines of one file, none where no shell reads it."""
    name = plain_name(file.path)
    if name.endswith(_YAML) or file.text.startswith(_CLOUD):
        yield from (line for line in _joined(file) if not _TELLS.match(line.text))
    elif _UNITS.fullmatch(name):
        yield from (line for line in _joined(file) if _UNIT_KEY.match(line.text))
    elif _BUILDS.fullmatch(name) or _TABLES.search(file.path) or is_script(file):
        yield from _joined(file)


def shell_lines(file: File) -> Iterator[Line]:
    """The lines of a file that a shell runs unless its name or first line says another program."""
    name, start = plain_name(file.path), file.text[:200]
    if not name.endswith(_OTHERS) and (_SHELLS.search(start) or "#!" not in start):
        yield from _joined(file)


def is_script(file: File) -> bool:
    name, first = plain_name(file.path), _first_line(file)
    if _SCRIPTS.fullmatch(name) is not None or _SHELLS.match(first) is not None:
        return True
    return _is_of_chezmoi(file) and not name.endswith((*_NO_COMMANDS, *_YAML)) and not first.startswith("#!")


def _is_of_chezmoi(file: File) -> bool:
    """Whether chezmoi runs it, whatever it is called behind its attributes."""
    return file.name.startswith("run_") or f"/{SCRIPTS}/" in f"/{file.path}"


def _first_line(file: File) -> str:
    """The first line behind actions and comments of a template, which leave nothing of themselves."""
    is_comment = False
    for line in file.text[:_LONGEST].lstrip("\ufeff").split("\n", _MOST_BEFORE_SHEBANG)[:_MOST_BEFORE_SHEBANG]:
        text = line.strip()
        if is_comment or text.startswith(("{{/*", "{{- /*")):
            is_comment, text = "*/" not in text, text.partition("*/")[2].partition("}}")[2].strip()
        while text.startswith("{{") and "}}" in text:
            text = text.partition("}}")[2].strip()
        if text:
            return text
    return ""


def plain_name(path: str) -> str:
    """The name that a file gets where it is deployed, as far as its own says: without endings of templates."""
    name = basename(path)
    if name.startswith(("dot_", "run_", "private_", "executable_", "modify_", "create_", "encrypted_", "readonly_")):
        name = file_attributes(name).name
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name


def _joined(file: File) -> Iterator[Line]:
    lines, number = file.lines, 0
    while number < len(lines):
        first, text = number, ""
        while True:
            part = without_comment(lines[number]) if len(lines[number]) <= _LONGEST else ""
            text += part.removesuffix("\\") if part.endswith("\\") else part
            number += 1
            if not part.endswith("\\") or number >= len(lines) or number - first > _MOST_JOINED:
                break
        if text.strip() and len(text) <= _LONGEST:
            yield Line(file, first + 1, _without_printed(text))
        number = _after_heredoc(text, lines, number)


def without_comment(line: str) -> str:
    """A line up to a `#` that begins a word outside of quotes."""
    if "#" not in line:
        return line
    if line.lstrip().startswith("#"):
        return ""
    blank = _QUOTED.sub(lambda found: "x" * len(found[0]), line)
    end = next((found.start() for found in re.finditer(r"(?<=\s)#", blank)), len(line))
    return line[:end].rstrip()


def _without_printed(text: str) -> str:
    """A line whose quoted texts are gone where they are only printed."""
    printed = _PRINTS.search(text)
    if printed is None:
        return text
    return text[: printed.end()] + _QUOTED.sub('""', text[printed.end() :])


def _after_heredoc(text: str, lines: list[str], number: int) -> int:
    """Where commands go on: behind a text that is only written somewhere."""
    found = _HEREDOC.search(text) if "<<" in text else None
    if found is None or not _DATA.search(text.replace(found[0], "")):
        return number
    for at in range(number, len(lines)):
        if lines[at].strip() == found["end"]:
            return at + 1
    return number
