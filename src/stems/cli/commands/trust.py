"""`stems trust`: show a node's host key and pin it."""

from __future__ import annotations

import click

from stems.cli import completion, output
from stems.cli.working_tree import working_tree
from stems.cli.workspace import confirm, require_terminal
from stems.errors import ApprovalError
from stems.lifecycle.trust import fingerprints, pin, pinned_keys, shown_keys
from stems.lifecycle.workspace import KNOWN_HOSTS, require_node


@click.command()
@click.argument("node", shell_complete=completion.nodes)
@click.option("--fingerprint", default="", metavar="SHA256:…", help="Pin without asking if a key has this fingerprint.")
def trust(*, node: str, fingerprint: str) -> None:
    """Show the host keys that answer at NODE's address, and pin them in config/known_hosts after a yes.

    Compare with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` at the node's own console: nothing else proves that
    the right machine answered. The file counts once it is committed.
    """
    with working_tree() as (repository, cluster, local):
        declared = require_node(cluster, node)
        keys = shown_keys(local, declared)
        path = repository.root / KNOWN_HOSTS
        before = pinned_keys(path.read_text() if path.exists() else "", node)
        if before == keys:
            output.say(f"{node}: its keys are pinned already")
            return
        prints = fingerprints(local, keys)
        output.say(
            f"{node} at {declared.ssh.host} shows {'OTHER keys than the pinned ones' if before else 'these keys'}:"
        )
        output.say_lines(f"  {line}" for line in prints)
        if fingerprint:
            if not any(fingerprint in line.split() for line in prints):
                raise ApprovalError(f"{node}: no key has the fingerprint {fingerprint}", remedy="do not pin these keys")
        else:
            require_terminal("trusting a host key", "give the one you know: `--fingerprint SHA256:…`")
            if not confirm("is this what the node's own console shows?"):
                raise ApprovalError(f"{node}: not pinned", remedy="find out what answers at that address")
        pin(path, node, keys)
        output.tell(f" next: commit {KNOWN_HOSTS}, what counts is the current commit")
