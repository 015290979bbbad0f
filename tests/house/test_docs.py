"""What is written about stems is true where a machine can tell: links, generated pages, commands, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from docs.reference import stale
from docs.rules import __main__ as rules
from docs.screen import settled
from stems.cli.app import app
from stems.cli.command import COMMANDS
from stems.configuration.load import load_cluster

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for glob in ("*.md", *(f"{top}/**/*.md" for top in ("docs", "changelog", "examples")))
    for path in ROOT.glob(glob)
)
DECISIONS = sorted(path for path in (ROOT / "docs" / "decisions").glob("*.md") if path.name != "README.md")
HEADINGS = ["Context", "Decision", "Consequences"]
# Nodes of a lab have an account `owner`.
MACHINES_PATH = re.compile(r"(?<![\w.~$-])/(?:root|work|tmp/w|home/(?!owner/)\w+|Users)/\S*")
NAMES = {declared.name for declared in COMMANDS}
MOST_LINES = 60


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ (.+)$", without_code(page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"`[^`\n]*`", "", without_code(page.read_text()))
    yield from (link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_and_anchors_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_names_only_commands_that_exist(page: Path) -> None:
    for line in typed(page.read_text()):
        words = line.split("#")[0].split()
        while words and words[0] == "-C":
            del words[:2]
        if words and re.fullmatch(r"[a-z]+", words[0]):
            require_command(words)


def typed(text: str) -> Iterator[str]:
    """What follows `stems` in code, inside a line and in blocks."""
    yield from re.findall(r"`stems ([^`\n]+)`", without_code(text))
    for block in re.findall(r"^```.*?^```$", text, re.DOTALL | re.MULTILINE):
        yield from re.findall(r"^(?:\$ )?stems ([^\n]+)$", block, re.MULTILINE)


def require_command(words: list[str]) -> None:
    assert words[0] in NAMES, f"stems {words[0]}"
    command = app.get_command(click.Context(app), words[0])
    if isinstance(command, click.Group) and len(words) > 1 and re.fullmatch(r"[a-z][a-z-]*", words[1]):
        assert words[1] in command.commands, " ".join(words)
        command = command.commands[words[1]]
    assert command
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    asked = {word.split("=")[0] for word in words if word.startswith("--")}
    assert asked <= known, f"stems {' '.join(words)}: no option {asked - known}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_names_no_path_of_one_machine(page: Path) -> None:
    assert not MACHINES_PATH.findall(page.read_text())


def test_the_cluster_file_in_the_readme_is_valid() -> None:
    blocks = re.findall(r"^```yaml\n(version: 1.*?)^```$", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)

    assert [load_cluster(block).name for block in blocks] == ["home"]


def test_generated_pages_are_fresh() -> None:
    assert stale() == [], "run `.venv/bin/python -m docs.reference`"
    assert rules.stale() == [], "run `.venv/bin/python -m docs.rules`"


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_has_its_three_parts_on_one_page(page: Path) -> None:
    text = page.read_text()

    assert re.match(rf"# {page.name[:4]} [A-Z]|# {page.name[:4]} pydantic", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert len(text.splitlines()) <= MOST_LINES


def test_decisions_are_numbered_and_listed() -> None:
    listed = re.findall(r"\]\((\d{4}[\w-]*\.md)\)", (ROOT / "docs" / "decisions" / "README.md").read_text())

    assert listed == [page.name for page in DECISIONS]
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = [(page.parent / link.partition("#")[0]).resolve() for link in links(page)]
        waiting += [target for target in targets if target.suffix == ".md" and target.exists()]
    pages = {page for page in PAGES if "unreleased" not in page.parts and not page.name.endswith(".intro.md")}

    assert pages <= reached, sorted(map(name, pages - reached))


def test_a_session_shows_what_is_left_on_the_screen() -> None:
    said = "a spinner\r\x1b[2K\x1b[1mnode\x1b[0m\r\none …\r\ntwo\r\x1b[1A\x1b[2Kone ✓\r\ntwo ✓\r\n"

    assert settled(said) == ["node", "one ✓", "two ✓", ""]


def test_every_change_is_told_in_a_few_lines() -> None:
    for page in (ROOT / "changelog" / "unreleased").glob("*"):
        text = page.read_text()
        assert page.suffix == ".md" and text.strip() and not text.startswith("#"), page.name
        assert len(text.splitlines()) <= 6, page.name
