"""`stems guide` finds what somebody means, and says what of it a repository has."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stems.__main__ import run
from stems.errors import UsageError
from stems.infrastructure.command import Effect
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.guide.asked import ASKED
from stems.lifecycle.guide.guide import Guide, open_guide
from stems.lifecycle.guide.section import sections_of
from stems.lifecycle.guide.topic import Found, find
from stems.lifecycle.guide.words import stem
from stems.model.assessment import Pillar
from stems.model.principle import Principle
from stems.model.record import begin_name, end_name
from stems.tools.git.command import git_command

PAGE = """# Page

Says `stems plan` and `stems status`.

```sh
# No heading
stems plan                # a comment
  $ stems deploy --node box
echo stems
```

## One

### Inner

`stems plan`

## Two
"""


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    return open_guide(tmp_path_factory.mktemp("nowhere"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path / "colab"), "--yes"]) == 0
    return tmp_path / "colab"


def titles(guide: Guide, question: str) -> list[str]:
    return [section.title for section in find(question, guide.sections).sections]


def test_a_page_is_read_as_sections_in_sections() -> None:
    page, one, inner, two = sections_of("page.md", PAGE)

    assert [each.title for each in (page, one, inner, two)] == ["Page", "One", "Inner", "Two"]
    assert page.inner == ("One", "Two") and one.inner == ("Inner",)
    assert inner.text == "`stems plan`" and two.text == ""


def test_the_commands_of_a_section_are_those_in_code() -> None:
    assert sections_of("page.md", PAGE)[0].commands == ("stems plan", "stems status", "stems deploy --node box")


@pytest.mark.parametrize("principle", Principle)
def test_every_principle_is_found_by_its_name(guide: Guide, principle: Principle) -> None:
    (found,) = find(principle.name.lower(), guide.sections).sections

    assert found.principle == principle.name


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("3", "Stage 3: Validate"),
        ("stage 3", "Stage 3: Validate"),
        ("Validate", "Stage 3: Validate"),
        ("retire", "Stage 7: Retire"),
        ("patterns", "Cluster patterns"),
        ("LIFECYCLE.md", "Lifecycle"),
        ("placement", "Service Placement Strategy"),
        ("service placement strategy", "Service Placement Strategy"),
        ("how do I undo a change?", "Going back"),
        ("what is lost while a node is down", "A node is down"),
        ("new to the system", "New to the system"),
        ("New to the System?", "New to the system"),
        ("Setting Up a New Node?", "Setting up a new node"),
        ("Deploying a Service?", "Deploying a service"),
        ("I want to understand the overall approach", "Methodology"),
        ("Learn the core principles", "Principles"),
        ("See specific implementation patterns", "Cluster patterns"),
        ("Understand the configuration lifecycle", "Lifecycle"),
        ("What if I'm using different tools?", "What if I'm using different tools?"),
        ("Can I modify the methodology", "Can I modify the methodology?"),
        ("bootstrap a new system", "For a new project"),
        ("one owner", "D4 One owner"),
        ("how do I roll back", "Going back"),
        ("roll back", "Going back"),
        ("rollback", "Going back"),
        ("rolling back a deployment", "Going back"),
        ("revert", "Going back"),
        ("add a node", "Setting up a new node"),
        ("set up a new node", "Setting up a new node"),
        ("setup a node", "Setting up a new node"),
        ("deploy a service", "Deploying a service"),
        ("adding a new service", "Example: a new service"),
        ("what has changed by hand?", "A hand edit"),
        ("drift", "A hand edit"),
        ("where do passwords go", "Secrets on the node"),
        ("existing repository", "For a repository that exists"),
        ("where do I put passwords", "Secrets on the node"),
        ("timezone", "The time zone"),
        ("group_vars", "Variables of Ansible"),
        ("add a dotfile", "A dotfile"),
        ("update an image", "A newer image"),
        ("lost key", "A lost key"),
        ("how do I stop using stems", "Leaving stems"),
        ("remove a service", "Stage 7: Retire"),
        ("assess", "When there is something already"),
        ("learn", "Principles"),
        *((pillar.value, pillar.value) for pillar in Pillar),
    ],
)
def test_a_question_leads_to_its_section(guide: Guide, question: str, title: str) -> None:
    assert titles(guide, question) == [title]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("where should a service run?", "Service Placement Strategy"),
        ("choose the node of a service", "Service Placement Strategy"),
        ("a machine is offline", "A node is down"),
        ("how is the health of my nodes?", "Status at a glance"),
        ("approve a plan", "The gates"),
        ("move a service", "Names of services"),
    ],
)
def test_of_several_sections_the_nearest_comes_first(guide: Guide, question: str, title: str) -> None:
    assert titles(guide, question)[0] == title


def test_words_that_several_sections_have_are_a_choice(guide: Guide) -> None:
    found = titles(guide, "parity")

    assert len(found) > 1 and {"D1 Templates give parity", "Parity through templates"} <= set(found)


def test_what_to_type_for_a_section_leads_to_it(guide: Guide) -> None:
    for section in guide.sections:
        assert find(section.word, guide.sections) == Found((section,)), section.title


@pytest.mark.parametrize("question", ["zzz", "the", "", "x" * 10_000, "kubernetes", "can I use podman?"])
def test_what_nobody_wrote_about_is_an_error(guide: Guide, question: str) -> None:
    with pytest.raises(UsageError, match="nothing here is about"):
        find(question, guide.sections)


@pytest.mark.parametrize(
    ("question", "read_as", "title"),
    [
        ("deplpy", "deploy", "Stage 4: Deploy"),
        ("going bakc", "going back", "Going back"),
        ("how do I rolback?", "rollback", "Going back"),
        ("princples", "principles", "Principles"),
        ("lifcycle", "lifecycle", "Lifecycle"),
    ],
)
def test_a_misspelt_word_is_read_as_the_one_that_is_like_it(
    guide: Guide, question: str, read_as: str, title: str
) -> None:
    found = find(question, guide.sections)

    assert found.read_as == read_as
    assert [section.title for section in found.sections] == [title]


def test_a_question_of_which_a_word_is_unknown_has_no_one_answer(guide: Guide) -> None:
    found = find("go back to the previous version", guide.sections)

    assert found.read_as == "back version"
    assert len(found.sections) > 1 and "Going back" in {section.title for section in found.sections}


def test_what_was_asked_at_length_is_not_repeated_whole(guide: Guide) -> None:
    with pytest.raises(UsageError) as raised:
        find("y" * 10_000, guide.sections)

    assert len(raised.value.problem) < 100  # what fits a line


def test_how_a_question_was_read_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["guide", "deplpy"]) == 0
    assert "read as: deploy" in capsys.readouterr().out

    assert run(["guide", "deplpy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["read_as"] == "deploy"

    assert run(["guide", "deploy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["read_as"] is None


@pytest.mark.parametrize(
    "alike",
    [
        ("deploy", "deploys", "deployed", "deploying", "deployment", "deployments"),
        ("validate", "validates", "validating", "validation"),
        ("set", "setting", "settings"),
        ("service", "services"),
        ("copy", "copies", "copied"),
        ("place", "placement"),
    ],
)
def test_forms_of_a_word_are_one(alike: tuple[str, ...]) -> None:
    assert len({stem(word) for word in alike}) == 1


def test_different_words_stay_different() -> None:
    apart = (
        "node",
        "note",
        "state",
        "status",
        "rule",
        "run",
        "role",
        "roll",
        "test",
        "time",
        "plan",
        "place",
        "process",
    )

    assert len({stem(word) for word in apart}) == len(apart)


def test_what_is_asked_of_a_repository_belongs_to_a_section(guide: Guide) -> None:
    assert ASKED.keys() <= {section.anchor for section in guide.sections}


def standing(folder: Path, topic: str, capsys: pytest.CaptureFixture[str]) -> dict[str, bool | None]:
    capsys.readouterr()
    assert run(["-C", str(folder), "guide", *topic.split(), "--json"]) == 0
    return {one["says"]: one["there"] for one in json.loads(capsys.readouterr().out)["standing"]}


def test_a_repository_says_what_it_has_and_lacks(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = standing(repository, "stage 4", capsys)

    assert found["the pilot is desk"] is True
    assert found["host keys are in config/known_hosts: not gate, box, desk"] is False
    assert found["no deployment in the ledger of this clone"] is False
    (repository / "config" / "known_hosts").write_text("gate ssh-ed25519 AAAA\n")
    assert "host keys are in config/known_hosts: not box, desk" in standing(repository, "stage 4", capsys)


def test_a_principle_says_what_its_rules_find(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert standing(repository, "P4", capsys) == {"no rule that serves P4 finds anything": True}

    compose = repository / "services" / "hello" / "compose.yml"
    compose.write_text(compose.read_text().replace("    init: true\n", "    init: true\n    privileged: true\n"))
    found = standing(repository, "P4", capsys)
    assert list(found.values()) == [False] and "services/hello/compose.yml" in next(iter(found))


@pytest.mark.parametrize("topic", sorted({*ASKED} - {""}))
def test_every_thing_that_is_asked_can_be_answered(
    repository: Path, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert standing(repository, topic.replace("-", " "), capsys)


def test_without_a_cluster_file_it_is_missing_and_nothing_fails(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "config" / "cluster.yml").write_text("version: [\n")

    assert standing(repository, "stage 1", capsys)["no config/cluster.yml that can be read"] is False
    assert None in standing(repository, "P4", capsys).values()


def test_a_page_of_the_repository_is_read_instead(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = repository / ".stems" / "CLUSTER-PATTERNS.md"
    page.write_text(page.read_text() + "\n## Our way\n\nWith tea.\n")
    (repository / ".stems" / "LIFECYCLE.md").unlink()
    capsys.readouterr()

    assert run(["-C", str(repository), "guide", "our way"]) == 0
    assert "With tea." in capsys.readouterr().out
    assert run(["-C", str(repository), "guide", "7"]) == 0
    assert "Stage 7: Retire" in capsys.readouterr().out


@pytest.mark.parametrize("page", ["no heading", "# " + "[" * 10_000, "# a\n" * 100_000, "\x00", ""])
def test_what_is_no_page_is_not_read_for_one(repository: Path, page: str, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / ".stems" / "CLUSTER-PATTERNS.md").write_text(page)
    capsys.readouterr()

    assert run(["-C", str(repository), "guide", "going back"]) == 0
    assert "Going back" in capsys.readouterr().out


def test_the_start_leads_on_by_question_and_by_role(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["-C", str(repository), "guide"]) == 0

    said = capsys.readouterr().out
    assert all(words in said for words in ("By question", "By role", "Setting up a new node", "stems guide TOPIC"))
    assert "](" not in said and "**" not in said


def test_the_ledger_says_what_was_deployed(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runner = LocalRunner()
    who = ("-c", "user.name=Me", "-c", "user.email=me@home.example", "-c", "commit.gpgSign=false")
    identity = "20261122T215437Z-3fa9c1"
    names = begin_name(identity), end_name(identity, datetime(2026, 11, 22, 22, tzinfo=UTC), "0a", known=())
    for words in ("checkout --quiet --orphan stems/ledger", "rm --quiet --cached -r --ignore-unmatch ."):
        assert runner.run(git_command(repository, *words.split(), effect=Effect.WRITES)).ok
    (repository / "deployments").mkdir()
    for name in names:
        (repository / name).write_text("{}\n")
    for words in ("add deployments", "commit --quiet -m Record", "symbolic-ref HEAD refs/heads/main"):
        assert runner.run(git_command(repository, *who, *words.split(), effect=Effect.WRITES)).ok

    assert "1 deployment in the ledger, the last one 20261122T215437Z-3fa9c1" in standing(
        repository, "going back", capsys
    )
