"""What a template or a condition of Ansible says, as far as it follows from the repository without running anything.

Only the syntax tree that Jinja2 makes is used: nothing of the repository is evaluated by it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

_DEEPEST = 12
_MOST_STEPS = 2000
_LONGEST = 10_000
_FALSE = frozenset({"", "0", "no", "false", "off", "n", "f"})
_WORDS = frozenset({"yes", "no", "on", "off", "true", "false"})
_TRUE = frozenset({"1", "yes", "true", "on", "y", "t"})

Look = Callable[[str], tuple[object, bool]]
"""Gives the value of a name, and whether it is a template itself. Raises `UnknownError`."""


class Partly(dict[str, object]):
    """A mapping of which only some keys are known."""


class UnknownError(Exception):
    """Only Ansible, on the node, can tell."""


class UndefinedError(UnknownError):
    """Nobody defines it."""


class Evaluator:
    """Resolves values with the variables that `look` knows."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._depth = 0
        self._steps = 0

    def value(self, written: object) -> object:
        """A value with the templates in it replaced. Raises `UnknownError`."""
        if isinstance(written, list):
            return [self.value(each) for each in written]
        if isinstance(written, dict):
            return {key: self.value(each) for key, each in written.items()}
        if not isinstance(written, str) or not any(mark in written for mark in ("{{", "{%", "{#")):
            return written
        parts = _parsed(written)
        if len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData):
            return self._of(parts[0])
        return "".join(part.data if isinstance(part, nodes.TemplateData) else _text(self._of(part)) for part in parts)

    def raw(self, written: object) -> tuple[object, bool]:
        """The same, but what a list or mapping holds may stay a template: then the second is true."""
        if isinstance(written, str) and "{{" in written:
            parts = _parsed(written)
            if len(parts) == 1 and isinstance(parts[0], nodes.Name | nodes.Getattr | nodes.Getitem):
                try:
                    return self._raw(parts[0])
                except (TypeError, ValueError, RecursionError):
                    raise UnknownError from None
            return self.value(written), False
        return written, True

    def holds(self, condition: object) -> bool:
        """Whether a `when` is true. Raises `UnknownError`."""
        if isinstance(condition, list):
            return self._all([partial(self.holds, each) for each in condition])
        if isinstance(condition, str) and condition.strip().lower() in _WORDS:
            # Text to YAML 1.2, and to Ansible not.
            return is_true(condition)
        if isinstance(condition, str):
            parts = _parsed(condition if "{{" in condition else f"{{{{ {condition} }}}}")
            if len(parts) != 1 or isinstance(parts[0], nodes.TemplateData):
                raise UnknownError
            return is_true(self._of(parts[0]))
        return is_true(condition)

    def _all(self, parts: Sequence[Callable[[], object]]) -> bool:
        """One that is false is enough, whatever is not known of the others."""
        unknown: UnknownError | None = None
        for part in parts:
            try:
                if not is_true(part()):
                    return False
            except UnknownError as error:
                unknown = error
        if unknown:
            raise unknown
        return True

    def _of(self, node: nodes.Node) -> object:
        self._steps += 1
        self._depth += 1
        try:
            if self._depth > _DEEPEST * 4 or self._steps > _MOST_STEPS:
                raise UnknownError
            found = self._dispatch(node)
        except (TypeError, ValueError, RecursionError):
            raise UnknownError from None
        finally:
            self._depth -= 1
        if isinstance(found, str) and len(found) > _LONGEST:
            raise UnknownError
        return found

    def _dispatch(self, node: nodes.Node) -> object:  # noqa: PLR0911  # one for each kind of node
        match node:
            case nodes.Const():
                return node.value
            case nodes.Dict():
                return {str(self._of(pair.key)): self._of(pair.value) for pair in node.items}
            case nodes.List() | nodes.Tuple():
                return [self._of(item) for item in node.items]
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                found, is_template = self._raw(node)
                return self.value(found) if is_template else found
            case nodes.Filter() if node.node is not None:
                return self._filtered(node)
            case nodes.Concat():
                return "".join(_text(self._of(each)) for each in node.nodes)
            case nodes.CondExpr() if node.expr2 is not None:
                return self._of(node.expr1 if is_true(self._of(node.test)) else node.expr2)
        return self._logic(node)

    def _raw(self, node: nodes.Node) -> tuple[object, bool]:
        match node:
            case nodes.Name():
                found, is_template = self._look(node.name)
            case nodes.Getattr() | nodes.Getitem():
                whole, is_template = self._raw(node.node)
                key = node.attr if isinstance(node, nodes.Getattr) else self._of(node.arg)
                found = _member(whole, key)
            case _:
                return self._of(node), False
        # What is a text may be a template of a list or mapping.
        return (self.value(found), False) if is_template and isinstance(found, str) else (found, is_template)

    def _logic(self, node: nodes.Node) -> object:  # noqa: PLR0911  # one for each kind of node
        match node:
            case nodes.And():
                return self._all([lambda: self._of(node.left), lambda: self._of(node.right)])
            case nodes.Or():
                return not self._all(
                    [lambda: not is_true(self._of(node.left)), lambda: not is_true(self._of(node.right))]
                )
            case nodes.Not():
                return not is_true(self._of(node.node))
            case nodes.Compare() if len(node.ops) == 1:
                return _compared(node.ops[0].op, self._of(node.expr), self._of(node.ops[0].expr))
            case nodes.Test() if node.name in ("defined", "undefined"):
                return self._is_defined(node.node) is (node.name == "defined")
            case nodes.Add():
                left, right = self._of(node.left), self._of(node.right)
                if isinstance(left, list) and isinstance(right, list):
                    return [*left, *right]
                if isinstance(left, str) and isinstance(right, str):
                    return left + right
        raise UnknownError

    def _is_defined(self, node: nodes.Node) -> bool:
        try:
            self._of(node)
        except UndefinedError:
            return False
        return True

    def _filtered(self, node: nodes.Filter) -> object:
        if node.kwargs or node.dyn_args or node.dyn_kwargs or node.node is None:
            raise UnknownError
        if node.name in ("default", "d"):
            return self._or_default(node.node, node.args)
        known = _FILTERS.get(node.name)
        if known is None:
            raise UnknownError
        return known(self._of(node.node), *map(self._of, node.args))

    def _or_default(self, node: nodes.Node, given: Sequence[nodes.Node]) -> object:
        try:
            found = self._of(node)
        except UndefinedError:
            return self._of(given[0]) if given else ""
        is_empty_too = len(given) > 1 and is_true(self._of(given[1]))
        return self._of(given[0]) if is_empty_too and not is_true(found) else found


def is_true(value: object) -> bool:
    return value.strip().lower() not in _FALSE if isinstance(value, str) else bool(value)


def switch(value: object) -> bool | None:
    """A yes or no as Ansible reads it; None for what is neither."""
    text = str(value).strip().lower()
    return True if text in _TRUE else False if text in _FALSE else None


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[nodes.Node, ...]:
    try:
        body = _environment().parse(text).body
    except (TemplateSyntaxError, RecursionError):
        raise UnknownError from None
    if not all(isinstance(node, nodes.Output) for node in body):
        raise UnknownError
    return tuple(part for node in body for part in node.iter_child_nodes())


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(autoescape=False, keep_trailing_newline=True)  # noqa: S701  # nothing is rendered


def _text(value: object) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise UnknownError


def _member(value: object, key: object) -> object:
    if isinstance(value, Mapping):
        if key in value:
            return value[key]
        raise UnknownError if isinstance(value, Partly) else UndefinedError
    if isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    raise UnknownError


def _compared(how: str, left: object, right: object) -> bool:
    match how:
        case "eq":
            return left == right
        case "ne":
            return left != right
        case "in" | "notin" if isinstance(right, list | str | Mapping):
            return (left in right) is (how == "in")
    raise UnknownError


def _items(value: Mapping[str, Any]) -> list[dict[str, object]]:
    return [{"key": key, "value": inner} for key, inner in value.items()]


def _required(value: object, kind: type) -> Any:
    if not isinstance(value, kind):
        raise UnknownError
    return value


_FILTERS: Mapping[str, Callable[..., object]] = {
    "basename": lambda value: posixpath.basename(_text(value)),
    "dirname": lambda value: posixpath.dirname(_text(value)),
    "lower": lambda value: _text(value).lower(),
    "upper": lambda value: _text(value).upper(),
    "trim": lambda value: _text(value).strip(),
    "string": _text,
    "replace": lambda value, old, new: _text(value).replace(_text(old), _text(new)),
    "bool": is_true,
    "first": lambda value: _member(_required(value, list), 0),
    "last": lambda value: _member(_required(value, list), -1),
    "length": lambda value: len(_required(value, list)),
    "join": lambda value, by="": _text(by).join(map(_text, _required(value, list))),
    "dict2items": lambda value: _items(_required(value, dict)),
    "list": lambda value: list(_required(value, list)),
}
