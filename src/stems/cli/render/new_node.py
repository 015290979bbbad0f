"""What was looked at on a machine that becomes a node, what was written, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from stems.cli.render.text import columns, count, marked, one_line
from stems.lifecycle.node.new import NewNode
from stems.lifecycle.node.play import SWITCH
from stems.lifecycle.node.preflight import Preflight
from stems.model.cluster import CLUSTER_FILE, Cluster


def render_preflight(found: Preflight) -> Iterator[str]:
    yield from columns([(marked(check.verdict.value, check.subject), one_line(check.said)) for check in found.checks])


def render_new_node(made: NewNode, cluster: Cluster) -> Iterator[str]:
    if made.line:
        yield f"wrote {CLUSTER_FILE}:{made.line}: {made.name}"
    else:
        yield f"add under `nodes` of {CLUSTER_FILE}, which is not in block style there:"
        yield from made.entry.splitlines()
    if made.role.files:
        folder = made.role.files[0].path.partition("/roles/")[0]
        yield f"wrote {folder}/roles/node/: {count(len(made.role.files), 'file')}"
    if made.role.before != made.role.after:
        yield f"wrote {made.role.playbook}: a play for nodes with `{SWITCH}: true`; the others stay as they are"
    for note in made.role.notes:
        yield from note.splitlines()
    if cluster.rollout.order:
        yield f"rollout.order does not name {made.name}, so that it comes after the others"
    yield f" next: read {CLUSTER_FILE}, then `stems trust {made.name}` and compare its key at its own console"
    yield f"       commit, `stems plan`, then `stems deploy --node {made.name}`"
