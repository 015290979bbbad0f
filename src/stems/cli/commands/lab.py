"""`stems lab`: a throw-away cluster of three real nodes on this machine."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from stems.cli.output import error_document, say, say_json, say_lines, show_error, tell
from stems.errors import ExitCode, StemsError, UsageError
from stems.infrastructure.lab.down import down as take_down
from stems.infrastructure.lab.faults import FAULTS, MEANINGS, break_node
from stems.infrastructure.lab.faults import heal as heal_nodes
from stems.infrastructure.lab.state import Lab, LabNode, cache_home, lab_names, named, require_lab
from stems.infrastructure.lab.status import NodeStatus
from stems.infrastructure.lab.status import status as look
from stems.infrastructure.lab.up import up as bring_up
from stems.infrastructure.local import LocalRunner

NAME = click.option(
    "--name", default="lab", show_default=True, metavar="NAME", help="Which lab: several can stand side by side."
)


@click.group()
def lab() -> None:
    """A throw-away cluster of three real nodes on this machine.

    The nodes are containers with systemd, sshd and their own Docker. They are reached over SSH, like real ones.
    """


@lab.command()
@NAME
@click.option(
    "--directory", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Where to write the example repository, which `lab down` then leaves there.",
)  # fmt: skip
@click.option(
    "--for", "original", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="REPOSITORY",
    help="Give a clone of this stems repository a lab instead, with no way to its real nodes, and no alerts.",
)  # fmt: skip
@click.option("--fresh", multiple=True, metavar="NODE", help="Start this node without Docker. May be repeated.")
@click.option(
    "--image", "images", multiple=True, metavar="IMAGE:TAG",
    help="Put this image of this machine's Docker on every node. May be repeated.",
)  # fmt: skip
def up(
    name: str, directory: Path | None, original: Path | None, fresh: tuple[str, ...], images: tuple[str, ...]
) -> None:
    """Start the nodes and write an example repository; repair what is missing of a lab that exists.

    With --for the nodes reach nothing but each other, so no registry either: `docker pull` what services run, and name
    it with --image.
    """
    if directory and original:
        raise UsageError("--directory and --for exclude each other", remedy="give one of them")
    if original:
        from stems.infrastructure.lab.clone import up_for  # noqa: PLC0415  # only this option reads YAML

        made = up_for(name, original.resolve(), LocalRunner(), say=tell, fresh=fresh)
    else:
        repository = directory.resolve() if directory else None
        made = bring_up(name, LocalRunner(), say=tell, repository=repository, fresh=fresh)
    if images:
        from stems.infrastructure.lab.engine import require_engine  # noqa: PLC0415  # only this option asks for it
        from stems.infrastructure.lab.images import give_images  # noqa: PLC0415

        give_images(made, images, require_engine(LocalRunner()), say=tell)
    say_lines(_welcome(made))


def _welcome(made: Lab) -> list[str]:
    names = ", ".join(f"{node.name} ({node.hostname})" for node in made.nodes)
    return [
        f"Lab {made.name} is up: {names}",
        f"Its repository: {made.repository}",
        f"Log in with: {login(made, made.nodes[0])}",
        f"Next: cd {made.repository} && {program()} plan",
    ]


def program() -> str:
    """What to type for stems: `make demo` leaves it in a virtual environment that is not on PATH."""
    if shutil.which("stems"):
        return "stems"
    installed = Path(sys.executable).parent / "stems"
    return shlex.quote(str(installed)) if installed.exists() else f"{shlex.quote(sys.executable)} -m stems"


def login(found: Lab, node: LabNode) -> str:
    """The ssh command for a person: the key of the lab, and the pinned host key under the node's name."""
    options = f"-i {found.identity} -o UserKnownHostsFile={found.known_hosts} -o HostKeyAlias={node.name}"
    return f"ssh {options} -p {node.port} {node.user}@{node.host}"


@lab.command()
@NAME
@click.option("--force", is_flag=True, help="Also give up commits and changes that you made in the lab's repository.")
def down(name: str, *, force: bool) -> None:
    """Remove the nodes, their volumes, their network, the keys and the repository that `up` wrote.

    A repository in a folder of your own choice stays. The node image stays too, so that the next lab starts fast.
    """
    if not force:
        require_lab(name)
    take_down(name, LocalRunner(), force=force)
    say(f"Nothing is left of lab {name}")


@lab.command()
@click.option("--name", default="", metavar="NAME", help="Only this lab.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def status(context: click.Context, name: str, *, as_json: bool) -> None:
    """The labs on this machine: where each node answers, and whether it does."""
    labs, errors = ([require_lab(name)], []) if name else _readable(lab_names())
    seen = [(found, look(found, LocalRunner())) for found in labs]
    if as_json:
        unreadable = [error_document(error) for error in errors]
        documents = [_document(found, nodes) for found, nodes in seen]
        say_json({"schema": "stems.lab/1", "labs": documents, "unreadable": unreadable})
    else:
        nothing = [] if errors else [f"There is no lab. Next: {program()} lab up"]
        say_lines([line for found, nodes in seen for line in _lines(found, nodes)] or nothing)
        for error in errors:
            show_error(error)
    if errors or not all(node.answers for _, nodes in seen for node in nodes):
        context.exit(ExitCode.UNKNOWN)


def _readable(names: Iterable[str]) -> tuple[list[Lab], list[StemsError]]:
    """The labs that can be read, and why the others cannot: one of those hides nothing of the rest."""
    labs: list[Lab] = []
    errors: list[StemsError] = []
    for name in names:
        try:
            labs.append(require_lab(name))
        except StemsError as error:
            errors.append(error)
    return labs, errors


def _lines(found: Lab, nodes: tuple[NodeStatus, ...]) -> list[str]:
    lines = [f"{found.name}: {found.repository}"]
    for seen in nodes:
        node = seen.node
        answer = "answers" if seen.answers else "does not answer"
        lines.append(f"  {node.name:<12} {seen.container:<8} {node.user}@{node.host}:{node.port}  {answer}")
        lines.append(f"    {login(found, node)}")
    return lines


def _document(found: Lab, nodes: tuple[NodeStatus, ...]) -> dict[str, Any]:
    return {
        "name": found.name,
        "repository": str(found.repository),
        "identity": str(found.identity),
        "known_hosts": str(found.known_hosts),
        "nodes": [
            {
                "name": seen.node.name, "hostname": seen.node.hostname, "user": seen.node.user,
                "host": seen.node.host, "port": seen.node.port, "container": seen.container, "answers": seen.answers,
            }
            for seen in nodes
        ],
    }  # fmt: skip


@lab.command()
@click.option("--name", default="demo", show_default=True, metavar="NAME", help="The lab that plays the story.")
def demo(name: str) -> None:
    """Play the whole story on a new lab: plan, sign, deploy, drift, a bad release, a node that hangs, rollback.

    Every command is a real one with its real output. The lab stays up at the end, to go on by hand. One of an earlier
    story is replaced, unless it holds work of yours.
    """
    from stems.cli.demo import play  # noqa: PLC0415  # only this command plays it

    take_down(name, LocalRunner())
    made = bring_up(name, LocalRunner(), say=tell)
    play(made)
    say("")
    say_lines(_to_try(made))


def _to_try(made: Lab) -> list[str]:
    return [
        f"That was all real, and lab {made.name} is still up. Try:",
        f"  cd {made.repository} && {program()} status",
        f"  {login(made, made.nodes[0])}",
        f"  {program()} lab down{named(made.name)}",
    ]


@lab.command("break")
@NAME
@click.argument("node")
@click.option("--how", "fault", required=True, type=click.Choice(sorted(FAULTS)), help="Which fault, see above.")
def break_(name: str, node: str, fault: str) -> None:
    """Give a node a fault, to see what stems makes of it.

    \b
    pause       it hangs: connections open and nothing answers
    kill        it loses its power
    disconnect  it loses its network
    stop-sshd   it refuses SSH and goes on working
    fill-disk   no space is left in its home and in /tmp
    """
    found = require_lab(name)
    break_node(found, found.node(node), fault, LocalRunner())
    say(f"{node} {MEANINGS[fault]}. Undo it with: {program()} lab heal{named(name)} {node}")


@lab.command()
@NAME
@click.argument("nodes", nargs=-1, metavar="[NODE]...")
def heal(name: str, nodes: tuple[str, ...]) -> None:
    """Undo whichever fault the nodes have (all of them, if none is named) and wait until they answer.

    Their containers get a minute to become healthy again; those that do not are named.
    """
    found = require_lab(name)
    chosen: tuple[LabNode, ...] = tuple(found.node(node) for node in nodes) or found.nodes
    ill = heal_nodes(found, LocalRunner(), nodes=chosen)
    say_lines(healed_lines(ill))


def healed_lines(ill: Mapping[str, tuple[str, ...]]) -> list[str]:
    """One line for the nodes that are well, and one for each other."""
    well = ", ".join(name for name, containers in ill.items() if not containers)
    others = [f"{name}: answers, not healthy: {', '.join(found)}" for name, found in ill.items() if found]
    return [*([f"{well}: well, with every container that has a health check"] if well else []), *others]


@lab.command(hidden=True)
def image() -> None:
    """Make what lab nodes are made from, if it is not there yet."""
    from stems.infrastructure.lab.engine import require_engine  # noqa: PLC0415  # only set-up scripts ask for it
    from stems.infrastructure.lab.image import require_image  # noqa: PLC0415

    runner = LocalRunner()
    require_image(require_engine(runner), runner, cache=cache_home(), say=tell)
