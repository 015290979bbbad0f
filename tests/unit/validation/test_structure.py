"""What rules about the tree itself say of things that an example cannot hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.readers.gitignore import read_gitignore
from stems.readers.markdown import anchors, links, simple
from stems.validation.catalogue import RULES
from stems.validation.files import Files
from stems.validation.gitignored import Ignores
from stems.validation.subject import NO_CLUSTER, Subject


def found(code: str, files: Files) -> list[str]:
    (rule,) = (rule for rule in RULES if rule.code == code)
    return [f"{finding.place} {finding.message}" for finding in rule.check(Subject(NO_CLUSTER, files=files))]


def test_a_large_file_is_noted_and_not_read(tmp_path: Path) -> None:
    with (tmp_path / "tool").open("wb") as file:
        file.truncate(7 * 1024 * 1024)
    (tmp_path / "small").write_bytes(b"\0" * 1000)

    assert found("STM807", Files(tmp_path, ["tool", "small"])) == ["tool 7 MiB, in every clone for ever"]


def test_a_repository_inside_is_lost_unless_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "named").mkdir()
    (tmp_path / ".gitmodules").write_text('[submodule "named"]\n\tpath = named\n\turl = ../named\n')

    assert found("STM810", Files(tmp_path, ["inner", "named", ".gitmodules"])) == [
        "inner inner is a commit of another repository, and `.gitmodules` says of none"
    ]


def test_a_name_in_another_encoding_is_found(tmp_path: Path) -> None:
    assert found("STM808", Files(tmp_path, ["caf\udce9.txt", "ok.txt"])) == [
        "caf?.txt a name with a control character, or in another encoding than UTF-8"
    ]


@pytest.mark.parametrize(
    ("pattern", "path", "is_ignored"),
    [
        ("*.log", "a/b/x.log", True),
        ("/x.log", "a/x.log", False),
        ("a/*.log", "a/x.log", True),
        ("a/*.log", "a/b/x.log", False),
        ("a/**/x", "a/x", True),
        ("a/**/x", "a/b/c/x", True),
        ("**/x", "a/b/x", True),
        ("a/**", "a/b/c", True),
        ("a/", "a/b", True),
        ("a/", "b/a", False),
        ("[ab].txt", "b.txt", True),
        ("[!ab].txt", "b.txt", False),
        ("[!ab].txt", "c.txt", True),
        (r"\#x", "#x", True),
        ("#x", "#x", False),
        ("x\\ ", "x ", True),
        ("x ", "x", True),
        ("a?c", "a/c", False),
        ("foo/*\n!foo/bar", "foo/bar", False),
        ("foo/\n!foo/bar", "foo/bar", True),
        ("[", "[", False),
    ],
)
def test_patterns_of_git(tmp_path: Path, pattern: str, path: str, is_ignored: bool) -> None:
    (tmp_path / ".gitignore").write_text(pattern + "\n")

    assert bool(Ignores(Files(tmp_path, [".gitignore", path])).line_for(path)) is is_ignored


def test_a_file_deeper_wins_over_one_above(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / ".gitignore").write_text("*.txt\n")
    (tmp_path / "a" / ".gitignore").write_text("!x.txt\n")
    ignores = Ignores(Files(tmp_path, [".gitignore", "a/.gitignore", "a/x.txt", "x.txt"]))

    assert ignores.line_for("a/x.txt") is None
    assert ignores.line_for("x.txt") == read_gitignore("*.txt")[0]


def test_links_are_read_where_markdown_has_some() -> None:
    text = (
        "[a](b.md 'title') ![c](d(1).png) <a href=\"e.md\">\n\n[f]: <g h.md>\n~~~\n[x](y)\n~~~\n[^n]: z\n`` [i](j) ``\n"
    )

    assert [(link.target, link.line) for link in links(text)] == [
        ("b.md", 1),
        ("d(1).png", 1),
        ("e.md", 1),
        ("g h.md", 3),
    ]


def test_headings_are_named_as_forges_do() -> None:
    named = anchors("# A `b` & C_d\n## [Link](x.md)\nTitle\n---\n# A `b` & C_d\n<a id='own'>\n```\n# none\n```\n")

    assert named == {simple("a-b--c_d"), "link", "title", "a-b-c-d-1", "own"}


def test_lines_that_nobody_wrote_are_not_searched() -> None:
    assert [link.target for link in links("[a](b.md) " * 100_000 + "\nx" + "`" * 100_000 + "\n[c](d.md)\n")] == ["d.md"]
