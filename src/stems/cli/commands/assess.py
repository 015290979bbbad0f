"""`stems assess`: what a repository has, and what the methodology would add."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from stems.cli import output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.assess import render_assessment
from stems.cli.render.assessment import assessment_document
from stems.errors import ExitCode, ToolError, UsageError
from stems.lifecycle.assess import assess as assess_folder
from stems.model.assessment import Assessment


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--ref", default="", metavar="REF", help="A commit instead of the files as they are now.")
@click.option("--live", is_flag=True, help="Ask the nodes of config/cluster.yml as well.")
@click.option("--markdown", is_flag=True, help="A Markdown page on standard output.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Also write an HTML page."
)
@as_json
def assess(*, path: Path | None, ref: str, live: bool, markdown: bool, html: Path | None, json: bool) -> ExitCode:
    """Say what a repository has, how it is configured, and what the methodology would add, with the places for it.

    PATH is a folder, with or without Git, or a Git directory without files; the default is the repository of the
    current folder. It needs no config/cluster.yml. Nothing of the repository is run, and without --live no node is
    asked. An assessment is no judgement: what it finds does not change the exit code.
    """
    if markdown and json:
        raise UsageError("--json and --markdown are two documents", remedy="ask for one of them")
    if live and ref:
        raise UsageError("--live asks for the current commit, and --ref names another", remedy="leave one of them out")
    found = assess_folder(path or here(), ref=ref, whole=path is None)
    if live:
        from stems.lifecycle.assessment.live import look_at_nodes  # noqa: PLC0415  # only who asks nodes pays for SSH

        found = replace(found, live=look_at_nodes(path or here()))
    _tell(found, markdown=markdown, json=json)
    if html:
        _write(html, found)
    return ExitCode.UNKNOWN if any(not node.is_known for node in found.live or ()) else ExitCode.DONE


def _tell(found: Assessment, *, markdown: bool, json: bool) -> None:
    if json:
        output.say_json(assessment_document(found))
    elif markdown:
        from stems.cli.render.assess_markdown import render_markdown  # noqa: PLC0415  # as below

        output.say_lines(render_markdown(assessment_document(found)))
    else:
        output.say_lines(render_assessment(found))


def _write(target: Path, found: Assessment) -> None:
    from stems.cli.render.assess_html import render_html  # noqa: PLC0415  # only who wants a page pays for templates

    try:
        target.write_text(render_html(assessment_document(found)), encoding="utf-8", errors="replace")
    except OSError as error:
        raise ToolError(f"{target}: cannot be written: {error.strerror}", remedy="name another file") from None
    output.tell(f"wrote {target}")
