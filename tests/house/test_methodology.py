"""The methodology that ships is true where a machine can tell: links, commands, rules, and what each part must have."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from stems.__main__ import run
from stems.cli.app import app
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.guide.section import PAGES, Section, sections_of
from stems.model.assessment import Pillar
from stems.model.principle import Principle
from stems.tools.git.command import git_command
from stems.validation.catalogue import RULES
from stems.validation.stage import Stage
from tests.house.test_docs import MACHINES_PATH, anchors, links, typed

TREE = Path(__file__).parents[2] / "src" / "stems" / "methodology"
FILES = sorted(TREE.rglob("*.md"))
SECTIONS = {page: sections_of(page, (TREE / page).read_text()) for page in PAGES}
PATTERNS = [section for section in SECTIONS["CLUSTER-PATTERNS.md"] if section.level == 2]
STAGES = [section for section in SECTIONS["LIFECYCLE.md"] if section.stage[0]]
PRINCIPLES = [section for section in SECTIONS["PRINCIPLES.md"] if section.principle]
PLACEHOLDER = re.compile(r"(?<![\w-])[A-Z]{3,}(?![\w-])")
HARMLESS = {"assess", "explain", "guide", "schema", "validate", "variables"}
"""Commands that ask no node; `generate` is harmless without --output, and so is `init` nowhere."""


def name(path: Path) -> str:
    return str(path.relative_to(TREE))


def title(section: Section) -> str:
    return section.title


def commands() -> Iterator[list[str]]:
    """The words of every command that a page shows, without its comment."""
    for page in FILES:
        for line in typed(page.read_text()):
            yield shlex.split(line, comments=True)
        for block in re.findall(r"^ *```sh\n(.*?)^ *```$", page.read_text(), re.DOTALL | re.MULTILINE):
            for line in re.findall(r"^ *(?:\$ )?stems ([^\n]+)$", block, re.MULTILINE):
                yield shlex.split(line, comments=True)


SHOWN = sorted({tuple(words) for words in commands()})
RUN = [
    words
    for words in SHOWN
    if not PLACEHOLDER.search(" ".join(words))
    and (words[0] in HARMLESS or (words[0] == "generate" and len(words) > 1))
    and not {"--output", "--fix", "~/home-config"} & {*words}
    and words != ("variables",)  # of which node?
]


@pytest.mark.parametrize("page", FILES, ids=name)
def test_links_and_anchors_lead_somewhere_inside_of_the_tree(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(TREE), f"{link} leads out, and the tree is copied without what lies there"
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", FILES, ids=name)
def test_a_page_names_no_path_of_one_machine(page: Path) -> None:
    assert not MACHINES_PATH.findall(page.read_text())


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
def test_every_command_that_is_shown_exists_as_it_is_shown(words: tuple[str, ...]) -> None:
    """Parsed as click parses it, and not run."""
    command: click.Command | None = app
    context = click.Context(app, **app.context_settings)  # a command remembers what its help is called
    left = list(words[2:] if words[0] == "-C" else words)
    while isinstance(command, click.Group) and left and not left[0].startswith("-"):
        command = command.get_command(context, left[0])
        assert command, f"stems {' '.join(words)}"
        left = left[1:]
    if isinstance(command, click.Group) or not left:
        return  # a name in prose, as `stems plan` or `stems lab`
    assert command
    with command.make_context(command.name, left, parent=context) as parsed:
        assert parsed.params


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "home-config"
    shutil.copytree(TREE / "templates" / "repository", folder)
    assert LocalRunner().run(git_command(folder, "init", "--quiet")).ok
    return folder


@pytest.mark.parametrize("words", RUN, ids=" ".join)
def test_what_only_reads_does_what_is_said(words: tuple[str, ...], repository: Path) -> None:
    assert run(["-C", str(repository), *words]) == 0


def test_commands_are_found_in_the_pages() -> None:
    assert len(SHOWN) > 50 and len(RUN) > 10


@pytest.mark.parametrize("section", PATTERNS, ids=title)
def test_every_pattern_names_the_command_that_does_it(section: Section) -> None:
    assert section.commands


def test_pages_link_to_service_placement() -> None:
    assert "service-placement-strategy" in anchors(TREE / "CLUSTER-PATTERNS.md")


def test_every_principle_is_there_and_no_other() -> None:
    assert [section.principle for section in PRINCIPLES] == list(Principle.__members__)


@pytest.mark.parametrize("section", PRINCIPLES, ids=title)
def test_a_principle_names_rules_that_serve_it(section: Section) -> None:
    serving = {rule.name for rule in RULES if rule.principle is Principle[section.principle]}
    (line,) = re.findall(r"^\* \*\*Rules\*\*: (.+)$", section.text, re.MULTILINE)
    named = set(re.findall(r"`([a-z][a-z-]+)`", line.partition(". The")[0]))

    if serving:
        assert named and named <= serving, named - serving
        assert len(named) >= min(len(serving), 3)
    else:
        assert line.startswith("none")
    assert "**In practice**" in section.text and "**Commands**" in section.text


def test_there_are_seven_stages_with_all_that_a_stage_has() -> None:
    assert [section.stage for section in STAGES] == [
        ("1", "plan"), ("2", "develop"), ("3", "validate"), ("4", "deploy"), ("5", "operate"), ("6", "maintain"),
        ("7", "retire"),
    ]  # fmt: skip


@pytest.mark.parametrize("section", STAGES, ids=title)
def test_a_stage_has_what_to_do_to_have_and_to_be_sure_of(section: Section) -> None:
    assert all(f"**{part}**: " in section.text for part in ("Do", "Have", "Be sure"))
    assert section.commands


def test_every_pillar_has_its_section() -> None:
    assert {pillar.value for pillar in Pillar} <= {section.title for section in SECTIONS["METHODOLOGY.md"]}


def test_the_stages_of_judgement_are_named_in_their_order() -> None:
    (pipeline,) = (section for section in PATTERNS if section.anchor == "the-validation-pipeline")

    assert ", ".join(stage.value for stage in Stage) in " ".join(pipeline.text.split())


def test_each_part_of_meta_has_a_command() -> None:
    (beside,) = (section for section in SECTIONS["README.md"] if section.title == "Beside `.meta/`")
    rows = [row for row in beside.text.splitlines() if row.startswith("| `")]

    assert len(rows) == 5
    assert all("`stems " in row.split("|")[4] for row in rows)
