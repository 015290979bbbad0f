"""Values held against their shape: unknown keys, wrong kinds, what is missing."""

from __future__ import annotations

import re

from stems.model.suggestion import did_you_mean
from stems.readers.substitution import Unknown
from stems.tools.compose.model.casts import CASTS
from stems.tools.compose.model.patterns import Keys, dotted
from stems.tools.compose.model.reading import Reading
from stems.tools.compose.model.shapes.shape import Shape
from stems.tools.compose.model.value import Moment, Value, plain

_CALLED = {
    "text": "text", "whole": "a whole number", "number": "a number", "truth": "`true` or `false`", "nothing": "empty",
    "list": "a list", "mapping": "a mapping",
}  # fmt: skip

# A truth is a whole number to Python, so it comes first.
_KINDS: tuple[tuple[type, str], ...] = (
    (dict, "mapping"), (list, "list"), (Unknown, "unknown"), (Moment, "date"), (bool, "truth"), (str, "text"),
    (int, "whole"), (type(None), "nothing"),
)  # fmt: skip


def conform(reading: Reading, value: Value, shape: Shape, keys: Keys = ()) -> None:
    """Refuse what is not of a shape."""
    kind = kind_of(value)
    if not _is_of(kind, shape, keys):
        message = f"{dotted(keys) or 'the file'} must be {_wanted(shape)}{_hint(value, kind, shape)}"
        reading.refuse(value.place, message, f"write {_wanted(shape)}")
    elif kind == "mapping":
        _mapping(reading, value, shape, keys)
    elif kind == "list" and shape.item is not None:
        _list(reading, value, shape, keys)
    elif problem := _scalar(value.data, shape):
        reading.refuse(value.place, f"{dotted(keys)} {problem}", f"correct the value of `{keys[-1]}`" if keys else "")


def kind_of(value: Value) -> str:
    """What a value is, in the words of the shapes."""
    data = value.data
    if isinstance(data, float):
        return "whole" if data.is_integer() else "number"
    return next(kind for type_, kind in _KINDS if isinstance(data, type_))


def _is_of(kind: str, shape: Shape, keys: Keys) -> bool:
    if kind == "unknown":
        # It is text, or what Compose makes of the text.
        return "text" in shape.kinds or CASTS.get(keys) is not None
    return kind in shape.kinds or (kind == "whole" and "number" in shape.kinds)


def _wanted(shape: Shape) -> str:
    *first, last = [_CALLED[kind] for kind in _CALLED if kind in shape.kinds]
    return f"{', '.join(first)} or {last}" if first else last


def _hint(value: Value, kind: str, shape: Shape) -> str:
    if kind == "date":
        return ": put the date in quotes"
    if kind in {"mapping", "list", "nothing", "unknown"}:
        return f", and is {'text' if kind == 'unknown' else _CALLED[kind]}"
    quotes = ": put it in quotes" if kind != "text" and "text" in shape.kinds else ""
    return f", not `{str(value.data).lower() if isinstance(value.data, bool) else value.data}`{quotes}"


def _mapping(reading: Reading, value: Value, shape: Shape, keys: Keys) -> None:
    known = shape.keys or {}
    for name, inner in value.fields.items():
        here = (*keys, name)
        if name in known:
            conform(reading, inner, known[name], here)
        elif shape.extends and name.startswith("x-"):
            continue
        elif shape.others is not None and (shape.named is None or shape.named.fullmatch(name)):
            conform(reading, inner, shape.others, here)
        elif shape.is_closed:
            _refuse_key(reading, inner, name, shape, keys)
    for name in shape.required:
        if name not in value.fields:
            reading.refuse(value.key, f"{dotted(keys)} must have `{name}`", f"add `{name}`")


def _refuse_key(reading: Reading, value: Value, name: str, shape: Shape, keys: Keys) -> None:
    meant = did_you_mean(name, shape.keys or {})
    what = f"`{name}` is no name here" if shape.others else f"Compose has no key `{name}` here{meant}"
    other = "use letters, digits, `.`, `_` and `-`" if shape.others else "remove it, or move it to where it belongs"
    remedy = "write the key that is meant" if meant else other
    reading.refuse(value.key, f"{dotted(keys)}: {what}" if keys else what, remedy)


def _list(reading: Reading, value: Value, shape: Shape, keys: Keys) -> None:
    assert shape.item is not None  # noqa: S101  # who asks has looked
    seen: set[str] = set()
    for item in value.items:
        conform(reading, item, shape.item, (*keys, "*"))
        if shape.is_unique and not isinstance(item.data, Unknown):
            text = repr(plain(item))
            if text in seen:
                reading.refuse(item.place, f"{dotted(keys)} has the same entry twice", "remove one of them")
            seen.add(text)


def _scalar(data: object, shape: Shape) -> str:
    """What is wrong with a scalar of the right kind."""
    if isinstance(data, str):
        if shape.words and data not in shape.words:
            return f"must be one of {', '.join(shape.words)}, not `{data}`"
        if shape.pattern and not re.search(shape.pattern, data):
            return f"cannot be `{data}`"
    elif isinstance(data, int | float) and not isinstance(data, bool):
        if shape.least is not None and data < shape.least:
            return f"must be at least {shape.least}"
        if shape.most is not None and data > shape.most:
            return f"must be at most {shape.most}"
    return ""
