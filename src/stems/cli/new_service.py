"""`stems new service`: a service from the template, its place and the reason for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import click

from stems.cli import completion, output
from stems.cli.asked_service import answered, asked_place, can_be_asked
from stems.cli.options import as_json
from stems.cli.render.new_service import new_service_document, render_new_service, render_would
from stems.cli.render.place import proposed_reason, render_place
from stems.cli.working_tree import working_tree
from stems.cli.workspace import can_ask, confirm
from stems.errors import CancelledError, UsageError
from stems.lifecycle.place import Candidate, Placement
from stems.lifecycle.placing import choose
from stems.lifecycle.service.mistakes import require_new, require_node, require_valid
from stems.lifecycle.service.new import Draft, decided, draft_of, places_for, write_service
from stems.lifecycle.service.wanted import COMPOSE, SYSTEMD, Wanted, folder_of
from stems.model.service import Data


@click.command("service")
@click.argument("name")
@click.option("--image", default="", metavar="IMAGE:TAG", help="What runs, with its version.")
@click.option("--port", default="", metavar="[NODE:]PORT", help="Where it listens; first where on its node.")
@click.option("--health", default="", metavar="PATH|COMMAND",
    help="A path that answers when it is well, or a command to run inside of it. Default: /.")  # fmt: skip
@click.option("--memory", default="", metavar="SIZE", help="What it may use at most. Default: 256M.")
@click.option("--data", default="", type=click.Choice(["", *(one.value for one in Data)]), metavar="WHERE",
    help="none, local or shared. Default: local for images that are known to keep some.")  # fmt: skip
@click.option("--data-path", default="", metavar="PATH",
    help="Where the program keeps it; with shared data FOLDER-OF-THE-NODE:PATH.")  # fmt: skip
@click.option("--secret", "secrets", multiple=True, metavar="KEY", help="A key of its .env; may be repeated.")
@click.option("--requires-gpu", "gpu", default=0, type=click.IntRange(0, 1000), metavar="N", help="How many GPUs.")
@click.option("--command", default="", metavar="TEXT", help="What it starts. Default: what the image does.")
@click.option("--systemd", is_flag=True, help="A unit of systemd instead of a Compose project.")
@click.option("--node", default="", shell_complete=completion.nodes, help="Where it runs. Default: the best one.")
@click.option("--reason", default="", metavar="TEXT", help="Why it runs there.")
@click.option("--no-decision", is_flag=True, help="Write no page to docs/decisions/.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@as_json
def new_service(  # noqa: PLR0913  # one for each option
    *,
    name: str,
    systemd: bool,
    secrets: Sequence[str],
    node: str,
    reason: str,
    no_decision: bool,
    yes: bool,
    json: bool,
    **options: str | int,
) -> None:
    """Add the service NAME: its folder from the template, its entry in config/cluster.yml, and a decision.

    The folder has a Compose file with a pinned image, a health check, a memory limit and bounded logs, the names of
    what it takes from its node, a README, and two scripts that call stems. With --systemd it has a unit. The nodes that
    it fits on are shown as `stems place` shows them; a person decides, or the best one is taken.

    What is not given is asked for on a terminal. Elsewhere the image, the port and what nobody can know must be given,
    and --yes. What would be written is shown first. Nothing is overwritten or committed, and no node is asked.
    """
    with working_tree() as (repository, cluster, _):
        require_new(cluster, name)
        require_node(cluster, node)
        folder_of(cluster, name)
        ask = can_be_asked(yes=yes, json=json)
        given = Wanted(name, SYSTEMD if systemd else COMPOSE, secrets=tuple(secrets))
        wanted = answered(replace(given, **options), cluster, ask=ask)  # type: ignore[arg-type]  # named and typed above
        require_valid(wanted)
        placement = places_for(repository, cluster, wanted)
        if not json:
            output.say_lines(render_place(placement))
        node, reason = asked_place(placement, node, reason.strip()) if ask else (node, reason.strip())
        chosen, reason = _chosen(placement, node, reason)
        draft = draft_of(repository, cluster, wanted, chosen.node, reason)
        if not no_decision:
            draft = decided(draft, placement, chosen, datetime.now(UTC).date())
        _require_consent(draft, yes=yes, json=json)
        page = write_service(repository, draft)
        if json:
            output.say_json(new_service_document(draft, page))
        else:
            output.say_lines(render_new_service(draft, page, cluster))


def _chosen(placement: Placement, node: str, reason: str) -> tuple[Candidate, str]:
    chosen = choose(placement, node, reason)
    reason = reason or proposed_reason(placement, chosen)
    if not reason:
        raise UsageError("--reason: must be given where nobody can be asked", remedy="say why it runs there")
    return chosen, reason


def _require_consent(draft: Draft, *, yes: bool, json: bool) -> None:
    for finding in draft.findings:
        output.warn(f"{finding.place}: {finding.message} ({finding.code})", finding.remedy)
    if yes:
        return
    if not json:
        output.say_lines(render_would(draft))
    if json or not can_ask():
        raise UsageError("nothing was written, because nobody can be asked", remedy="say `--yes`")
    if not confirm("Write it?"):
        raise CancelledError("nothing was written")
