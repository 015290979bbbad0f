"""An item comes first in a list, and whatever somebody wrote around it stays as it was."""

from __future__ import annotations

import pytest

from stems.readers.first_item import with_first_item


def added(text: str) -> str | None:
    return with_first_item(text, path="site.yml", keys=(0, "roles"), item="- node\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# all\n- hosts: all\n  roles:\n    - names   # mine\n    - motd\n",
            "# all\n- hosts: all\n  roles:\n    - node\n    - names   # mine\n    - motd\n",
        ),
        ("- roles:\n  - {role: motd, tags: [a]}\n", "- roles:\n  - node\n  - {role: motd, tags: [a]}\n"),
        (
            "- roles:\n    # about it\n    - motd\n  hosts: all",
            "- roles:\n    # about it\n    - node\n    - motd\n  hosts: all",
        ),
    ],
    ids=["comments", "not indented", "comment above"],
)
def test_the_item_comes_first(before: str, after: str) -> None:
    assert added(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "- roles: [motd]\n", "- roles:\n", "- roles: []\n", "- roles: motd\n", "- hosts: all\n", "[]\n", "roles: 1\n",
        "- roles:\n  -\n    motd\n", "- {hosts: all, roles: [\n  motd]}\n",
    ],
)  # fmt: skip
def test_where_it_is_not_certain_there_is_none(text: str) -> None:
    assert added(text) is None


def test_an_item_of_several_lines_comes_before_the_first_of_a_document() -> None:
    item = "# why\n- hosts: box\n\n  tasks: []\n"

    made = with_first_item("---\n# all\n- hosts: all\n", path="site.yml", keys=(), item=item)

    assert made == "---\n# all\n# why\n- hosts: box\n\n  tasks: []\n- hosts: all\n"
