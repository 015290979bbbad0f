"""What linters were recorded to print is read as findings with places, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.infrastructure.command import Effect, Result
from stems.model.finding import Finding, Severity
from stems.validation.files import Files
from stems.validation.linters.ansible_lint import ansible_lint_command, parse_ansible_lint
from stems.validation.linters.compose_lint import compose_lint_command, parse_compose_lint
from stems.validation.linters.linter import Question
from stems.validation.linters.secret_scanner import auto_command, dir_command, parse_secret_scanner
from stems.validation.linters.shellcheck import parse_shellcheck, shellcheck_command
from stems.validation.linters.yamllint import parse_yamllint, yamllint_command

RECORDINGS = Path(__file__).parent / "recordings"
PRIVATE = Path("/tmp/stems-private")
QUESTION = Question(("scripts/notify.sh",), private=PRIVATE, root=Path("/r"), program="p")


def recorded(name: str, status: int = 0) -> Result:
    return Result(status, (RECORDINGS / name).read_bytes())


def shown(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(str(found.place), found.linter_code, found.severity.value) for found in findings]


def test_yamllint() -> None:
    found = list(parse_yamllint(QUESTION, recorded("yamllint-1.38.0.txt", 1)))

    assert shown(found) == [
        ("services/web/bad.yml:2:4", "anchors", "warning"),
        ("services/web/bad.yml:3:1", "key-duplicates", "warning"),
        ("services/web/bad.yml:2:4", "anchors", "warning"),
        ("services/web/syntax.yml:2:1", "syntax", "warning"),
    ]
    assert found[0].message == 'found duplicated anchor "x" (yamllint: anchors)'


def test_shellcheck() -> None:
    found = shown(list(parse_shellcheck(QUESTION, recorded("shellcheck-0.11.0.json", 1))))

    assert ("scripts/a.sh:3:8", "SC2115", "warning") in found
    assert ("scripts/a.sh:6:8", "SC2034", "note") in found
    assert [each for each in found if each[0].startswith("scripts/b.sh")] == [
        ("scripts/b.sh:2:10", "SC1073", "warning")
    ]


def test_ansible_lint() -> None:
    found = list(
        parse_ansible_lint(Question(("ansible/site.yml",), "ansible"), recorded("ansible-lint-26.10.1.json", 2))
    )

    assert shown(found) == [
        ("ansible/roles/web/tasks/main.yml:1", "command-instead-of-module", "note"),
        ("ansible/site.yml:1:3", "partial-become[play]", "warning"),
        ("ansible/site.yml:4", "no-jinja-when", "warning"),
        ("ansible/site.yml:7", "command-instead-of-module", "note"),
        ("ansible/site.yml:7", "command-instead-of-shell", "note"),
    ]


def test_a_role_that_is_not_here_is_no_mistake_and_no_silence() -> None:
    (found,) = parse_ansible_lint(QUESTION, recorded("ansible-lint-26.10.1-missing-role.json", 2))

    assert found.severity is Severity.NOTE and "went no further" in found.message and "/tmp" not in found.message


def test_compose_lint_without_a_configuration_says_what_is_high() -> None:
    found = list(parse_compose_lint(QUESTION, recorded("compose-lint-0.36.2.json", 1)))

    assert {code for _, code, _ in shown(found)} == {
        "CL-0001", "CL-0002", "CL-0008", "CL-0010", "CL-0020", "CL-0024", "CL-0025",
    }  # fmt: skip
    assert not any("hunter2" in each.message for each in found)


def test_compose_lint_with_one_says_all_that_is_asked_for() -> None:
    question = Question(("services/web/compose.yml",), is_configured=True)
    found = shown(list(parse_compose_lint(question, recorded("compose-lint-0.36.2.json", 1))))

    assert ("services/web/compose.yml:15", "CL-0005", "note") in found


def test_compose_lint_says_what_it_could_not_read() -> None:
    (found,) = parse_compose_lint(QUESTION, recorded("compose-lint-0.36.2-broken.json", 2))

    assert (found.place.path, found.linter_code) == ("services/web/broken.yml", "syntax")


@pytest.mark.parametrize(
    ("name", "place"),
    [("gitleaks-8.30.1.json", "scripts/notify.sh:2"), ("betterleaks-2.0.0-rc.4.json", "scripts/notify.sh:2:25")],
)
def test_a_secret_is_found_and_not_repeated(name: str, place: str) -> None:
    (found,) = parse_secret_scanner(QUESTION, recorded(name))

    assert shown([found]) == [(place, "gitlab-pat", "warning")]
    assert "glpat" not in found.message + found.remedy


def test_half_a_scan_is_no_answer() -> None:
    whole = (RECORDINGS / "betterleaks-2.0.0-rc.4.json").read_text()

    with pytest.raises(ValueError, match="end"):
        list(parse_secret_scanner(QUESTION, Result(0, whole.replace('"complete"', '"partial"').encode())))


@pytest.mark.parametrize("output", [b"null", b"[]"])
def test_without_a_secret_there_is_none(output: bytes) -> None:
    assert list(parse_secret_scanner(QUESTION, Result(0, output))) == []


def test_their_own_configuration_counts() -> None:
    own = Question(("a.yml",), "x", is_configured=True, program="p")

    assert "-d" in yamllint_command(QUESTION).argv and "-d" not in yamllint_command(own).argv
    assert "--profile=basic" in ansible_lint_command(QUESTION).argv
    assert "--profile=basic" not in ansible_lint_command(own).argv
    leaks = Question((), root=Path("/r"), files=Files(Path("/r"), [".gitleaks.toml"]))
    assert "/r/.gitleaks.toml" in dir_command(leaks).argv and "--config" in auto_command(leaks).argv


def test_none_of_them_may_write_into_the_repository() -> None:
    asking = (yamllint_command, shellcheck_command, compose_lint_command, ansible_lint_command, dir_command)

    assert all(ask(QUESTION).effect is not Effect.WRITES for ask in asking)
    assert "--offline" in ansible_lint_command(QUESTION).argv
