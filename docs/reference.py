"""Write docs/configuration.md and docs/commands.md from the code. With `--check`: only say whether they are fresh."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from stems.cli.app import app
from stems.cli.command import COMMANDS, STAGES, Declared
from stems.configuration.schema_json import json_schema
from stems.errors import MEANINGS
from stems.readers.quantities import DURATION, SHARE, SIZE

DOCS = Path(__file__).parent
MADE = "<!-- Made by `.venv/bin/python -m docs.reference`. Edit the code or that script, not this page. -->"
WIDTH = 100

Schema = dict[str, Any]
Part = tuple[str, str]
"""Where a mapping is written, and the name of its definition."""


# --- config/cluster.yml


def configuration_page() -> str:
    schema = json_schema()
    lines = [
        "# Reference of `config/cluster.yml`",
        "",
        MADE,
        "",
        (DOCS / "configuration.intro.md").read_text().strip(),
        "",
        "## The file",
        "",
        *_table(schema, schema["$defs"]),
    ]
    for title, definition in _parts(schema):
        part = schema["$defs"][definition]
        lines += ["", f"## {title}", "", part["description"], "", *_table(part, schema["$defs"])]
    return "\n".join(lines) + "\n"


def _parts(schema: Schema) -> list[Part]:
    """Every mapping in reading order. One that is written in several places is told once, with all of them."""
    places: dict[str, list[str]] = {}
    for place, definition in _below("", schema, schema["$defs"]):
        places.setdefault(definition, []).append(f"`{place}`")
    return [(", ".join(written), definition) for definition, written in places.items()]


def _below(place: str, part: Schema, definitions: Schema) -> Iterator[Part]:
    for key, value in part.get("properties", {}).items():
        for definition, suffix in _definitions(value).items():
            inner = f"{place}.{key}{suffix}".lstrip(".")
            yield inner, definition
            yield from _below(inner, definitions[definition], definitions)


def _definitions(value: Schema) -> dict[str, str]:
    """The definitions that a value refers to, each with what stands behind its key."""
    if "$ref" in value:
        return {value["$ref"].rpartition("/")[2]: ""}
    found: dict[str, str] = {}
    for inner in value.get("anyOf", []):
        found = {**_definitions(inner), **found}
    if isinstance(value.get("items"), dict):
        found |= {name: "[]" for name in _definitions(value["items"])}
    if isinstance(value.get("additionalProperties"), dict):
        found |= {name: ".NAME" for name in _definitions(value["additionalProperties"])}
    return found


def _table(part: Schema, definitions: Schema) -> Iterator[str]:
    yield from ("| key | value | default | meaning |", "|---|---|---|---|")
    for key, value in part["properties"].items():
        meaning = value.get("description") or definitions[value["$ref"].rpartition("/")[2]]["description"]
        default = "required" if key in part.get("required", []) else _default(value)
        yield f"| `{key}` | {_kind(value)} | {default} | {meaning} |".replace(" |  |", " | |")


def _kind(value: Schema) -> str:  # noqa: PLR0911  # one return for each kind of value
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " or ".join(f"`{word}`" for word in value["enum"])
    if value.get("pattern") in _PATTERNS:
        return _PATTERNS[value["pattern"]]
    kinds = [_kind(inner) for inner in value.get("anyOf") or value.get("oneOf") or [] if inner.get("type") != "null"]
    if kinds:
        return " or ".join(kinds)
    if value.get("type") == "array":
        return f"list of {_kind(value['items'])}"
    if value.get("type") == "integer":
        return f"{value['minimum']} to {value['maximum']}" if "maximum" in value else "number"
    return "text" if value.get("type") == "string" else "mapping"


_PATTERNS = {
    f"^({DURATION})$": "duration, as `10s` or `2m`",
    f"^({SIZE})$": "size, as `512M`",
    f"^({SHARE}|{SIZE})$": "share, as `10%`, or size",
}


def _default(value: Schema) -> str:
    default = value.get("default")
    if default in (None, [], {}) or isinstance(default, dict):
        return ""
    if value.get("pattern") == f"^({DURATION})$":
        return f"`{default:g}s`"
    return f"`{json.dumps(default)}`" if not isinstance(default, str) else f"`{default}`"


# --- commands


def commands_page() -> str:
    lines = [
        "# Commands",
        "",
        MADE,
        "",
        (DOCS / "commands.intro.md").read_text().strip(),
        "",
        "## Exit codes",
        "",
        "| code | meaning |",
        "|---|---|",
        *(f"| {code.value} | {meaning} |" for code, meaning in MEANINGS.items()),
        "",
        "A code that is not listed means failure.",
    ]
    for stage in STAGES:
        for declared in COMMANDS:
            if declared.stage == stage:
                lines += ["", *_command(declared)]
    return "\n".join(lines) + "\n"


def _command(declared: Declared) -> Iterator[str]:
    context = click.Context(app, info_name="stems", **app.context_settings)
    command = app.get_command(context, declared.name)
    assert command is not None  # noqa: S101  # a house test loads every declared command
    yield from (f"## `stems {declared.name}`", "", declared.summary, "", "```text", _help(command, context), "```")
    if isinstance(command, click.Group):
        inside = click.Context(command, parent=context, info_name=declared.name)
        for name, inner in sorted(command.commands.items()):
            if not inner.hidden:
                yield from ("", f"### `stems {declared.name} {name}`", "", "```text", _help(inner, inside), "```")


def _help(command: click.Command, parent: click.Context) -> str:
    context = click.Context(command, parent=parent, info_name=command.name, terminal_width=WIDTH)
    return command.get_help(context).strip()


# --- both

PAGES = {"configuration.md": configuration_page, "commands.md": commands_page}


def stale() -> list[str]:
    """The pages that are not what the code says."""
    return [name for name, made in PAGES.items() if not (DOCS / name).exists() or (DOCS / name).read_text() != made()]


def main(arguments: list[str]) -> int:
    pages = stale()
    if "--check" not in arguments:
        for name in pages:
            (DOCS / name).write_text(PAGES[name]())
    sys.stdout.write("".join(f"docs/{name}\n" for name in pages))
    return 1 if pages and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
