"""Diffs that people may read: values that look like secrets are taken out, or nothing is shown."""

from __future__ import annotations

import base64
import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from urllib.parse import quote

from stems.model.names import printable

REDACTED = "‹redacted›"  # noqa: RUF001  # quotes that no configuration format uses
MAX_DIFF = 256 * 1024
"""Characters of one side that are compared: beyond it a diff is neither readable nor cheap."""

_CONTEXT = 3
_SHORTEST_SECRET = 3
_LONGEST_LINE = 2000  # patterns take quadratic time at worst
_HIGH_ENTROPY = 4.0
_NEAR = 10

_ANYWHERE = r"(?<!no)(?:password|passwd|passphrase|secret|token)s?"
_WORDS = (
    r"pass|passcode|pwd|pw|(?:api|private|access|preshared|encryption|secret|signing|host|shared)[_-]?keys?|"
    r"credentials?|psk|pin|otp|salt|pepper|auth|authorization|cookie|bearer|webhook(?:[_-]?url)?|requirepass|masterauth"
)
# A name ends at a separator of words: `DB_PASSWORD`, `dbKey` and `password2` count, `passwordless` does not.
_NAME = rf"(?:{_ANYWHERE}|(?<![a-z])(?:{_WORDS})|(?-i:(?<=[a-z])(?:Pass|Key)))"
_NAMED = rf"{_NAME}(?:[_-]?(?:\d+|b64|base64|base|hash|plain|value|old|new))?"
_ASSIGNMENT = re.compile(rf"""{_NAMED}["']?\s*(?::=|=>|[:=])\s*(?P<value>.*)$""", re.IGNORECASE)
_ELEMENT = re.compile(rf"<[\w:.-]*?{_NAMED}(?:\s[^<>]*)?>\s*(?P<value>.*)$", re.IGNORECASE)
# `name: DB_PASSWORD` with its `value` on the same line, or on another of the same mapping.
_ENTRY = rf"""\b(?:name|key|variable)["']?\s*[:=]\s*["']?[\w.-]*?{_NAMED}["']?"""
_PAIR = re.compile(rf"""{_ENTRY}[,;\s]+["']?value["']?\s*[:=]\s*(?P<value>.*)$""", re.IGNORECASE)
_ENTRY_NAME = re.compile(rf"""[\s-]*["']?{_ENTRY}[,\s]*$""", re.IGNORECASE)
_ENTRY_VALUE = re.compile(r"""[\s-]*["']?value["']?\s*[:=]\s*(?P<value>.*)$""", re.IGNORECASE)
_OPTION = re.compile(
    rf"""(?:(?<!\S)--?[\w-]*?{_NAME}\s+(?P<value>\S.*)|(?:^\s*{_NAME}|\s{_ANYWHERE})\s+(?P<last>\S+)\s*)$""",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"""["']?(?:|</[\w:.-]+>|yes|no|true|false|on|off|none|null|~|\{|\[|\{\}|\[\]|[|>][+-]?\d*|never|always|prohibit-password|
    \$\{?\w+(?::?\?[^}]*)?\}?|!vault\s*\|?|/[\w./@+-]*|\./[\w./@+-]*|~/[\w./@+-]*)["']?\s*[,;]?\s*(?:\#.*)?""",
    re.IGNORECASE | re.VERBOSE,
)
_BLOCK = re.compile(r"(?:[|>][+-]?\d*|[{\[]|)\s*(?:#.*)?")
_SHAPES = re.compile(
    r"""AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|
    sk-[\w-]{16,}|[rs]k_(?:live|test)_\w{10,}|AIza[\w-]{30,}|tskey-[\w-]{10,}|hvs\.[\w-]{16,}|npm_\w{30,}|pypi-[\w-]{30,}|
    eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|AGE-SECRET-KEY-1\w+|
    \$(?:1|2[abxy]?|5|6|7|y|gy|argon2\w*|apr1|scrypt|pbkdf2[\w-]*)\$[^\s:"']+|
    (?<=://)[^\s/@:]*:[^\s/@]+(?=@)|(?<=bearer\s)\S+|(?<=basic\s)[A-Za-z0-9+/=]{8,}""",
    re.IGNORECASE | re.VERBOSE,
)
_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_PUBLIC = re.compile(
    r"(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-\S+|sk-\S+@openssh\.com)\s+AAAA\S+|sha(?:256|512)[:-]\S+", re.I
)
_UNSHOWABLE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|PuTTY-User-Key-File|openssh-key-v1|\x00")
_SECRET_FILES = re.compile(
    r"(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_\w+)?|\.netrc|\.pgpass|\.my\.cnf|g?shadow-?|\.?htpasswd|.*\.(?:key|p12|pfx|jks|kdbx|gpg|keytab))"
)


def redacted_diff(before: str, after: str, *, path: str, secrets: Collection[str] = ()) -> str:
    """A unified diff without secret-looking values, empty when it cannot be proven clean.

    The texts are compared as they are, so that a changed secret still shows as a changed line.
    """
    if before == after or not _showable(before, path) or not _showable(after, path):
        return ""
    known = _forms(secrets)
    lines = list(_unified(_lines(before), _lines(after), known))
    text = "\n".join([f"--- {printable(path)}", f"+++ {printable(path)}", *lines]) + "\n"
    return "" if any(form in text for form in known) else text


def looks_secret(text: str, *, path: str = "") -> bool:
    """Whether some value in the text looks like a secret, or the file holds nothing else: its digest must be keyed."""
    if is_secret_path(path) or _UNSHOWABLE.search(text):
        return True
    return any(REDACTED in line for line in _redacted(_lines(text), ()))


def redacted(text: str, *, secrets: Collection[str] = ()) -> str:
    """Text that a tool said, without secret-looking values; nothing of a text that holds a private key."""
    if _UNSHOWABLE.search(text):
        return REDACTED
    return "".join(_redacted(_lines(text), _forms(secrets)))


def is_secret_path(path: str) -> bool:
    """Whether a file of that name holds nothing but secrets."""
    return _SECRET_FILES.fullmatch(PurePosixPath(path).name) is not None


def _showable(text: str, path: str) -> bool:
    return len(text) <= MAX_DIFF and not _UNSHOWABLE.search(text) and "\ufffd" not in text and not is_secret_path(path)


def _forms(secrets: Collection[str]) -> tuple[str, ...]:
    """Each secret as it may be written: plain, line by line, quoted, in base64. The longest come first."""
    forms: set[str] = set()
    for secret in secrets:
        parts = {secret, secret.strip(), *secret.splitlines()}
        for part in parts:
            forms |= {part, quote(part, safe=""), json.dumps(part)[1:-1], base64.b64encode(part.encode()).decode()}
    return tuple(sorted((form for form in forms if len(form) >= _SHORTEST_SECRET), key=lambda form: (-len(form), form)))


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _unified(before: list[str], after: list[str], known: tuple[str, ...]) -> Iterator[str]:
    shown_before, shown_after = list(_redacted(before, known)), list(_redacted(after, known))
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_CONTEXT):
        (_, a_start, _, b_start, _), (_, _, a_end, _, b_end) = group[0], group[-1]
        yield f"@@ -{_range(a_start, a_end)} +{_range(b_start, b_end)} @@"
        for tag, i, i_end, j, j_end in group:
            if tag == "equal":
                pairs = zip(shown_before[i:i_end], shown_after[j:j_end], strict=True)
                yield from _prefixed(" ", [old if REDACTED in old else new for old, new in pairs])
                continue
            yield from _prefixed("-", shown_before[i:i_end])
            yield from _prefixed("+", shown_after[j:j_end])


def _range(start: int, end: int) -> str:
    # An empty range is placed after the line before it.
    return f"{start + (end > start)},{end - start}"


def _prefixed(prefix: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield prefix + printable(line.removesuffix("\n"))
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _redacted(lines: list[str], known: tuple[str, ...]) -> Iterator[str]:
    """Each line without secrets, and without what goes on below a secret's name, as in `password: |`."""
    owner, quotation = -1, ""
    values = _entry_values(lines)
    for number, line in enumerate(lines):
        body = line.rstrip("\n")
        start = _start(body)
        if quotation or not body.strip() or _is_below(body, owner):
            quotation = "" if quotation in body else quotation
            body = body[: len(body) - len(body.lstrip())] + (REDACTED if body.strip() else "")
        else:
            match = _ENTRY_VALUE.match(body) if number in values else _named_value(body)
            owner = start if match and _goes_on(match) else -1
            quotation = _open_quotation(match["value"]) if match else ""
            body = _redacted_line(body, known, (_ENTRY_VALUE,) if number in values else ())
        yield body + ("\n" if line.endswith("\n") else "")


def _start(line: str) -> int:
    """Where the key of a line is: an item of a list is what follows its dash."""
    match = re.match(r"\s*(?:- +)*", line)
    return match.end() if match else 0


def _is_below(line: str, owner: int) -> bool:
    # A list may stand at the indent of its own key.
    indent = len(line) - len(line.lstrip())
    return owner >= 0 and (indent > owner or (indent == owner and line[indent:].startswith(("- ", "-\t"))))


def _named_value(line: str) -> re.Match[str] | None:
    if len(line) > _LONGEST_LINE:
        return None
    return _ASSIGNMENT.search(line) or _ELEMENT.search(line) or _PAIR.search(line)


def _goes_on(match: re.Match[str]) -> bool:
    """Whether lines that are indented deeper belong to the value."""
    # `secrets:` is where Compose lists the names of secrets.
    if _BLOCK.fullmatch(match["value"]):
        return match.string[: match.start("value")].strip(" -:\"'") != "secrets"
    return not _HARMLESS.fullmatch(match["value"]) and not match.string.lstrip().startswith("<")


def _open_quotation(value: str) -> str:
    mark = value[:1]
    return mark if mark in {"'", '"'} and mark not in value[1:] else ""


def _entry_values(lines: list[str]) -> frozenset[int]:
    """The lines that hold the `value` of an entry whose `name`, on another line, is a secret's."""
    values = {number for number, line in enumerate(lines) if _ENTRY_VALUE.match(line)}
    if not values:
        return frozenset()
    starts = [_start(line) for line in lines]
    names = (n for n, line in enumerate(lines) if len(line) <= _LONGEST_LINE and _ENTRY_NAME.match(line))
    return frozenset(other for name in names for other in _entry(lines, starts, name) if other in values)


def _entry(lines: list[str], starts: list[int], number: int) -> Iterator[int]:
    """The other keys of the mapping that a line is in, as far as they are near."""
    start = starts[number]
    for step in (-1, 1):
        for at in range(number + step, number + step * _NEAR, step):
            later = at - min(step, 0)
            if not 0 <= at < len(lines) or starts[at] < start:
                break
            if starts[later] <= start and lines[later].lstrip().startswith("- "):
                break
            if starts[at] == start:
                yield at


def _redacted_line(line: str, known: tuple[str, ...], more: tuple[re.Pattern[str], ...] = ()) -> str:
    if len(line) > _LONGEST_LINE:
        return REDACTED
    for form in known:
        line = line.replace(form, REDACTED)
    line = _SHAPES.sub(REDACTED, line)
    for pattern in (*more, _ASSIGNMENT, _ELEMENT, _PAIR, _OPTION):
        match = pattern.search(line)
        if match and not _HARMLESS.fullmatch(match[match.lastgroup or 0]):
            return line[: match.start(match.lastgroup or 0)] + REDACTED
    public = [match.span() for match in _PUBLIC.finditer(line)]
    return _TOKEN.sub(lambda match: _unless_public(match, public), line)


def _unless_public(match: re.Match[str], public: list[tuple[int, int]]) -> str:
    if any(start <= match.start() < end for start, end in public):
        return match[0]
    return REDACTED if _is_random(match[0]) else match[0]


def _is_random(token: str) -> bool:
    """Letters of both cases and digits without words or folders in them, as generated secrets have."""
    classes = sum(1 for pattern in ("[a-z]", "[A-Z]", "[0-9]") if re.search(pattern, token))
    if re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", token):
        return len(token) >= 32 and classes > 1
    entropy = -sum(n / len(token) * math.log2(n / len(token)) for n in Counter(token).values())
    return classes == 3 and entropy >= _HIGH_ENTROPY and token.count("/") <= len(token) / 12
