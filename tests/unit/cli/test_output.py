"""One block for an error, colour only where somebody looks, and nothing that steers a terminal."""

from __future__ import annotations

import io
import json
import sys

import click
import pytest

from stems.cli import output
from stems.cli.render.text import MARKS, age, columns, count, marked, size
from stems.errors import ToolError

ERROR = ToolError(
    'prtr: Ansible stopped at "restart docker"',
    ran="ansible-playbook site.yml --limit prtr",
    said="\n".join(f"line {number}" for number in range(1, 13)),
    remedy="unmask it on prtr, then run `stems plan`\nor leave it out",
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_error_is_one_aligned_block_with_the_last_ten_lines() -> None:
    assert [click.unstyle(line) for line in output.error_lines(ERROR)] == [
        'error: prtr: Ansible stopped at "restart docker"',
        "  ran: ansible-playbook site.yml --limit prtr",
        " said: line 3",
        *(f"       line {number}" for number in range(4, 13)),
        " next: unmask it on prtr, then run `stems plan`",
        "       or leave it out",
    ]


def test_an_error_without_more_is_one_line() -> None:
    assert [click.unstyle(line) for line in output.error_lines(ToolError("prtr: gone"))] == ["error: prtr: gone"]


def test_what_a_tool_said_cannot_steer_the_terminal() -> None:
    error = ToolError("a\x1b[2J", ran="b\x1b]0;x\x07", said="c\x1bc\u202e", remedy="d\x1b[8m")

    assert "\x1b[8m" not in "".join(output.error_lines(error))
    assert "\x1b[2J" not in "".join(output.error_lines(error))
    assert not {"\x07", "\u202e"} & set("".join(output.error_lines(error)))


def test_only_the_programs_own_colours_reach_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for show in (output.say, output.tell):
        show(marked("bad", "a\x1b[2Jb\x1b]0;title\x07\x1b[8m\x9b31m\r\u202ec\td"))
    out, err = capsys.readouterr()

    assert out == err == click.style("✗ a�[2Jb�]0;title��[8m�31m��c\td", fg="red") + "\n"


def test_a_part_that_is_not_dim_is_plain_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    """What ends a style is the program's own, too."""
    output.say(click.style("--- ~/.tmux.conf", dim=False, bold=False))

    assert capsys.readouterr().out == "--- ~/.tmux.conf\n"


def test_a_document_is_the_same_and_steers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"größe": "a\x1b[2J\x9b\x7f\u202e\u2028\n"}
    output.say_json(document)
    out = capsys.readouterr().out

    assert not {"\x1b", "\x9b", "\x7f", "\u202e", "\u2028"} & set(out)
    assert json.loads(out) == document and "größe" in out


def test_an_error_as_a_document_has_every_part() -> None:
    assert output.error_document(ERROR) == {
        "schema": "stems.error/1",
        "problem": ERROR.problem,
        "ran": ERROR.ran,
        "said": ERROR.said,
        "remedy": ERROR.remedy,
        "exit_code": 1,
        "findings": [],
    }


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (Terminal, {}, True),
        (Terminal, {"NO_COLOR": ""}, False),
        (Terminal, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (Terminal, {"TERM": "dumb"}, False),
        (io.StringIO, {}, False),
        (io.StringIO, {"FORCE_COLOR": "1"}, True),
    ],
)
def test_colour_is_only_for_who_looks_and_wants_it(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], environment: dict[str, str], coloured: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, stream())
    output.say(marked("bad", "no"))
    output.show_error(ERROR)
    written = (sys.stdout, sys.stderr)

    assert [("\x1b[" in each.getvalue()) for each in written if isinstance(each, io.StringIO)] == [coloured] * 2


def test_results_and_messages_go_different_ways(capsys: pytest.CaptureFixture[str]) -> None:
    output.say("result")
    output.tell("progress")
    output.warn("careful", "look")

    assert capsys.readouterr() == ("result\n", "progress\nwarning: careful\n   next: look\n")


def test_every_meaning_has_a_sign_of_its_own() -> None:
    assert len({sign for sign, _ in MARKS.values()}) == len(MARKS)


def test_columns_are_as_wide_as_what_is_seen() -> None:
    assert [click.unstyle(line) for line in columns([("a", marked("good", "x"), ""), ("bbb", "y", "z")])] == [
        "a    ✓ x",
        "bbb  y    z",
    ]
    assert columns([]) == []


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7300, "2 h"), (200000, "2 d")])
def test_an_age_is_in_the_largest_unit_that_fits(seconds: float, text: str) -> None:
    assert age(seconds) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0B"), (1023, "1023B"), (1024, "1.0K"), (10240, "10K"), (3 * 1024**3, "3.0G"), (1e18, "909495T")],
)
def test_a_size_has_a_binary_unit(amount: float, text: str) -> None:
    assert size(amount) == text


def test_one_is_singular() -> None:
    assert [count(number, "node") for number in (0, 1, 2)] == ["0 nodes", "1 node", "2 nodes"]
