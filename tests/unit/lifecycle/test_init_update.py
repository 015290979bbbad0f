"""A newer `.stems/` is a change to review: what nobody edited is replaced, edits are never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import UsageError
from stems.infrastructure.command import Effect
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.init.manifest import MANIFEST, blob_id, read
from stems.lifecycle.init.place import Folder
from stems.lifecycle.init.update import Fate, Update, plan_update, write_update
from stems.lifecycle.template import ShippedFile
from stems.tools.git.command import git_command
from stems.tools.git.repository import Repository

RUNNER = LocalRunner()
PAGE = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"


def git(folder: Path, *words: str) -> None:
    options = ("-c", "user.name=Me", "-c", "user.email=me@home.example", "-c", "commit.gpgSign=false")
    result = RUNNER.run(git_command(folder, *options, *words, effect=Effect.WRITES))
    assert result.ok, result.errors


class Tree:
    """A repository whose `.stems/` was made by stems, and which gets newer ones."""

    def __init__(self, root: Path, names: str = "sha1") -> None:
        self.root = root
        git(root.parent, "init", "--quiet", "--initial-branch=main", f"--object-format={names}", str(root))
        (root / ".stems").mkdir()
        (root / "kept").write_text("so that there is a commit\n")
        self.commit()

    def commit(self) -> None:
        git(self.root, "add", "--all")
        git(self.root, "commit", "--quiet", "--allow-empty", "-m", "Go on")

    def plan(self, **shipped: str) -> Update:
        files = tuple(ShippedFile(name, text, executable=False) for name, text in shipped.items())
        (self.root / ".stems").mkdir(exist_ok=True)
        return plan_update(Folder(self.root, Repository.find(self.root, RUNNER)), RUNNER, files)

    def update(self, **shipped: str) -> dict[str, Fate]:
        update = self.plan(**shipped)
        write_update(update)
        return {step.path: step.fate for step in update.steps if step.path != MANIFEST}

    def text(self, name: str) -> str:
        return (self.root / ".stems" / name).read_text()

    def edit(self, name: str, before: str, after: str) -> None:
        (self.root / ".stems" / name).write_text(self.text(name).replace(before, after))
        self.commit()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    made = Tree(tmp_path / "colab")
    made.update(page=PAGE, other="other\n")
    made.commit()
    return made


def test_what_nobody_edited_is_replaced(tree: Tree) -> None:
    assert tree.update(page=PAGE + "eight\n", other="other\n", more="more\n") == {
        "page": Fate.REPLACED,
        "more": Fate.ADDED,
    }
    assert tree.text("page") == PAGE + "eight\n" and tree.text("more") == "more\n"


def test_the_same_tree_changes_nothing(tree: Tree) -> None:
    assert tree.plan(page=PAGE, other="other\n").is_empty
    tree.edit("page", "two", "2")
    assert tree.plan(page=PAGE, other="other\n").is_empty


def test_an_edit_and_a_newer_text_are_merged(tree: Tree) -> None:
    tree.edit("page", "two", "2, as we say")

    assert tree.update(page=PAGE.replace("six", "6"), other="other\n") == {"page": Fate.MERGED}
    assert tree.text("page") == PAGE.replace("two", "2, as we say").replace("six", "6")


def test_a_merged_page_can_be_merged_again(tree: Tree) -> None:
    tree.edit("page", "two", "2, as we say")
    tree.update(page=PAGE.replace("six", "6"), other="other\n")
    tree.commit()

    assert tree.update(page=PAGE.replace("six", "6").replace("four", "4"), other="other\n") == {"page": Fate.MERGED}
    assert tree.text("page") == "one\n2, as we say\nthree\n4\nfive\n6\nseven\n"


def test_where_both_changed_the_same_lines_the_edit_stays(tree: Tree) -> None:
    tree.edit("page", "two", "2, as we say")

    assert tree.update(page=PAGE.replace("two", "zwei"), other="other\n") == {"page": Fate.BESIDE}
    assert "2, as we say" in tree.text("page") and "zwei" in tree.text("page.new")
    (tree.root / ".stems" / "page.new").unlink()
    tree.commit()
    assert tree.plan(page=PAGE.replace("two", "zwei"), other="other\n").is_empty, "it was offered once"


def test_what_lies_beside_from_last_time_is_not_overwritten(tree: Tree) -> None:
    tree.edit("page", "two", "2")
    tree.update(page=PAGE.replace("two", "zwei"), other="other\n")
    tree.commit()

    with pytest.raises(UsageError, match=r"page\.new is there"):
        tree.plan(page=PAGE.replace("two", "deux"), other="other\n")


def test_what_was_deleted_stays_deleted(tree: Tree) -> None:
    (tree.root / ".stems" / "other").unlink()
    tree.commit()

    assert tree.update(page=PAGE, other="another\n") == {}
    tree.commit()
    assert tree.plan(page=PAGE, other="a third\n").deleted == ("other",)


def test_what_is_no_longer_shipped_goes_unless_it_was_edited(tree: Tree) -> None:
    tree.edit("page", "two", "2")

    assert tree.update() == {"page": Fate.KEPT, "other": Fate.REMOVED}
    assert tree.text("page") and not (tree.root / ".stems" / "other").exists()


def test_edits_that_are_not_committed_stop_it(tree: Tree) -> None:
    (tree.root / ".stems" / "page").write_text("mine\n")

    with pytest.raises(UsageError, match=r"\.stems/page is not committed"):
        tree.plan(page=PAGE + "eight\n")


def test_a_tree_that_was_copied_by_hand_keeps_its_edits(tree: Tree) -> None:
    (tree.root / ".stems" / MANIFEST).unlink()
    tree.edit("page", "two", "2")

    assert tree.update(page=PAGE, other="other\n") == {"page": Fate.BESIDE}
    assert "2" in tree.text("page") and tree.text("page.new") == PAGE
    assert (tree.root / ".stems" / MANIFEST).exists()


def test_a_list_that_was_garbled_is_refused(tree: Tree) -> None:
    tree.edit(MANIFEST, "page", "../page")

    with pytest.raises(UsageError, match=f"{MANIFEST}:"):
        tree.plan(page=PAGE)


def test_a_folder_that_is_a_link_is_not_written_through(tree: Tree, tmp_path: Path) -> None:
    (tree.root / ".stems").rename(tmp_path / "elsewhere")
    (tree.root / ".stems").symlink_to(tmp_path / "elsewhere")
    tree.commit()

    with pytest.raises(UsageError, match="a link"):
        tree.update(page=PAGE + "eight\n", other="other\n")
    assert (tmp_path / "elsewhere" / "page").read_text() == PAGE


def test_a_repository_with_longer_names_is_merged_too(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "colab", "sha256")
    tree.update(page=PAGE)
    tree.commit()
    tree.edit("page", "two", "2")

    assert len(read(tree.text(MANIFEST))["page"][0]) == 64
    assert tree.update(page=PAGE.replace("six", "6")) == {"page": Fate.MERGED}
    assert tree.text("page") == PAGE.replace("two", "2").replace("six", "6")


def test_without_a_tree_there_is_nothing_to_update(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no \.stems/"):
        plan_update(Folder(tmp_path), RUNNER, ())


def test_objects_are_named_as_git_does(tree: Tree) -> None:
    page = tree.root / ".stems" / "page"
    named = RUNNER.run(git_command(tree.root, "hash-object", "--no-filters", str(page))).text.strip()

    assert blob_id(page.read_bytes(), "sha1") == named == read(tree.text(MANIFEST))["page"][0]
