"""Templates of Ansible, read with Jinja's own parser and never rendered: their mistakes, and the names in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stems.tools.ansible.repository.plain_jinja import read_plain

MARKS = ("{{", "{%", "{#")
_HEADER = re.compile(r"^#jinja2:(.*)\r?\n?")
_SETTING = re.compile(r"""(\w+)\s*:\s*(?:'([^']*)'|"([^"]*)"|(True|False))""")
_STRINGS = (
    "block_start_string", "block_end_string", "variable_start_string", "variable_end_string", "comment_start_string",
    "comment_end_string", "line_statement_prefix", "line_comment_prefix",
)  # fmt: skip
_NO_NAMES = frozenset({"true", "false", "none", "True", "False", "None", "not", "and", "or", "if", "else", "in", "is"})
_LONGEST = 200_000
_DEEPEST = 60
_GUARDS = frozenset({"default", "d", "mandatory"})
_TESTS = frozenset({"defined", "undefined"})

Delimiters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What is in a template.

    `names` are those that it takes from outside, `guarded` the ones that may be undefined. `problem` says in which
    line Jinja stops, and why.
    """

    names: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()
    problem: str = ""
    line: int = 0


NOTHING = Parsed()


def is_template(text: str) -> bool:
    return any(mark in text for mark in MARKS)


def parse_text(text: str) -> Parsed:
    """A value of a playbook or of variables."""
    if not is_template(text) or len(text) > _LONGEST:
        return NOTHING
    return _parse(text, ())


def parse_expression(text: str) -> Parsed:
    """A condition, which is written without braces."""
    if is_template(text):
        return parse_text(text)
    return _parse(f"{{{{ {text} }}}}", ()) if text.strip() and len(text) <= _LONGEST else NOTHING


def parse_template(text: str) -> Parsed:
    """A file that is a template; its first line may give it other delimiters."""
    if len(text) > _LONGEST:
        return NOTHING
    header = _HEADER.match(text)
    if not header:
        return _parse(text, ()) if is_template(text) else NOTHING
    settings = {key: single or double for key, single, double, _ in _SETTING.findall(header[1])}
    delimiters = tuple((key, settings[key]) for key in _STRINGS if settings.get(key))
    found = _parse(text[header.end() :], delimiters)
    return Parsed(found.names, found.guarded, found.problem, found.line + 1 if found.line else 0)


# A template is read for what is wrong in it, and again for what it names.
@lru_cache(maxsize=32768)
def _parse(text: str, delimiters: Delimiters) -> Parsed:
    plain = None if delimiters else read_plain(text)
    if plain:
        return Parsed(*plain)
    from jinja2 import TemplateSyntaxError  # noqa: PLC0415  # who has no template does not wait for Jinja

    try:
        tree = _environment(delimiters).parse(text)
    except TemplateSyntaxError as error:
        return Parsed(problem=(error.message or "cannot be read").rstrip("."), line=error.lineno)
    except (RecursionError, ValueError, AssertionError, OverflowError):
        return NOTHING
    try:
        return _names(tree)
    except RecursionError:
        return NOTHING


@lru_cache(maxsize=16)
def _environment(delimiters: Delimiters) -> Any:
    from jinja2 import Environment  # noqa: PLC0415  # see above

    options: dict[str, Any] = dict(delimiters)
    # Nothing is rendered, so nothing needs to be escaped.
    return Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], **options)  # noqa: S701


def _names(tree: Any) -> Parsed:
    from jinja2 import nodes  # noqa: PLC0415  # see above

    used: set[str] = set()
    own: set[str] = {"loop", "self", "super", "caller", "varargs", "kwargs"}
    guarded: set[str] = set()
    for node in _walk(tree, 0):
        if isinstance(node, nodes.Name):
            (used if node.ctx == "load" else own).add(node.name)
        elif isinstance(node, nodes.Macro):
            own.add(node.name)
        elif isinstance(node, nodes.Import):
            own.add(node.target)
        elif isinstance(node, nodes.FromImport):
            own.update(name if isinstance(name, str) else name[1] for name in node.names)
        elif (isinstance(node, nodes.Filter) and node.name in _GUARDS) or (
            isinstance(node, nodes.Test) and node.name in _TESTS
        ):
            guarded.update(inner.name for inner in _walk(node, 0) if isinstance(inner, nodes.Name))
    return Parsed(frozenset(used - own) - _NO_NAMES, frozenset(guarded))


def _walk(node: Any, depth: int) -> Iterator[Any]:
    yield node
    if depth < _DEEPEST:
        for inner in node.iter_child_nodes():
            yield from _walk(inner, depth + 1)
