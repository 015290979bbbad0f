"""An assessment is the same on a terminal, as JSON, Markdown and HTML; no page needs or runs anything else."""

from __future__ import annotations

import json
import re
import socket
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from stems.__main__ import run
from stems.cli.render.assess import render_assessment
from stems.cli.render.assess_html import render_html
from stems.cli.render.assess_markdown import render_markdown
from stems.cli.render.assessment import assessment_document, parts_of
from stems.errors import ExitCode
from stems.lifecycle.assess import assess
from stems.model.cluster import CLUSTER_FILE
from tests.support.scratch import Scratch
from tests.unit.lifecycle.assessment.trees import written
from tests.unit.lifecycle.conftest import home

__all__ = ["home"]

HOSTILE = "<script>alert(1)</script>"
FILES = {
    "hosts.ini": "[a]\ncrtr ansible_host=192.0.2.1\n",
    f"{HOSTILE.replace('/', '_')}/compose.yml": "services:\n  web: {image: '<img src=x>'}\n",
    "README.md": "a\n",
    "deploy.sh": f"for node in a b; do ssh $node '{HOSTILE}'; done\n",
}

CLUSTER = """\
version: 1
cluster: {{name: home}}
checkout: ~/home-config
nodes:
  crtr: {{hostname: crtr, ssh: {{host: 127.0.0.1, port: {port}}}}}
"""


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def page(root: Path) -> str:
    return render_html(assessment_document(assess(written(root / "home", FILES).root)))


def test_a_page_needs_nothing_else(tmp_path: Path) -> None:
    text = page(tmp_path)
    tags = Tags()
    tags.feed(text)

    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in tags.found}
    assert not any(name in ("src", "href", "onload", "style") for _, attributes in tags.found for name in attributes)
    assert "url(" not in text and "@import" not in text
    assert "default-src 'none'" in text and "prefers-color-scheme: dark" in text and "@media print" in text


def test_what_a_repository_says_stays_text(tmp_path: Path) -> None:
    text = page(tmp_path)

    assert "&lt;script&gt;" in text and "&lt;img src=x&gt;" in text
    assert "<script>" not in text.lower()


def test_a_page_is_well_formed_and_has_its_picture(tmp_path: Path) -> None:
    text = page(tmp_path)
    for tag in ("div", "table", "tr", "td", "svg", "ol", "li", "p", "code", "h2", "h3", "text"):
        assert len(re.findall(rf"<{tag}[\s>]", text)) == text.count(f"</{tag}>"), tag

    assert '<text class="name" x="16" y="26">crtr</text>' in text


def test_markdown_keeps_what_is_special_in_it(tmp_path: Path) -> None:
    document = assessment_document(
        assess(written(tmp_path / "home", {**FILES, "a|b/compose.yml": "services: {}\n"}).root)
    )
    lines = list(render_markdown(document))

    assert any(r"\<script\>" in line for line in lines)
    rows = [line for line in lines if line.startswith("|")]
    assert rows and all(len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", row))) > 3 for row in rows)


def test_every_way_to_tell_it_tells_the_same(tmp_path: Path) -> None:
    found = assess(written(tmp_path / "home", FILES).root)
    terminal = "\n".join(render_assessment(found))
    document = assessment_document(found)
    html, markdown = render_html(document), "\n".join(render_markdown(document))

    for step in found.steps:
        assert step.title in terminal and step.title in html and step.title in markdown
    for view in found.pillars:
        assert view.pillar.value in terminal and view.pillar.value in html and view.pillar.value in markdown


def test_the_command_ends_well_whatever_it_finds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(written(tmp_path / "home", FILES).root)

    assert run(["assess", root]) == 0
    assert "loops over nodes" in capsys.readouterr().out
    assert run(["assess", root, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "stems.assessment/1"
    assert run(["assess", root, "--markdown", "--html", str(tmp_path / "page.html")]) == 0
    assert capsys.readouterr().out.startswith("# Assessment of home\n")
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield


@pytest.mark.usefixtures("home", "short")
def test_a_node_that_does_not_answer_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    # Nobody listens there any more.
    scratch = Scratch(tmp_path / "home-config")
    scratch.commit({CLUSTER_FILE: CLUSTER.format(port=port), "README.md": "a\n"}, "Begin")

    assert run(["assess", str(scratch.root), "--live"]) == ExitCode.UNKNOWN
    told = capsys.readouterr().out
    assert "on the nodes\n  ? crtr: " in told and "    next: " in told
    assert run(["assess", str(scratch.root), "--live", "--json"]) == ExitCode.UNKNOWN
    (node,) = json.loads(capsys.readouterr().out)["live"]
    assert (node["node"], node["known"]) == ("crtr", False) and str(port) in node["reason"]
    assert run(["assess", str(scratch.root)]) == ExitCode.DONE


def test_what_is_to_be_typed_is_code_on_every_page(tmp_path: Path) -> None:
    document = assessment_document(assess(written(tmp_path / "home", FILES).root))
    document["steps"][0]["how"] = "type `stems validate --all | less`, not ` or <b> & _x_"
    document["questions"][0]["gaps"][0]["message"] = "a|b and `c|d`"
    document["questions"][0]["gaps"][0]["next"] = "`ls`"
    markdown, html = "\n".join(render_markdown(document)), render_html(document)

    assert "type `stems validate --all | less`, not \\` or \\<b\\> \\& \\_x\\_" in markdown
    assert "type <code>stems validate --all | less</code>, not ` or &lt;b&gt; &amp; _x_" in html
    assert "* a\\|b and `c|d`" in markdown
    assert "next: <code>ls</code>" in html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", [("a", False)]),
        ("`a`", [("a", True)]),
        ("a `b` c", [("a ", False), ("b", True), (" c", False)]),
        ("a ` b", [("a ` b", False)]),
        ("`a` and `", [("a", True), (" and `", False)]),
        ("``", [("``", False)]),
        ("", []),
    ],
)
def test_code_is_what_stands_between_backticks(text: str, expected: list[tuple[str, bool]]) -> None:
    assert list(parts_of(text)) == expected


@pytest.mark.parametrize(
    "more",
    [["--json", "--markdown"], ["--live"], ["--ref", "main"], ["--live", "--ref", "x"], ["--html", "/nowhere/x.html"]],
)
def test_what_cannot_be_told_is_an_error_with_a_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    root = str(written(tmp_path / "home", FILES).root)
    code = run(["assess", root, *more])

    assert code == (1 if "--html" in more else 2)
    assert " next: " in capsys.readouterr().err or "--json" in more


def test_a_proposal_is_printed_or_written_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = written(tmp_path / "home", FILES).root
    monkeypatch.chdir(root)

    assert run(["adopt"]) == 0 and not (root / CLUSTER_FILE).exists()
    text = capsys.readouterr().out
    assert run(["adopt", "--write"]) == 0 and (root / CLUSTER_FILE).read_text() == text
    assert "read the" in capsys.readouterr().out
    assert run(["adopt", "--write"]) == 2
    assert run(["adopt", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["proposal"]["exists"] is True
    assert run(["adopt", "crtr", "--write"]) == 2
