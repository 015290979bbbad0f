"""Names with their values in lines of any format: YAML, INI, TOML, JSON, XML, shell, `.netrc`, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.validation.commands import plain_name
from stems.validation.files import File
from stems.validation.secrets.names import secret_kind

_WORDS = ("pass", "pwd", "mysql", "mariadb", "psk", "secret", "token", "key", "auth", "pw", "://", ":$")
_ASSIGNED = re.compile(
    r"""(?<![\w$.%])(?<!\{\{)(?<!\$\{)["']?(?P<name>[A-Za-z_][\w.-]{1,80})["']?\]?
    [ \t]*(?:=>|:=|=|:(?=[ \t"']))[ \t]*
    (?:(?P<quote>["'])(?P<quoted>(?:(?!(?P=quote))[^\\]|\\.){0,400})(?P=quote)|(?P<bare>[^\s,;"'}\]]{1,400}))
    (?P<rest>.{0,40})""",
    re.VERBOSE,
)
_ELEMENT = re.compile(r"<(?P<name>[A-Za-z][\w.-]{1,60})>(?P<value>[^<>]{1,400})</(?P=name)>")
_PAIR_NAME = re.compile(r"""[\s-]*["']?(?:name|key|variable)["']?\s*[:=]\s*["']?(?P<name>[\w.-]+)["']?,?\s*$""", re.I)
_PAIR_VALUE = re.compile(
    r"""[\s-]*["']?value["']?\s*[:=]\s*(?P<quote>["']?)(?P<value>[^"'\s]+)(?P=quote),?\s*$""", re.I
)
_ADDRESS = re.compile(r"""\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@"'<>{}$]{0,80}:(?P<value>[^\s/@"'<>{}$]{1,200})@""", re.I)
_MACHINE = re.compile(r"\bmachine\s+\S+.*?\bpassword\s+(?P<value>\S+)|^\s*password\s+(?P<other>\S+)\s*$")
_OPTION = re.compile(
    r"""\bsshpass\s+-p\s*["']?(?P<value>[^\s"']+)"""
    r"""|\bcurl\b[^|;\n]{0,200}?\s(?:-u|--user)[ =]?["']?[\w.@-]+:(?P<other>[^\s"']+)"""
)
_FLAG = re.compile(r"""\s--(?:auth-?)?(?:token|api-?key|secret|password)[ =]["']?(?P<value>[^\s"'$]+)(?P<other>)""")
_MYSQL = re.compile(
    r"\b(?:mysql(?:dump|admin)?|mariadb(?:-dump|-admin)?)\s[^|;\n]{0,200}?(?<=\s)-p(?P<value>[^\s\"'$]{4,})(?P<other>)"
)
_SERVER = re.compile(r"""--requirepass[\s=,"']+(?P<value>[^\s"',]+)(?P<other>)""")
_ACCOUNT = re.compile(r"^[\w.@-]{1,64}:(?P<value>\$[^\s:]{8,})(?::|$)|^(?:[^:#\n]*:){4}(?P<other>[^:\s]+)$")
_HASHED = re.compile(r"""(?<![\w$])(?P<value>(?:\$\$?(?:apr1|2[aby]|5|6|y|argon2id?)\$)[^\s"',:]{20,})(?P<other>)""")
_COMMENTS = ("#", "//", ";", "--", "<!--", "* ", "REM ")
_LONGEST = 2000
_LISTS = (".htpasswd", "htpasswd", ".pgpass", ".users", "users")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One value with its name. `kind` is what it is where its place says so, whatever its name is."""

    name: str
    value: str
    line: int
    column: int
    is_quoted: bool = False
    kind: str = ""


def assignments(file: File) -> Iterator[Assignment]:
    """What may be a secret by its name or place. Comments are left out, and lines that nobody wrote."""
    name = plain_name(file.path)
    if not _may_tell(file.text) and not name.endswith(_LISTS):
        return
    waiting = ""
    for number, line in _written(file.lines):
        value = _PAIR_VALUE.match(line) if waiting else None
        if value:
            yield Assignment(waiting, value["value"], number, value.start("value") + 1, bool(value["quote"]))
        waiting = ""
        if _may_tell(line) or name.endswith(_LISTS):
            named = _PAIR_NAME.match(line)
            waiting = named["name"] if named else ""
            yield from _in_line(line, number, name)


def _written(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines that count: no comment of one line or of many, and none that only a machine can have written."""
    closing = ""
    for number, line in enumerate(lines, 1):
        start = line.lstrip()
        if closing:
            closing = "" if closing in line else closing
        elif start.startswith(("<!--", "/*")):
            closing = "-->" if start.startswith("<!--") else "*/"
            closing = "" if closing in start else closing
        elif start and not start.startswith(_COMMENTS) and len(line) <= _LONGEST:
            yield number, line


def _may_tell(text: str) -> bool:
    # Much sooner seen than that a pattern does not match.
    lowered = text.lower()
    return any(word in lowered for word in _WORDS)


def _in_line(line: str, number: int, name: str) -> Iterator[Assignment]:
    at = 0
    while found := _ASSIGNED.search(line, at):
        group = "quoted" if found["quote"] else "bare"
        kind = secret_kind(found["name"])
        # A shell takes what is right behind the sign, and runs the rest.
        is_shell = line[found.end("name") : found.start(group)] == "="
        if kind and (found["quote"] or is_shell or not _goes_on(found["rest"], line)):
            yield Assignment(found["name"], found[group], number, found.start(group) + 1, bool(found["quote"]), kind)
        # What no secret belongs to may hold another name: `Environment="DB_PASSWORD=…"`.
        at = found.end(group) if kind else found.start(group)
    for found in _ELEMENT.finditer(line):
        yield Assignment(found["name"], found["value"], number, found.start("value") + 1, is_quoted=True)
    for pattern, what, kind, files in _SAID:
        if not files or name.endswith(files):
            for found in pattern.finditer(line):
                group = "value" if found["value"] else "other"
                value = found[group].replace("$$", "$")
                yield Assignment(what, value, number, found.start(group) + 1, is_quoted=True, kind=kind)


_NETRC = (".netrc", "_netrc", "msmtprc", "fetchmailrc", "mbsyncrc")
_SAID = (
    (_MACHINE, "password of a machine", "password", _NETRC),
    (_OPTION, "password of a command", "password", ()),
    (_FLAG, "token of a command", "token", ()),
    (_MYSQL, "password of a command", "password", ()),
    (_SERVER, "password of a command", "password", ()),
    (_ADDRESS, "password in an address", "password", ()),
    (_HASHED, "password", "hash", ()),
    (_ACCOUNT, "password of an account", "password", _LISTS),
)


def _goes_on(rest: str, line: str) -> bool:
    """Whether a value without quotes has more words: a sentence, or an expression."""
    rest = rest.strip()
    if not rest or rest.startswith(("#", ",", "}", "]", ";", "//", "\\", "&&", "|", '"', "'")):
        return False
    return re.match(r"[\w.-]+=", rest) is None and not (rest.startswith("-") and "=" in line)
