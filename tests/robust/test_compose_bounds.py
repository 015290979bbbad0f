"""No project makes reading it crash, hang or fill the memory: it gets a finding instead."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stems.readers.written import write_yaml
from stems.tools.compose.model.project import Project
from stems.tools.compose.model.read import read_project
from stems.tools.compose.model.reading import EVERYTHING, Given
from stems.tools.compose.model.shapes.service import SERVICE


def alias_bomb() -> str:
    levels = "\n".join(f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    return f"x-0: &a0 [x]\n{levels}\n"


def in_services(body: str) -> dict[str, str]:
    return {"compose.yaml": f"services: {{a: {{image: x, {body}}}}}"}


def includes(files: int, each: str) -> Mapping[str, str]:
    """Files of which each includes the next."""
    first = {"compose.yaml": "include: [f0.yaml]"}
    return first | {f"f{n}.yaml": each.format(next=f"f{n + 1}.yaml") for n in range(files)}


FAT = ", ".join(f"A{n}: 1" for n in range(20_000))
DOUBLED = "".join(f"A{n}=$A{n - 1}$A{n - 1}\n" for n in range(1, 60))
HOSTILE: Mapping[str, Mapping[str, str]] = {
    "aliases": {"compose.yaml": alias_bomb()},
    "a deep list": {"compose.yaml": "[" * 100_000},
    "a large file": {"compose.yaml": "a" * 40_000_000},
    "a binary file": {"compose.yaml": "".join(map(chr, range(256)))},
    "a surrogate": {"compose.yaml": 'a: "\\ud800"'},
    "many extensions of one": {
        "compose.yaml": f"services:\n  b: {{image: x, environment: {{{FAT}}}}}\n"
        + "".join(f"  s{n}: {{extends: b}}\n" for n in range(500))
    },
    "a long chain of extensions": {
        "compose.yaml": "services:\n" + "".join(f"  s{n}: {{extends: s{n + 1}}}\n" for n in range(300))
    },
    "a long chain of includes": includes(100, "include: [{next}]"),
    "includes that double": includes(100, "include: [{next}, {next}]"),
    "an include of itself": {"compose.yaml": "include: [compose.yaml]"},
    "values that double": {"compose.yaml": 'services: {a: {image: "$A59"}}', ".env": f"A0=xxxxxxxxxx\n{DOUBLED}"},
    "a long value many times": in_services(f"environment: [{', '.join(['A=$B'] * 2000)}]")
    | {".env": f"B={'x' * 100_000}\n"},
    "defaults that never close": in_services(f'hostname: "{"${A:-" * 50_000}"'),
    "defaults in defaults": in_services(f'hostname: "{"${A:-" * 5_000}{"}" * 5_000}"'),
    "a mount of colons": in_services(f'volumes: ["{"a:" * 100_000}"]'),
    "a number of digits": in_services(f"scale: {'9' * 5000}"),
    "an open quote": in_services("init: true") | {".env": 'A="' + "x\n" * 50_000},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_gets_a_finding(name: str) -> None:
    assert read_project(HOSTILE[name].get, "").findings


def test_a_range_of_all_ports_is_one_entry() -> None:
    ranges = ", ".join(['"1-65535:1-65535/udp"'] * 50)
    ports = read_project(in_services(f"ports: [{ranges}, '1-3:1-3']").get, "").services["a"].ports

    assert [(port.span, len(port.numbers), port.is_certain) for port in ports] == [(65535, 65535, True)] + [
        (1, 1, True)
    ] * 3


def test_files_that_include_others_without_end_are_refused() -> None:
    def endless(path: str) -> str | None:
        return None if path.endswith(".env") else f"include: [x{path}]"

    assert "include one another" in read_project(endless, "").findings[0].message


WORDS = st.sampled_from(
    ["a", "b", "./a:/b", "80:80", "1-3:1-3", "${A:-b}", "$A", "${", "*", "!reset", "b.yaml", "~", "1s"]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), WORDS, st.text(max_size=8))
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from([*(SERVICE.keys or {}), "x-a", "imag"])
SERVICES = st.dictionaries(
    st.sampled_from(["a", "b", "c d"]), st.dictionaries(KEYS, TREES, max_size=6) | TREES, max_size=3
)
TOPS = st.sampled_from(["networks", "volumes", "secrets", "configs", "include", "name", "version", "models", "x-b"])
FILES = st.builds(
    lambda services, tops: {"services": services, **tops}, SERVICES, st.dictionaries(TOPS, TREES, max_size=3)
)


def read_every_way(files: Mapping[str, str]) -> list[Project]:
    ways = (Given(), Given(unknown=EVERYTHING, profiles=("*",)), Given({"A": "x"}, frozenset({"B"})))
    return [read_project(files.get, "", way) for way in ways]


@given(FILES, FILES, st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_tree_makes_it_raise(first: object, second: object, env: str) -> None:
    files = {
        "compose.yaml": write_yaml(first),
        "compose.override.yaml": write_yaml(second),
        "b.yaml": write_yaml(second),
    }

    for read in read_every_way({**files, ".env": env}):
        assert all(finding.place.path and finding.message for finding in read.findings)


@given(st.text(max_size=200), st.text(max_size=100))
@settings(max_examples=100, deadline=None)
def test_no_text_makes_it_raise(text: str, env: str) -> None:
    read_every_way({"compose.yaml": text, ".env": env})
