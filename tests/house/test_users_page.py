"""Every row of the page of the person whom stems is for: what it leads to is there, and the guide answers it.

What needs a node is in `tests/cluster/test_users_page.py`, what makes files in `test_users_page_files.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stems.__main__ import run
from stems.model.change import Domain
from stems.model.principle import Principle
from stems.tools.registry import TOOLS
from tests.house.test_docs import anchors
from tests.support.users_page import SECTIONS, plain, points, steps, table, targets

TREE = Path(__file__).parents[2] / "src" / "stems" / "methodology"

FOLLOWED = {
    ".stems/ - Small-Scale Cluster Management Methodology": (),
    "What Is This?": ("house/test_users_page.py", "test_the_two_trees_are_told_apart"),
    "Contents": ("house/test_users_page.py", "test_what_is_in_the_tree"),
    "Quick Navigation": (),
    "By Question": ("house/test_users_page.py", "test_a_question_leads_to_its_page"),
    "By Role": (),
    "New to the System?": ("house/test_users_page.py", "test_a_role_is_led_the_same_way"),
    "Setting Up a New Node?": ("house/test_users_page.py", "test_a_role_is_led_the_same_way"),
    "Deploying a Service?": ("house/test_users_page.py", "test_a_role_is_led_the_same_way"),
    "Core Concepts": (),
    "The Methodology Stack": ("house/test_users_page.py", "test_the_stack_has_the_same_layers"),
    "Key Differentiators": ("house/test_users_page.py", "test_what_is_instead_of_what"),
    "Core Tools": ("house/test_users_page.py", "test_a_tool_is_there_and_can_be_replaced"),
    "How to Use This": (),
    "For Learning": ("house/test_users_page.py", "test_pages_are_read_in_the_same_order"),
    "For Implementation": ("house/test_users_page_files.py", "test_the_current_state_is_assessed"),
    "For New Projects": ("house/test_users_page_files.py", "test_what_is_copied_works"),
    "Principles in Practice": ("house/test_users_page.py", "test_a_principle_is_explained_with_what_keeps_it"),
    "Example: Adding a New Service": ("cluster/test_users_page.py", "test_a_service_is_added_in_five_steps"),
    "Relationship to Existing Structure": (),
    "How .stems/ Complements .meta/": ("house/test_users_page_files.py", "test_both_trees_are_side_by_side"),
    "Migration Path": ("house/test_users_page_files.py", "test_nothing_has_to_be_migrated"),
    "FAQ": (),
    "Q: Is this replacing .meta/?": ("house/test_users_page.py", "test_a_frequent_question_is_answered"),
    "Q: Do I need to follow everything in .stems/?": (
        "house/test_users_page.py",
        "test_a_frequent_question_is_answered",
    ),
    "Q: Can I modify the methodology?": ("house/test_users_page.py", "test_a_frequent_question_is_answered"),
    "Q: How does this relate to industry standards?": (
        "house/test_users_page.py",
        "test_a_frequent_question_is_answered",
    ),
    "Q: What if I'm using different tools?": ("house/test_users_page.py", "test_a_frequent_question_is_answered"),
    "Next Steps": ("house/test_users_page.py", "test_what_to_do_next_is_found"),
    "Contributing": ("house/test_users_page.py", "test_what_to_do_next_is_found"),
    "Summary": ("house/test_users_page.py", "test_the_values_are_the_same"),
}
"""The test that follows each section of the page; a heading that only holds others has nothing to follow."""


def guided(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    """What `stems guide` answers, the nearest section first."""
    capsys.readouterr()
    assert run(["guide", *words, "--json"]) == 0, f"stems guide {' '.join(words)}"
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["sections"]
    return found


def titles(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    return [section["title"] for section in guided(capsys, *words)]


@pytest.mark.parametrize("title", SECTIONS)
def test_every_section_of_the_page_is_followed(title: str) -> None:
    place = FOLLOWED[title]

    if place:
        file, test = place
        assert re.search(rf"^def {test}\(", (Path(__file__).parents[1] / file).read_text(), re.MULTILINE)
    else:
        assert not [line for line in SECTIONS[title].splitlines() if line.strip(" -")], f"{title} says something"


def test_no_section_is_followed_that_is_not_there() -> None:
    assert FOLLOWED.keys() == SECTIONS.keys()


@pytest.mark.parametrize("tree", [point for point in points("What Is This?") if " = " in point])
def test_the_two_trees_are_told_apart(tree: str, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = guided(capsys, "beside .meta")

    assert plain(tree).split(" = ")[0] in found["text"]


def lines_of_the_tree() -> Iterator[str]:
    """Each line of Contents as a path with its comment."""
    folder = ""
    for line in re.findall(r"^(?:│   |    )?[├└]── .+$", SECTIONS["Contents"], re.MULTILINE):
        name = line.split("── ")[1]
        is_inner = line.startswith((" ", "│"))
        folder = folder if is_inner else name.split()[0] if name.split()[0].endswith("/") else ""
        yield f"{folder}{name}" if is_inner else name


@pytest.mark.parametrize("line", [*lines_of_the_tree()])
def test_what_is_in_the_tree(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = line.split(maxsplit=1)[0]

    assert (TREE / path).exists()
    if path.endswith(".md"):
        (found,) = guided(capsys, path)
        assert found["page"] == path
    else:
        within = path.removesuffix("/").removeprefix("templates")
        assert not within or {"README.md", "validate.sh"} <= {each.name for each in (TREE / path).iterdir()}


def test_the_tree_is_read_whole() -> None:
    assert len(list(lines_of_the_tree())) == SECTIONS["Contents"].count("── ")


@pytest.mark.parametrize(("question", "link"), table("By Question"))
@pytest.mark.parametrize("asked", ["{}", "I want to {}...", "how do I {}?"])
def test_a_question_leads_to_its_page(question: str, link: str, asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    (target,) = targets(link)
    (found,) = guided(capsys, asked.format(question))

    assert (TREE / target).exists()
    assert found["page"] == target or target in found["text"]
    assert found["commands"]


@pytest.mark.parametrize("role", ["New to the System?", "Setting Up a New Node?", "Deploying a Service?"])
def test_a_role_is_led_the_same_way(role: str, capsys: pytest.CaptureFixture[str]) -> None:
    """To the same pages, in the same order, and each link leads to a heading that is there."""
    (found,) = guided(capsys, role)
    wanted = [target for step in steps(role) for target in targets(step)]

    assert len(wanted) == len(steps(role))
    for target in wanted:
        page, _, anchor = target.partition("#")
        assert (TREE / page).exists() and (not anchor or anchor in anchors(TREE / page))
    pages = [target.partition("#")[0] for target in wanted]
    ours = [page for target in targets(found["text"]) if (page := target.partition("#")[0]) in pages]
    assert list(dict.fromkeys(ours)) == pages
    assert found["commands"]


def test_the_stack_has_the_same_layers(capsys: pytest.CaptureFixture[str]) -> None:
    layers = re.findall(r"^│ +(.+?) +│ ←", SECTIONS["The Methodology Stack"], re.MULTILINE)
    (found,) = guided(capsys, "The Methodology Stack")

    shown = [line.split("  ")[0].lower() for line in found["text"].split("```")[1].splitlines()[1:]]
    assert len(layers) == SECTIONS["The Methodology Stack"].count("←")
    for layer, line in zip(layers, shown, strict=True):
        assert layer.lower().removesuffix(" layer").rstrip("s") in line


INSTEAD = {
    "Fixed 3-node topology": ("auto-scaling", "a fixed list of nodes"),
    "Direct SSH access": ("service mesh", "SSH"),
    "Manual approval gates": ("delivery pipeline", "a person who approves"),
    "Distributed management": ("central orchestrator", "every machine with a clone"),
    "Explicit configuration": ("abstraction", "what is written is what runs"),
    "Automate the repetitive": ("automation of everything", "automation of what repeats"),
}


@pytest.mark.parametrize(("theirs", "ours"), table("Key Differentiators"))
def test_what_is_instead_of_what(theirs: str, ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = guided(capsys, "what it is instead of")
    there, here = INSTEAD[ours]

    (row,) = [row for row in found["text"].splitlines() if there in row.split("|")[1]]
    assert here in row
    # Of a mesh and of a pipeline there is more to say than that.
    assert found["title"] in titles(capsys, theirs) or re.search("mesh|pipeline", " ".join(titles(capsys, theirs)))


TOOL_OF = {"Chezmoi": Domain.USER, "Ansible": Domain.SYSTEM, "Docker": Domain.SERVICES, "Git": None}


@pytest.mark.parametrize("point", points("Core Tools"))
def test_a_tool_is_there_and_can_be_replaced(point: str) -> None:
    name = plain(point).split()[0]
    domain = TOOL_OF[name]

    assert ("not replaceable" in point) == (domain is None)
    if domain is None:
        return
    known = {tool for tool, of in TOOLS.items() if of is domain}
    assert {"Docker": "compose"}.get(name, name.lower()) in known
    # For /etc there is one of stems; another one comes as a package.
    other = (TREE.parents[2] / "examples" / "stems-etc" / "src").rglob("tool.py")
    assert len(known) > 1 or any("DOMAIN = Domain.SYSTEM" in each.read_text() for each in other)


def test_pages_are_read_in_the_same_order() -> None:
    """With the same word for each: why, what, how, when."""
    rows = re.findall(r"^\| \[([A-Z-]+\.md)\].*?\| (\w+): .*\|$", (TREE / "README.md").read_text(), re.MULTILINE)

    wanted = [
        (plain(step).split()[0], plain(step).split(" - ")[1].split()[0].lower()) for step in steps("For Learning")
    ]
    assert len(wanted) == len(steps("For Learning"))
    assert rows == wanted


@pytest.mark.parametrize("principle", Principle)
def test_a_principle_is_explained_with_what_keeps_it(principle: Principle, capsys: pytest.CaptureFixture[str]) -> None:
    (page,) = guided(capsys, principle.name)
    assert page["commands"] or "rollout" in page["text"]

    assert run(["explain", principle.name]) == 0
    said = capsys.readouterr().out
    assert principle.value in said
    assert re.search(r"^  STM\d{3} ", said, re.MULTILINE) or "none can see" in page["text"]


@pytest.mark.parametrize("title", [title for title in SECTIONS if title.startswith("Q: ")])
def test_a_frequent_question_is_answered(title: str, capsys: pytest.CaptureFixture[str]) -> None:
    question = title.removeprefix("Q: ")
    (found,) = guided(capsys, question)

    assert plain(found["title"]) == question
    yes_or_no = re.match(r"\s*(Yes|No)\b", SECTIONS[title])
    assert not yes_or_no or found["text"].startswith(yes_or_no[1])


NEXT = {
    "Review the methodology": "Methodology",
    "Identify quick wins": "For a repository that exists",
    "Plan adoption": "For a repository that exists",
    "Start small": "For a repository that exists",
    "Iterate": "For a repository that exists",
    "Try the patterns": "Cluster patterns",
    "Document variations": "Make it yours",
    "Share learnings": "Make it yours",
    "Propose improvements": "Make it yours",
}


@pytest.mark.parametrize("step", [*steps("Next Steps"), *steps("Contributing")])
def test_what_to_do_next_is_found(step: str, capsys: pytest.CaptureFixture[str]) -> None:
    what = plain(step).split(" - ")[0]

    assert NEXT[what] in titles(capsys, what)


GOING = {
    "Missing validation?": "For a repository that exists",
    "No templates?": "D1 Templates give parity",
    "Manual processes?": "For a repository that exists",
    "Undocumented changes?": "For a repository that exists",
    "Start with one component": "For a repository that exists",
    "Add validation first": "For a repository that exists",
    "Create templates next": "For a repository that exists",
    "Document as you go": "Documentation inside configuration",
    "Don't try to fix everything at once": "For a repository that exists",
    "Apply patterns incrementally": "Cluster patterns",
    "Learn from each iteration": "For a repository that exists",
    "Define service requirements": "Service Placement Strategy",
    "Choose deployment node (CLUSTER-PATTERNS)": "Service Placement Strategy",
    "Document decision": "Decision records",
    "Monitor health": "Status at a glance",
    "Maintain configuration": "Stage 6: Maintain",
    "Document changes": "Decision records",
}


@pytest.mark.parametrize("point", [*points("For Implementation"), *points("Example: Adding a New Service")])
def test_each_thing_to_do_is_found(point: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert GOING[point] in titles(capsys, point)


STAGED = {
    "Planning (LIFECYCLE Stage 1)": "Stage 1: Plan",
    "Development (LIFECYCLE Stage 2)": "Stage 2: Develop",
    "Validation (LIFECYCLE Stage 3)": "Stage 3: Validate",
    "Deployment (LIFECYCLE Stage 4)": "Stage 4: Deploy",
    "Operation (LIFECYCLE Stage 5-6)": "Stage 5: Operate",
}


@pytest.mark.parametrize("step", steps("Example: Adding a New Service"))
def test_a_step_is_a_stage(step: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name, and by its number."""
    name, number = re.findall(r"(\w+) \(LIFECYCLE (Stage \d)", plain(step))[0]

    assert titles(capsys, number) == [STAGED[plain(step)]]
    assert STAGED[plain(step)] in titles(capsys, name)


@pytest.mark.parametrize("value", points("Summary"))
def test_the_values_are_the_same(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = guided(capsys, "in one line")

    assert plain(value).lower() in found["text"].lower()
