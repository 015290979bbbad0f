"""The session of the README and the demo fit the program and the example repository, as far as no node is needed."""

from __future__ import annotations

import pytest

from docs.session import shown_in_readme
from stems.cli.demo import EDITS, Edit
from stems.cli.render import rollout, status
from stems.infrastructure.lab.example import FOLDER


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("node ", ["node", *(step.value for step in rollout._COLUMNS)]),
        ("NODE ", " ".join(status._HEAD).split()),
    ],
    ids=["rollout", "status"],
)
def test_tables_of_the_session_have_the_columns_of_the_program(first: str, words: list[str]) -> None:
    heads = [line.split() for line in shown_in_readme().splitlines() if line.startswith(first)]

    assert heads == [words], "run `.venv/bin/python -m docs.session`"


def test_the_session_edits_what_the_example_has() -> None:
    assert "<h1>" in (FOLDER / "services/web/site/index.html").read_text()


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: str(edit.message))
def test_the_demo_edits_what_the_example_has(edit: Edit) -> None:
    """In their order: a later edit may change what an earlier one wrote."""
    texts = {each.path: (FOLDER / each.path).read_text() for each in EDITS}
    for each in EDITS:
        if each is edit:
            break
        texts[each.path] = texts[each.path].replace(each.old, each.new, 1)

    assert edit.old in texts[edit.path]
