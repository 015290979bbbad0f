"""`stems validate`: is the repository fit to be planned from?"""

from __future__ import annotations

import click

from stems.cli import output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.findings import findings_document, render_findings
from stems.errors import ExitCode, UsageError
from stems.lifecycle.validate import validate_working_tree


@click.command()
@click.option("--all", "every_stage", is_flag=True, help="Go on after a stage that has an error.")
@click.option("--sarif", is_flag=True, help="One SARIF document on standard output, for forges and editors.")
@as_json
def validate(*, every_stage: bool, sarif: bool, json: bool) -> ExitCode:
    """Judge the working tree by every rule, stage by stage, up to the first one that has an error.

    No node is asked. The files count as they are now, committed or not; ignored files do not. `stems plan` judges the
    commit that it plans by the same rules. `stems explain CODE` says what a finding means.
    """
    if sarif and json:
        raise UsageError("--json and --sarif are two documents", remedy="ask for one of them")
    judgement = validate_working_tree(here(), every_stage=every_stage)
    if json:
        output.say_json(findings_document(judgement))
    elif sarif:
        from stems.cli.render.sarif import sarif_document  # noqa: PLC0415  # only a forge pays for it

        output.say_json(sarif_document(judgement))
    else:
        output.say_lines(render_findings(judgement))
    return ExitCode.DONE if judgement.is_valid else ExitCode.RULE_BROKEN
