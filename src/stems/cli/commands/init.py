"""`stems init`: a repository to start from, and the methodology beside what is there."""

from __future__ import annotations

import re
from pathlib import Path

import click

from stems.cli import output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.init import begun_document, render_begun, render_updated, render_would, updated_document
from stems.cli.workspace import can_ask, confirm
from stems.errors import CancelledError, UsageError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.init.begin import Begun, begin
from stems.lifecycle.init.cluster_file import Beginning, FirstNode, require_names
from stems.lifecycle.init.place import Folder, look
from stems.lifecycle.init.update import Update, plan_update, write_update
from stems.lifecycle.init.write import write_begun
from stems.model.change import Domain
from stems.model.names import CLUSTER, is_name

_MOST_NODES = 100


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--name", default="", metavar="CLUSTER", help="What the cluster is called. Default: like the folder.")
@click.option(
    "--node", "nodes", multiple=True, metavar="NAME=USER@HOST[:PORT]",
    help="A machine, the pilot first; may be repeated. Default: three whose addresses are nobody's.",
)  # fmt: skip
@click.option(
    "--only", multiple=True, type=click.Choice([domain.value for domain in Domain]),
    help="Begin with this domain, or add it to what is there; may be repeated.",
)  # fmt: skip
@click.option("--update", is_flag=True, help="Bring .stems/ to this version of stems, keeping edits.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@as_json
def init(  # noqa: PLR0913  # one for each option
    *,
    folder: Path | None,
    name: str,
    nodes: tuple[str, ...],
    only: tuple[str, ...],
    update: bool,
    yes: bool,
    json: bool,
) -> None:
    """Make FOLDER a repository of a cluster: config/cluster.yml, a first file of each domain, checks before each
    commit, and the methodology in .stems/. Without FOLDER, the repository of the current folder.

    What would be written is shown and asked first. A file that is there stays as it is. Git is initialised where there
    is none, and nothing is committed: that is yours to do when the addresses are right.

    In a repository that names machines already, only .stems/ is added, and `stems adopt` proposes the cluster file from
    what is there. With a cluster file, --only adds a domain to it. Whatever lies in .meta/ is left alone.

    --update replaces files of .stems/ that nobody edited and merges the others by Git. Where both changed the same
    lines, yours stays and the new one lies beside it as FILE.new. What was deleted stays deleted.
    """
    if update:
        if name or nodes or only:
            raise UsageError("--update is about .stems/ alone", remedy="leave --name, --node and --only out")
        _update(folder, yes=yes, json=json)
        return
    runner = LocalRunner()
    place = look(folder, here(), runner)
    begun = begin(place, _beginning(place, name, nodes, ask=not (yes or json)), only=[Domain(one) for one in only])
    _require_consent(yes=yes, json=json, needed=not begun.is_empty, would=begun)
    write_begun(begun, runner)
    if json:
        output.say_json(begun_document(begun))
    else:
        output.say_lines(render_begun(begun))


def _beginning(place: Folder, name: str, nodes: tuple[str, ...], *, ask: bool) -> Beginning:
    if place.is_described or place.is_adoptable:
        if name or nodes:
            why = "has a config/cluster.yml" if place.is_described else "names its machines already"
            raise UsageError(
                f"{place.root} {why}, so --name and --node have no place to go",
                remedy="edit config/cluster.yml" if place.is_described else "see what `stems adopt` proposes",
            )
        return Beginning(_usual_name(place))
    given = tuple(FirstNode.parse(node) for node in nodes)
    if ask and can_ask():
        name = name or click.prompt("What is the cluster called", default=_usual_name(place), err=True)
        given = given or _asked_nodes()
    beginning = Beginning(name or _usual_name(place), given)
    require_names(beginning)
    own = Path.home() / f"{beginning.name}-config"
    # A node keeps its clone out of the way of the person's own working tree, should this machine be one.
    checkout = f"~/{beginning.name}-deployed" if place.root == own else ""
    return Beginning(beginning.name, given, checkout=checkout)


def _asked_nodes() -> tuple[FirstNode, ...]:
    output.tell("The machines, as NAME=USER@HOST or NAME=USER@HOST:PORT, the one that changes go to first at the top.")
    output.tell("An empty line ends the list; with no machine at all, three are written whose addresses are nobody's.")
    found: list[FirstNode] = []
    while len(found) < _MOST_NODES:
        text = click.prompt("machine", default="", show_default=False, err=True).strip()
        if not text:
            break
        try:
            found.append(FirstNode.parse(text))
        except UsageError as error:
            output.warn(error.problem, error.remedy)
    return tuple(found)


def _usual_name(place: Folder) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", place.root.name.lower().removesuffix("-config")).strip("-")[:32]
    return name if is_name(CLUSTER, name) else "home"


def _require_consent(*, yes: bool, json: bool, needed: bool, would: Begun | Update) -> None:
    if yes or not needed:
        return
    if not json:
        output.say_lines(render_would(would))
    if json or not can_ask():
        raise UsageError("nothing was written, because nobody can be asked", remedy="say `--yes`")
    if not confirm("Write it?"):
        raise CancelledError("nothing was written")


def _update(folder: Path | None, *, yes: bool, json: bool) -> None:
    runner = LocalRunner()
    update = plan_update(look(folder, here(), runner), runner)
    _require_consent(yes=yes, json=json, needed=not update.is_empty, would=update)
    write_update(update)
    if json:
        output.say_json(updated_document(update))
    else:
        output.say_lines(render_updated(update))
