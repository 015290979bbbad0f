"""`stems validate`: is the repository fit to be planned from?"""

from __future__ import annotations

import click

from stems.cli import output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.findings import findings_document, render_findings
from stems.errors import ExitCode, UsageError
from stems.lifecycle.validate import Wanted, validate_working_tree
from stems.validation.check import Judgement


@click.command()
@click.option("--all", "every_stage", is_flag=True, help="Go on after a stage that has an error.")
@click.option(
    "--changed", "since", is_flag=False, flag_value="HEAD", metavar="[REF]",
    help="Only what differs from REF, or from HEAD without one; new files count.",
)  # fmt: skip
@click.option("--no-linters", is_flag=True, help="Ask no linters of other people, which takes less time.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing its meaning.")
@click.option("--sarif", is_flag=True, help="One SARIF document on standard output, for forges and editors.")
@as_json
def validate(*, every_stage: bool, since: str | None, no_linters: bool, fix: bool, sarif: bool, json: bool) -> ExitCode:
    """Judge the working tree by every rule, stage by stage, up to the first one that has an error.

    No node is asked. The files count as they are now, committed or not; ignored files do not. `stems plan` judges the
    commit that it plans by the same rules, without linters. `stems explain CODE` says what a finding means.

    With --changed the rules judge everything, and only findings about files that differ are shown and count; linters
    read those files alone. REF is a commit or a branch: compared is with where this one left it.

    With --fix files of the working tree are written. Nothing is staged: review it with `git diff`.
    """
    if sarif and json:
        raise UsageError("--json and --sarif are two documents", remedy="ask for one of them")
    if fix and sarif:
        raise UsageError("--sarif cannot say what was fixed", remedy="fix first, then ask for it")
    wanted = Wanted(every_stage, linters=not no_linters, since=since or "")
    judgement = _fix(wanted, json=json) if fix else validate_working_tree(here(), wanted)
    if not fix:
        _show(judgement, sarif=sarif, json=json)
    return ExitCode.DONE if judgement.is_valid else ExitCode.RULE_BROKEN


def _show(judgement: Judgement, *, sarif: bool, json: bool) -> None:
    if json:
        output.say_json(findings_document(judgement))
    elif sarif:
        from stems.cli.render.sarif import sarif_document  # noqa: PLC0415  # only a forge pays for it

        output.say_json(sarif_document(judgement))
    else:
        output.say_lines(render_findings(judgement))


def _fix(wanted: Wanted, *, json: bool) -> Judgement:
    from stems.cli.render.fix import fixes_document, render_fixes  # noqa: PLC0415  # only who fixes pays for it
    from stems.lifecycle.fix import fix_working_tree  # noqa: PLC0415  # as above

    fixes = fix_working_tree(here(), wanted)
    if json:
        output.say_json({**findings_document(fixes.judgement), **fixes_document(fixes)})
    else:
        output.say_lines((*render_fixes(fixes), *render_findings(fixes.judgement)))
    return fixes.judgement
