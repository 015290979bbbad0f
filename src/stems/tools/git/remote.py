"""How Git on the controller reaches a repository on a node: over the same SSH as everything else."""

from __future__ import annotations

import shlex

from stems.tools.base import Site


def repository_of(site: Site) -> str:
    """The address of the bare repository that stems keeps on a node."""
    path = f"{site.state}/repo.git"
    if site.is_local:
        return path
    host = site.node.ssh.host
    return f"[{host}]:{path}" if ":" in host else f"{host}:{path}"


def environment(site: Site) -> dict[str, str]:
    return {"GIT_SSH_COMMAND": shlex.join(("ssh", *site.ssh)), "GIT_SSH_VARIANT": "ssh"}
