"""`stems generate`: files of other programs and people, made from the cluster file."""

from __future__ import annotations

import click

from stems.cli import completion
from stems.cli.generating import Destination, deliver, going_somewhere
from stems.cli.here import here
from stems.errors import ExitCode, UsageError
from stems.lifecycle.generate.read import read_cluster
from stems.lifecycle.workspace import require_node


@click.group()
def generate() -> None:
    """Make files of other programs from config/cluster.yml: one source, many readers.

    The working tree is read, committed or not, and no node is asked. The same source gives the same bytes. What is made
    goes to standard output, or with --output to a file that is new or that stems made before, which its first lines
    say. A node without a known address is left out, with a warning. Where nodes reach one another says the variable
    `address` of a node, or else its `ssh.host`.
    """


@generate.command("ssh-config")
@click.option("--mesh", is_flag=True, help="As the nodes reach one another: one file for all of them.")
@click.option("--identity", default="", metavar="PATH", help="The private key, with --mesh one on each node.")
@going_somewhere
def ssh_config(destination: Destination, *, mesh: bool, identity: str) -> ExitCode:
    """An ssh_config with every node under its name, host name and full host name.

    Host keys are checked as stems does: those that config/known_hosts pins, under the node's own name. On nodes that is
    the file of their checkout. Use it with `Include` at the top of ~/.ssh/config, or with `ssh -F`.
    """
    from stems.lifecycle.generate import ssh_config as made  # noqa: PLC0415  # each format imports its own

    read = read_cluster(here())
    known_hosts = read.known_hosts_on_nodes if mesh else read.known_hosts
    text = made.ssh_config(read.cluster, known_hosts=known_hosts, identity=identity, between_nodes=mesh)
    return deliver(destination, text, name=made.NAME, usual="ssh_config")


@generate.command()
@going_somewhere
def hosts(destination: Destination) -> ExitCode:
    """Entries for /etc/hosts: nodes, and services as SERVICE.DOMAIN with the address of their node.

    A service on several nodes has a line for each of them: who asks gets all of their addresses.
    """
    from stems.lifecycle.generate import hosts as made  # noqa: PLC0415

    text = made.hosts(read_cluster(here()).cluster)
    return deliver(destination, text, name=made.NAME, usual="hosts")


@generate.command()
@click.option("--list", "as_list", is_flag=True, help="All of it as JSON, as a dynamic inventory answers.")
@click.option(
    "--host", default="", metavar="NODE", shell_complete=completion.nodes,
    help="The variables of one node as JSON, as a dynamic inventory answers.",
)  # fmt: skip
@going_somewhere
def inventory(destination: Destination, *, as_list: bool, host: str) -> ExitCode:
    """An Ansible inventory as stems itself uses: nodes, variables, groups by role and architecture.

    \b
    A dynamic inventory is a file in the repository that can be executed and says:
    #!/bin/sh
    exec stems -C "$(dirname "$0")" generate inventory "$@"
    """
    from stems.lifecycle.generate import inventory as made  # noqa: PLC0415

    if as_list and host:
        raise UsageError("--list and --host exclude each other", remedy="give one of them")
    read = read_cluster(here())
    if as_list:
        text = made.inventory_list(read.cluster, read.known_hosts)
    elif host:
        text = made.inventory_host(read.cluster, read.known_hosts, host)
    else:
        text = made.inventory(read.cluster, read.known_hosts)
    return deliver(destination, text, name=made.NAME, usual="inventory.yml")


@generate.command("chezmoi-data")
@click.option("--node", required=True, metavar="NODE", shell_complete=completion.nodes, help="Whose variables.")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@going_somewhere
def chezmoi_data(destination: Destination, *, node: str, form: str) -> ExitCode:
    """The variables of a node as .chezmoidata.yaml: what stems hands to chezmoi."""
    from stems.lifecycle.generate import chezmoi_data as made  # noqa: PLC0415

    text = made.chezmoi_data(read_cluster(here()).cluster, node, as_json=form == "json")
    return deliver(destination, text, name=made.NAME, usual=".chezmoidata.yaml")


@generate.command()
@click.option("--only", type=click.Choice(["nodes", "services"]), help="One of the two kinds of target.")
@click.option("--port", type=click.IntRange(1, 65535), default=9100, show_default=True, help="That of node_exporter.")
@click.option(
    "--from", "seen_from", default="", metavar="NODE", shell_complete=completion.nodes,
    help="The node on which Prometheus runs.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@going_somewhere
def prometheus(destination: Destination, *, only: str | None, port: int, seen_from: str, form: str) -> ExitCode:
    """Targets for file_sd_configs: node_exporter of each node, and each http check of a service.

    Labels are kind (node or service), cluster, node, role and service. A check is a URL, as blackbox_exporter takes it.
    One that only its node reaches is left out, unless Prometheus runs there.
    """
    from stems.lifecycle.generate import prometheus as made  # noqa: PLC0415

    read = read_cluster(here())
    if seen_from:
        require_node(read.cluster, seen_from)
    text = made.prometheus(read.source(), port=port, only=only or "", seen_from=seen_from, as_json=form == "json")
    return deliver(destination, text, name=made.NAME, usual="prometheus.yml")


@generate.command()
@going_somewhere
def diagram(destination: Destination) -> ExitCode:
    """A picture of nodes, services, ports and what runs after what, as SVG."""
    from stems.lifecycle.generate import diagram as made  # noqa: PLC0415

    text = made.diagram(read_cluster(here()).source())
    return deliver(destination, text, name=made.NAME, usual="cluster.svg")


@generate.command()
@going_somewhere
def docs(destination: Destination) -> ExitCode:
    """A catalogue of nodes and services as a Markdown page: owners, ports, checks, data, reasons, decisions."""
    from stems.lifecycle.generate import catalogue as made  # noqa: PLC0415

    read = read_cluster(here())
    text = made.catalogue(read.source(), folder=read.folder_of(destination.path))
    return deliver(destination, text, name=made.NAME, usual="catalogue.md")
