"""What pydantic finds, in our words and with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import TYPE_CHECKING, Annotated, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel

from stems.model.finding import Finding, Place
from stems.model.names import printable
from stems.model.suggestion import did_you_mean, nearest
from stems.readers.document import Document
from stems.validation import codes

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Keys = tuple[str | int, ...]

MAX_FINDINGS = 200
MAX_SHOWN = 80

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "list_type": "a list",
}
_BOUNDS = {
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must not be empty",
    "too_long": "must have at most {max_length} entries",
}


def findings_of(errors: list[ErrorDetails], model: type[BaseModel], document: Document) -> Iterator[Finding]:
    """One finding for each error, of the first ones; a key that was only misspelt is not missing as well."""
    meant: set[Keys] = set()
    errors = sorted(errors[:MAX_FINDINGS], key=lambda error: error["type"] == "missing")
    for error in errors:
        keys = written_keys(error["loc"], document.value)
        if error["type"] == "extra_forbidden":
            known = known_keys(model, keys[:-1])
            meant.add((*keys[:-1], nearest(str(keys[-1]), known)))
            yield _unknown(keys, known, document)
        elif error["type"] != "missing":
            yield _wrong(error, keys, document)
        elif keys not in meant:
            yield _missing(keys, document)


def written_keys(loc: Keys, value: object) -> Keys:
    """The keys as they are written: without the list that the schema made of a single value."""
    keys: list[str | int] = []
    for part in loc:
        if isinstance(part, int) and not isinstance(value, list):
            continue
        keys.append(part)
        value = _inner(value, part)
    return tuple(keys)


def _inner(value: object, part: str | int) -> object:
    if isinstance(value, list) and isinstance(part, int):
        return value[part] if part < len(value) else None
    return value.get(part) if isinstance(value, dict) else None


def _unknown(keys: Keys, known: list[str], document: Document) -> Finding:
    message = f"{dotted(keys)}: unknown key{did_you_mean(str(keys[-1]), known)}"
    remedy = f"possible here: {', '.join(known)}" if known else ""
    return Finding(codes.UNKNOWN_KEY, document.key_place(*keys), message, remedy)


def _missing(keys: Keys, document: Document) -> Finding:
    where = f"{dotted(keys[:-1])}: " if keys[:-1] else ""
    place = document.key_place(*keys[:-1])
    return Finding(codes.MISSING_KEY, place, f"{where}the key `{keys[-1]}` is missing", f"add `{keys[-1]}:`")


def _wrong(error: ErrorDetails, keys: Keys, document: Document) -> Finding:
    is_key = bool(keys) and keys[-1] == "[key]"
    if is_key:
        keys = keys[:-1]
    place: Place = document.key_place(*keys) if is_key else document.place(*keys)
    subject = f"{dotted(keys)}: " if keys else ""
    return Finding(codes.WRONG_VALUE, place, f"{subject}{_problem(error)}")


def _problem(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return _not_one_of(str(error["input"]), context["expected"])
    if kind in _KINDS:
        return f"must be {_KINDS[kind]}, not {_what(error['input'])}"
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(**context)
    return error["msg"][:1].lower() + error["msg"][1:]


def _not_one_of(word: str, expected: str) -> str:
    known = [part.strip("'") for part in expected.replace(" or ", ", ").split(", ")]
    words = ", ".join(f"`{name}`" for name in known)
    return f"must be {'one of ' if len(known) > 1 else ''}{words}{did_you_mean(word, known)}"


def _what(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    kinds = {dict: "a mapping", list: "a list", str: "text", type(None): "empty"}
    return kinds.get(type(value), f"the number {value}")


def known_keys(model: type[BaseModel], keys: Keys) -> list[str]:
    """The keys that the schema has at a place."""
    annotation: object = model
    for key in keys:
        annotation = _under(annotation, key)
    annotation = _bare(annotation)
    if get_origin(annotation) is list:
        annotation = _bare(get_args(annotation)[0])
    return list(annotation.model_fields) if _is_model(annotation) else []


def _under(annotation: object, key: str | int) -> object:
    annotation = _bare(annotation)
    if _is_model(annotation):
        field = annotation.model_fields.get(str(key))
        return field.annotation if field else None
    if get_origin(annotation) is list:
        inner = get_args(annotation)[0]
        return inner if isinstance(key, int) else _under(inner, key)
    return get_args(annotation)[1] if get_origin(annotation) is dict else None


def _bare(annotation: object) -> object:
    """A type without `Annotated` and without `None`."""
    while get_origin(annotation) in (Annotated, UnionType, Union):
        annotation = next(inner for inner in get_args(annotation) if inner is not type(None))
    return annotation


def _is_model(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def dotted(keys: Keys) -> str:
    """Keys as people write them: `nodes.crtr.checks[0].mount`."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{shown(key)}" if text else shown(key)
    return text


def shown(key: str) -> str:
    """A key that may be anything, in one line of a message."""
    return printable(key[:MAX_SHOWN]).replace("\n", " ") + ("…" if len(key) > MAX_SHOWN else "")
