"""Write docs/rules/ from the catalogue of rules. With `--check`: only say whether the pages are fresh."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from stems.model.principle import Principle
from stems.validation.catalogue import RULES
from stems.validation.page import Example, shown
from stems.validation.rule import Rule
from stems.validation.stage import Stage

FOLDER = Path(__file__).parent
MADE = "<!-- Made by `.venv/bin/python -m docs.rules`. Edit the rule, not this page. -->"
_LANGUAGES = {".yml": "yaml", ".yaml": "yaml", ".json": "json", ".service": "ini", ".timer": "ini", ".sh": "sh"}

INTRODUCTION = """\
What `stems validate` and `stems plan` judge a repository by, stage by stage: the first stage with an error ends the
judgement, unless `stems validate --all` asks for all of them. An **error** makes a repository unfit to be planned from,
a **warning** is worth a look, a **note** says what cannot be judged or need not be changed.

`stems explain` shows the same in a terminal: a rule by its code or name, a principle, a stage, or all that match a
pattern such as `STM5*`. A finding can be accepted with a reason, as [configuration.md](../configuration.md) says. Where
a value depends on something that only a node knows, nothing is found.

`stems validate --json` is for programs, `stems validate --sarif` for forges and editors that show findings beside the
lines. For [pre-commit](https://pre-commit.com), name this repository in `.pre-commit-config.yaml`, with the hook
`stems-validate`."""


def pages() -> dict[str, str]:
    """Every page by its name."""
    return {"README.md": _overview(), **{f"{rule.code}.md": _page(rule) for rule in RULES}}


def _overview() -> str:
    lines = ["# Rules", "", MADE, "", INTRODUCTION]
    for stage in Stage:
        found = sorted((rule for rule in RULES if rule.stage is stage), key=lambda rule: rule.code)
        lines += ["", f"## {stage.value.capitalize()}", "", stage.about]
        if found:
            lines += ["", "| code | name | severity | serves | what it checks |", "|---|---|---|---|---|"]
        lines += [_row(rule) for rule in found]
    lines += [
        "",
        "## Principles",
        "",
        "| | |",
        "|---|---|",
        *(f"| **{each.name}** | {each.value} |" for each in Principle),
    ]
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    cells = (f"[{rule.code}]({rule.code}.md)", f"`{rule.name}`", rule.severity.value, rule.principle.name)
    return f"| {' | '.join(cells)} | {_first(rule.page.checks)} |".replace(" |  |", " | |")


def _first(text: str) -> str:
    """The first sentence, as a cell of a table."""
    sentence, stop, _ = _flat(text).partition(". ")
    return f"{sentence}{stop.strip()}".replace("|", "\\|")


def _page(rule: Rule) -> str:
    page = rule.page
    about = f"{rule.severity.value.capitalize()} of the stage [{rule.stage.value}](README.md#{rule.stage.value})."
    principle = f"Serves [{rule.principle.name}](README.md#principles): {rule.principle.value}"
    return (
        "\n".join(
            [
                f"# {rule.code} {rule.name}",
                "",
                MADE,
                "",
                f"{about} {principle}",
                "",
                *("## What it checks", "", page.checks, ""),
                *("## Why it matters", "", page.why, ""),
                *("## What is found", "", *_files(page.bad)),
                *("## What is not", "", *_files(page.good)),
                *("## What to do instead", "", page.instead),
            ]
        )
        + "\n"
    )


def _files(example: Example) -> Iterator[str]:
    for path, content in example.items():
        yield from (
            f"`{path}`",
            "",
            f"```{_LANGUAGES.get(Path(path).suffix, 'text')}",
            shown(content).rstrip(),
            "```",
            "",
        )


def _flat(text: str) -> str:
    return " ".join(text.split())


def stale() -> list[str]:
    """The pages that are not what the code says, and those of rules that are gone."""
    made = pages()
    there = {path.name: path.read_text() for path in FOLDER.glob("*.md")}
    return sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))


def main(arguments: list[str]) -> int:
    made, names = pages(), stale()
    if "--check" not in arguments:
        for name in names:
            if name in made:
                (FOLDER / name).write_text(made[name])
            else:
                (FOLDER / name).unlink()
    sys.stdout.write("".join(f"docs/rules/{name}\n" for name in names))
    return 1 if names and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
