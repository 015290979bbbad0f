"""A finding that a person accepts is not shown; an exception without a reason is one itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from stems.model.finding import Finding, Place
from stems.model.rule_exception import RuleException
from stems.tools.exceptions import Exceptions

TEXT = """\
# stems: allow STM901: above it
# with more words
one: 1
two: 2  # stems: allow STM901 in its line
# stems: allow STM901

three: 3
# stems: allow STM902: another
four: 4
# stems: allow STM901
five: 5
"""


def found(line: int, code: str = "STM901", path: str = "a/b.yml") -> Finding:
    return Finding(code, Place(path, line, 1), "wrong")


def judged(exceptions: Exceptions, *findings: Finding) -> list[str]:
    return [f"{each.code} {each.place}" for each in exceptions.judged(findings)]


def test_what_is_accepted_beside_it_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.yml").write_text(TEXT)
    exceptions = Exceptions(tmp_path)

    assert judged(exceptions, found(3), found(4)) == []
    assert judged(exceptions, found(7), found(9), found(1, path="a/none.yml"), found(99)) == [
        "STM901 a/b.yml:7:1", "STM901 a/b.yml:9:1", "STM901 a/none.yml:1:1", "STM901 a/b.yml:99:1",
    ]  # fmt: skip


def test_without_a_reason_it_does_not_count_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.yml").write_text(TEXT)

    assert judged(Exceptions(tmp_path), found(11)) == ["STM121 a/b.yml:10", "STM901 a/b.yml:11:1"]


def test_no_file_outside_of_the_tree_is_read(tmp_path: Path) -> None:
    (tmp_path / "outside.yml").write_text("x  # stems: allow STM901: no\n")
    (tmp_path / "tree").mkdir()

    assert judged(Exceptions(tmp_path / "tree"), found(1, path="../outside.yml")) == ["STM901 ../outside.yml:1:1"]


def test_a_list_names_files_folders_and_patterns_until_a_day() -> None:
    def listed(where: str, until: date | None = None) -> Exceptions:
        entry = RuleException("STM901", where, "because", Place("config/exceptions.yml", 3), until)
        return Exceptions(None, [entry], today=date(2026, 5, 1))

    for where in ("a/b.yml", "a/", "a", "*.yml", "a/*"):
        assert judged(listed(where), found(1)) == [], where
    assert judged(listed("a/b"), found(1)) == ["STM901 a/b.yml:1:1"]
    assert judged(listed("a/"), found(1, "STM902")) == ["STM902 a/b.yml:1:1"]
    assert judged(listed("a/", date(2026, 5, 1)), found(1)) == []
    (late,) = listed("a/", date(2026, 4, 30)).judged([found(1)])
    assert late.message == "wrong (its exception ended on 2026-04-30)"


def test_a_comment_counts_until_its_day(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.yml").write_text(
        "one: 1  # stems: allow STM901 until 2026-05-01: the vendor mends it\n"
        "two: 2  # stems: allow STM901 until 2026-04-30: the vendor mends it\n"
        "three: 3  # stems: allow STM901 until 2026-13-99: no day\n"
        "four: 4  # stems: allow STM901 until 2027-01-01\n"
    )
    exceptions = Exceptions(tmp_path, today=date(2026, 5, 1))

    assert judged(exceptions, found(1)) == []
    (late,) = exceptions.judged([found(2)])
    assert late.message == "wrong (its exception ended on 2026-04-30)"
    assert judged(exceptions, found(3)) == ["STM901 a/b.yml:3:1"]
    assert judged(exceptions, found(4)) == ["STM121 a/b.yml:4", "STM901 a/b.yml:4:1"]


def test_comments_of_other_languages_count(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.yml").write_text(
        "[x](gone.md) <!-- stems: allow STM901: made by the build -->\n"
        "; stems: allow STM901: an INI file\n[web]\n"
        "// stems: allow STM901: JSON with comments\n{}\n"
        "{{/* stems: allow STM901: a template */}}\n{{ .x }}\n"
        "<!-- stems: allow STM901 -->\n[y](gone.md)\n"
    )

    assert judged(Exceptions(tmp_path), found(1), found(3), found(5), found(7)) == []
    assert judged(Exceptions(tmp_path), found(9)) == ["STM121 a/b.yml:8", "STM901 a/b.yml:9:1"]
