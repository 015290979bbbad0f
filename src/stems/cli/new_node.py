"""`stems new node`: a machine becomes a node of the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from stems.cli import output
from stems.cli.render.new_node import render_new_node, render_preflight
from stems.cli.working_tree import working_tree
from stems.cli.workspace import can_ask
from stems.errors import ToolError, UsageError
from stems.infrastructure.runner import Runner
from stems.lifecycle.node.new import entry_of, preflight, write_node
from stems.lifecycle.node.preflight import Check, Verdict
from stems.lifecycle.node.wanted import Wanted, require_new, usual_user
from stems.model.cluster import Cluster
from stems.model.node import Privilege
from stems.tools.git.repository import Repository


@click.command("node")
@click.argument("name")
@click.option(
    "--host", default="", metavar="HOST", help="Where it answers: a name, an address, an alias of ssh_config."
)
@click.option("--user", default="", help="The account to log in as. Default: that of most nodes.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Default: OpenSSH's own rule.")
@click.option("--role", default="", help="What it is for; its variables reach the node.")
@click.option("--arch", default="", help="Default: what the machine says.")
@click.option("--privilege", default="", type=click.Choice(["", *(one.value for one in Privilege)]), metavar="WAY",
    help="How the account becomes root: sudo, sudo-password or none. Default: sudo.")  # fmt: skip
@click.option("--hostname", default="", help="What it calls itself. Default: what the machine says.")
@click.option("--from", "folder", default=None, type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A copy of the template `node-config` that you edited: its variables.yml and role.")  # fmt: skip
@click.option("--no-preflight", is_flag=True, help="Do not look at the machine first.")
def new_node(*, name: str, folder: Path | None, no_preflight: bool, **options: str | int) -> None:
    """Add the machine NAME to config/cluster.yml, and the Ansible role that sets it up to the system domain.

    First the machine is looked at over SSH: network, login, sudo, packages, free space. Nothing is changed there, and
    it is asked only where its host key is pinned or in your own known_hosts. What is wrong is an error, what cannot be
    known is said. Its architecture, processors and memory are written down where nobody gave them.

    The role goes to roles/node/ beside the playbook unless there is one. A playbook that begins with a play for all
    nodes gets a play for those that have the variable `node_setup`, as the new one does, and the others stay as they
    are; otherwise the lines to add are shown. Nothing is overwritten or committed, and no key is pinned.
    """
    with working_tree() as (repository, cluster, local):
        given = entry_of(folder) if folder else {}
        wanted = replace(Wanted(name, given=given), **options)  # type: ignore[arg-type]  # named and typed above
        wanted = _answered(wanted, cluster)
        require_new(cluster, wanted)
        if not no_preflight:
            wanted = _looked_at(repository, wanted, local)
        output.say_lines(render_new_node(write_node(repository, cluster, wanted, folder), cluster))


def _answered(wanted: Wanted, cluster: Cluster) -> Wanted:
    """Asked for on a terminal, with what the cluster usually has. Who names a host and an account is asked nothing."""
    user = str(wanted.ssh.get("user", "")) or usual_user(cluster)
    if wanted.ssh.get("host"):
        return replace(wanted, user=user)
    if not can_ask():
        raise UsageError("--host: must be given where nobody can be asked", remedy="say where the machine answers")
    host = click.prompt("Host", err=True).strip()
    user = click.prompt("Account", default=user, err=True).strip()
    roles = ", ".join(sorted({node.role for node in cluster.nodes.values() if node.role}))
    role = wanted.role or click.prompt(f"Role ({roles})" if roles else "Role", default="", show_default=False, err=True)
    return replace(wanted, host=host, user=user, role=role.strip())


def _looked_at(repository: Repository, wanted: Wanted, local: Runner) -> Wanted:
    found = preflight(repository, wanted, local)
    output.say_lines(render_preflight(found))
    if found.failed:
        remedy = f"{found.failed[0].remedy}; `--no-preflight` writes it without looking"
        raise ToolError(_problem(wanted.name, found.failed), remedy=remedy)
    for check in found.checks:
        if check.verdict is Verdict.UNKNOWN and check.remedy:
            output.warn(f"{wanted.name}: {check.subject} is not known", check.remedy)
    return wanted.with_found(arch=found.arch, hostname=found.hostname, hardware=found.hardware or {})


def _problem(name: str, failed: Sequence[Check]) -> str:
    return f"{name}: cannot become a node yet: {'; '.join(check.said for check in failed)}"
