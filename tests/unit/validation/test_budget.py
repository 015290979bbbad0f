"""What is read of a repository that holds more than anybody writes."""

from __future__ import annotations

from pathlib import Path

from stems.lifecycle.validate import validate_tree
from stems.tools.base import Tree
from stems.validation.budget import MOST_TEXT, beyond
from stems.validation.content import LARGEST, Kind
from stems.validation.files import Files

HALF = MOST_TEXT // 2


def test_small_files_come_first_and_what_configures_stems_before_all() -> None:
    sizes = [("big.yml", HALF + 2), ("small.yml", 10), ("middle.yml", HALF), ("config/cluster.yml", HALF - 20)]

    assert beyond(sizes) == {"big.yml"}
    assert beyond([*sizes, ("config/exceptions.yml", HALF)]) == {"big.yml", "middle.yml"}


def test_pictures_take_no_room_and_pages_little() -> None:
    sizes = [(f"{number}.png", MOST_TEXT) for number in range(100)]
    sizes += [(f"{number}.md", HALF // 4) for number in range(20)]

    assert beyond([*sizes, ("site.yml", HALF // 4)]) == frozenset()
    assert beyond([*sizes, ("site.yml", MOST_TEXT)]) == {"site.yml"}


def test_whatever_is_not_read_is_said(tmp_path: Path) -> None:
    """None of it is judged, and none of it is taken for empty or for a file without findings."""
    for number in range(4):
        (tmp_path / f"{number}.yml").write_text("a: 1\n" * (MOST_TEXT // 4 // 5 + number))
    (tmp_path / "README.md").write_text("# Home\n")
    files = Files(tmp_path, [path.name for path in tmp_path.iterdir()])
    judgement = validate_tree(Tree(tmp_path, "", frozenset(path.name for path in tmp_path.iterdir())))

    assert files["3.yml"].kind is Kind.BEYOND and files["3.yml"].text == ""
    assert files["0.yml"].kind is Kind.TEXT
    assert files.beyond == judgement.files.beyond == {"3.yml"}
    assert files.unread == "3.yml: 2 MiB are read of one repository, small files first"


def test_what_a_file_that_is_not_read_may_say_is_not_missed(tmp_path: Path) -> None:
    """The handler, and what uses the variable, may be in it: nobody knows."""
    more = "# not for people\n" * (LARGEST // 17 + 1)
    texts = {
        "site.yml": "- hosts: all\n  tasks: [{ping: , notify: Restart it}]\n  roles: [web]\n",
        "group_vars/all.yml": "spare: 1\n",
        "roles/web/tasks/main.yml": "- ping:\n",
        "roles/web/handlers/main.yml": "- {name: Restart it, command: 'restart {{ spare }}'}\n",
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text + more * ("handlers" in path))
    judgement = validate_tree(Tree(tmp_path, "", frozenset(texts)), every_stage=True)

    missed = {"unknown-handler", "unread-playbook-variable", "undefined-variable"}
    assert not missed & {judgement.rule(finding).name for finding in judgement.findings}
    assert missed <= {rule.name for rule in judgement.rules if rule.code in judgement.unasked}

    (tmp_path / "roles/web/handlers/main.yml").write_text("[]\n")
    judgement = validate_tree(Tree(tmp_path, "", frozenset(texts)), every_stage=True)
    found = {judgement.rule(finding).name for finding in judgement.findings}
    assert {"unknown-handler", "unread-playbook-variable"} <= found and not judgement.unasked
