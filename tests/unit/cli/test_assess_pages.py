"""An assessment is the same on a terminal, as JSON, Markdown and HTML; no page needs or runs anything else."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from stems.__main__ import run
from stems.cli.render.assess import render_assessment
from stems.cli.render.assess_html import render_html
from stems.cli.render.assess_markdown import render_markdown
from stems.cli.render.assessment import assessment_document
from stems.lifecycle.assess import assess
from stems.model.cluster import CLUSTER_FILE
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
