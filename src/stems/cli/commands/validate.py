"""`stems validate`: is the repository fit to be planned from?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from stems.cli import output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.text import bold, count, dim, marked
from stems.errors import ExitCode
from stems.lifecycle.validate import validate_working_tree
from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.validation.check import has_errors

_MARKS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "none"}


@click.command()
@as_json
def validate(*, json: bool) -> ExitCode:
    """Judge the working tree: the file, the schema, what each tool can check, and that nothing has two owners.

    No node is asked. The files count as they are now, committed or not; ignored files do not. `stems plan` judges the
    commit that it plans by the same rules.
    """
    findings = validate_working_tree(here())
    if json:
        output.say_json(findings_document(findings))
    else:
        output.say_lines(render_findings(findings))
    return ExitCode.RULE_BROKEN if has_errors(findings) else ExitCode.DONE


def findings_document(findings: Sequence[Finding]) -> dict[str, object]:
    valid = not has_errors(findings)
    return {"schema": "stems.validate/1", "valid": valid, "findings": [finding.to_json() for finding in findings]}


def render_findings(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield from _lines(finding)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    others = len(findings) - errors
    if errors:
        yield marked("bad", count(errors, "error") + (f", {count(others, 'other finding')}" if others else ""))
    else:
        yield marked("good", "valid" + (f", {count(others, 'finding')}" if others else ""))


def _lines(finding: Finding) -> Iterator[str]:
    what = marked(_MARKS[finding.severity], finding.severity.value)
    yield f"{what} {bold(printable(str(finding.place)))}: {printable(finding.message)} {dim(f'({finding.code})')}"
    if finding.remedy:
        yield f"   {dim('next:')} {printable(finding.remedy)}"
