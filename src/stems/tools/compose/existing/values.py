"""Values that must not be in the repository: which look like secrets, and their names in the node's `.env`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from stems.model.names import VARIABLE, is_name, printable
from stems.readers.interpolation import references
from stems.tools.redact import looks_secret

Path = tuple[str | int, ...]

_PLAIN = frozenset({
    "container_name", "depends_on", "devices", "env_file", "expose", "external_links", "extra_hosts", "hostname",
    "image", "links", "networks", "ports", "profiles", "restart", "secrets", "user", "volumes",
})  # fmt: skip
"""Keys of a service below which no secret is written, and where the guess would often be wrong."""

_ASSIGNED = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*=")


@dataclass(frozen=True, slots=True)
class Value:
    """A name that the node's `.env` must give, and where its value is now.

    `source` is what its value can be copied from: an environment file, or nothing.
    """

    name: str
    origin: str
    source: str = ""


@dataclass(slots=True)
class Names:
    """Names that were given, each with what it stands for: one name for equal things, another for different ones."""

    given: dict[str, object] = field(default_factory=dict)

    @classmethod
    def beside(cls, others: Iterable[str]) -> Names:
        """Without those of the cluster's variables, which have precedence over the node's `.env`."""
        return cls(dict.fromkeys(others, "the cluster"))

    def name(self, wanted: str, thing: object, *, otherwise: str) -> str:
        for name in self._candidates(wanted, otherwise):
            if self.given.setdefault(name, thing) == thing:
                return name
        raise AssertionError("candidates never end")

    def _candidates(self, wanted: str, otherwise: str) -> Iterator[str]:
        if is_name(VARIABLE, wanted):
            yield wanted
        longer = variable_name(otherwise, wanted)
        yield longer
        number = 2
        while True:
            yield f"{longer}_{number}"
            number += 1


def variable_name(*words: object) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "_", "_".join(str(word) for word in words)).strip("_").upper()
    return name if is_name(VARIABLE, name) else f"V_{name}"[:100]


def suspicious(tree: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text of a Compose document that looks like a secret, with the keys that lead to it."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _judged(value, f"{key}: ", (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            before = tree[index - 1] if index else ""
            is_option = isinstance(before, str) and before.startswith("-")
            yield from _judged(value, f"{before} " if is_option else "", (*path, index))


def _judged(value: object, before: str, path: Path) -> Iterator[tuple[Path, str]]:
    if path[:1] == ("services",) and len(path) > 2 and path[2] in _PLAIN:
        return
    if isinstance(value, Mapping | list):
        yield from suspicious(value, path)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        text = str(value)
        if is_plain_reference(text.partition("=")[2] if _ASSIGNED.match(text) else text):
            return
        if looks_secret(text) or looks_secret(before + text):
            yield path, text


def is_plain_reference(text: str) -> bool:
    """Whether a text is one variable of the environment without a default of its own, and nothing else."""
    found = list(references(text))
    return len(found) == 1 and text in {f"${found[0].name}", f"${{{found[0].name}}}"}


def wanted_name(path: Path, text: str) -> tuple[str, str]:
    """What a value would be called, and what must stay before its reference: `NAME=` in a list of variables."""
    assigned = _ASSIGNED.match(text)
    value = text[assigned.end() :] if assigned else text
    found = list(references(value))
    if len(found) == 1 and value.startswith("${") and value.endswith("}") and found[0].operator:
        return found[0].name, assigned[0] if assigned else ""
    if assigned and path[-2:-1] in {("environment",), ("args",), ("labels",)}:
        return assigned[0][:-1], assigned[0]
    if path[-2:-1] in {("environment",), ("args",)}:
        return str(path[-1]), ""
    return variable_name(*(word for word in path[1:] if word not in {"environment", "labels"})), ""


def comment(text: str) -> str:
    """What a node said as one line of a comment: a path may hold the end of a line."""
    return "# " + printable(text).replace("\n", " ")


def env_template(values: list[Value], node: str, service: str) -> str:
    """`env.template`: names without values, each with where its value is now."""
    lines = [f"# Values of {service} on {node}: they are in its `.env` there and nowhere else."]
    for origin in dict.fromkeys(value.origin for value in values):
        lines += ["", comment(f"Now {origin}"), *(f"{value.name}=" for value in values if value.origin == origin)]
    return "\n".join(lines) + "\n"
