"""What is wrong with a dotfiles tree is said with its place, before any node is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.tools.base import Job
from stems.tools.files.tool import check, claims
from tests.support.dotfiles import NODE, Dotfiles, Files, Link

OPTIONS = ".stems-files.yml"


def found(job: Job) -> list[tuple[str, str, str]]:
    return [(finding.code, str(finding.place), finding.message) for finding in check(job)]


def only(job: Job) -> tuple[str, str, str]:
    (finding,) = found(job)
    return finding


def test_a_good_tree_has_no_findings(tmp_path: Path) -> None:
    tree: Files = {
        OPTIONS: 'modes:\n  ".ssh/": "0700"\n  .ssh/config: "0600"\nignore: [README.md, /notes/]\n',
        ".ssh/config.j2": "Host {{ name }}\n",
        "bin/link": Link("../.ssh/config"),
        "README.md": "",
        "notes/a.j2": "{{ not rendered }}",
    }

    assert found(Dotfiles(tmp_path, {"name": "x"}).job(tree)) == []


def test_an_undefined_variable_is_named_with_its_line_and_nodes(tmp_path: Path) -> None:
    job = Dotfiles(tmp_path).job({".a.j2": "one\ntwo {{ nas_path }}\n"})
    job = replace(job, variables={"red": {}, "green": {}, "blue": {"nas_path": "/nas"}})

    assert only(job) == ("STM301", "dotfiles/.a.j2:2", "'nas_path' is undefined (on red, green)")


def test_a_template_with_bad_syntax(tmp_path: Path) -> None:
    code, place, _ = only(Dotfiles(tmp_path).job({".a.j2": "one\n{% if %}\n"}))

    assert (code, place) == ("STM301", "dotfiles/.a.j2:2")


def test_an_error_in_an_included_file_is_at_its_own_line(tmp_path: Path) -> None:
    tree: Files = {".a.j2": "\n{% include 'part' %}", "part": "x\ny\n{{ gone }}", OPTIONS: "ignore: [part]\n"}

    assert only(Dotfiles(tmp_path).job(tree))[:2] == ("STM301", "dotfiles/part:3")


@pytest.mark.parametrize(
    "text", ["{{ ''.__class__.__mro__ }}", "{{ 1 / 0 }}", "{{ [].append(1) }}", "{{ [1] | random }}", b"\xff{{ 1 }}"]
)
def test_whatever_a_template_raises_is_a_finding(tmp_path: Path, text: str | bytes) -> None:
    assert only(Dotfiles(tmp_path).job({".a.j2": text}))[0] == "STM301"


def test_what_is_included_and_is_not_there_is_named(tmp_path: Path) -> None:
    code, place, message = only(Dotfiles(tmp_path).job({".a.j2": "one\n{% include '/etc/passwd' %}\n"}))

    assert (code, place) == ("STM301", "dotfiles/.a.j2:2")
    assert message.startswith("includes /etc/passwd, which is no tracked file of the source (on ")


def test_a_template_that_makes_too_much_is_a_finding(tmp_path: Path) -> None:
    code, place, message = only(Dotfiles(tmp_path).job({".a.j2": "one\n{{ 'a' * 10000000000 }}\n"}))

    assert (code, place) == ("STM301", "dotfiles/.a.j2:2")
    assert message.startswith("makes more than 8 MiB (on ")


def test_two_sources_of_one_target(tmp_path: Path) -> None:
    finding = only(Dotfiles(tmp_path).job({".a": "", ".a.j2": ""}))

    assert finding == ("STM302", "dotfiles/.a.j2", "~/.a would also be written by dotfiles/.a")


def test_a_file_and_a_directory_of_one_name(tmp_path: Path) -> None:
    assert only(Dotfiles(tmp_path).job({"a.j2": "", "a/b": ""}))[0] == "STM302"


@pytest.mark.parametrize(
    "name", ["two\nlines", "a\tb", "esc\x1b", "turn\u202earound", "sub/.j2", ".local/state/stems/x"]
)
def test_names_that_are_refused(tmp_path: Path, name: str) -> None:
    assert [finding[0] for finding in found(Dotfiles(tmp_path).job({name: ""}))] == ["STM303"]


@pytest.mark.parametrize("to", ["/etc/passwd", "../../x", "../.."])
def test_symlinks_out_of_the_home_are_refused(tmp_path: Path, to: str) -> None:
    assert only(Dotfiles(tmp_path).job({"sub/link": Link(to)}))[:2] == ("STM304", "dotfiles/sub/link")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("modes: {a: 600}", ":1:12"),
        ('modes: {missing: "0600"}', ":1:9"),
        ('modes: {"a/": "0700"}', ":1:9"),
        ("mode: {}", ":1:1"),
        ("ignore: README", ":1:9"),
        ("- a", ":1:1"),
        ("modes: {", ""),
    ],
)
def test_options_that_are_wrong(tmp_path: Path, text: str, place: str) -> None:
    code, where, _ = only(Dotfiles(tmp_path).job({OPTIONS: text, "a": ""}))

    assert code == "STM305"
    assert where.startswith(f"dotfiles/{OPTIONS}{place}")


def test_an_empty_source_would_remove_everything(tmp_path: Path) -> None:
    assert only(Dotfiles(tmp_path).job({}))[:2] == ("STM300", "dotfiles")


def test_claims_name_the_file_and_its_place(tmp_path: Path) -> None:
    dotfiles = Dotfiles(tmp_path, account="alice")
    claimed = claims(dotfiles.job({".a.j2": "", "b/c": Link("d"), OPTIONS: ""}), NODE)

    assert [(claim.resource, str(claim.place)) for claim in claimed] == [
        ("file:~alice/.a", "dotfiles/.a.j2"),
        ("file:~alice/b/c", "dotfiles/b/c"),
    ]


def test_only_tracked_files_count(tmp_path: Path) -> None:
    job = Dotfiles(tmp_path).job({"a": ""})
    (job.source / "untracked").touch()

    assert [claim.resource for claim in claims(job, NODE)] == ["file:~/a"]
