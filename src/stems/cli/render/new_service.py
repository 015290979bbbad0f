"""What `stems new service` would write, what it wrote, what comes next, and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stems.cli.render.text import bold, count, dim, one_line
from stems.lifecycle.decision.page import FOLDER
from stems.lifecycle.service.new import Draft
from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.tools.compose.env_command import env_command


def render_would(draft: Draft) -> Iterator[str]:
    yield bold("would write")
    yield from (f"  {file.path}" for file in draft.files)
    if draft.decision:
        yield f"  {FOLDER}/  a page: {one_line(draft.decision.title)}"
    if draft.after:
        yield f"  {CLUSTER_FILE}  under `services`:"
        yield from (f"    {line}" for line in draft.entry.splitlines())


def render_new_service(draft: Draft, page: str, cluster: Cluster) -> Iterator[str]:
    name = draft.wanted.name
    yield f"wrote {draft.folder}/: {count(len(draft.files), 'file')}"
    if page:
        yield f"wrote {page}"
    if draft.after:
        yield f"wrote {CLUSTER_FILE}: {name} on {draft.node}"
    else:
        yield f"add under `services` of {CLUSTER_FILE}, which is not in block style there:"
        yield from draft.entry.splitlines()
    steps = [
        *_env_steps(draft, cluster),
        f"say in {draft.folder}/README.md what it is for, then `stems validate`, and commit",
        "`stems plan`, then `stems deploy`; `stems status` says whether it is healthy",
    ]
    for number, step in enumerate(steps):
        yield f"{dim(' next:') if number == 0 else '      '} {step}"


def _env_steps(draft: Draft, cluster: Cluster) -> Iterator[str]:
    if draft.wanted.secrets:
        folder = f"{cluster.checkout}/{draft.folder}"
        keys = ", ".join(draft.wanted.secrets)
        yield f"on {draft.node}, write {keys} as KEY=value: `{env_command(folder)}`"


def new_service_document(draft: Draft, page: str) -> dict[str, Any]:
    return {
        "schema": "stems.new-service/1",
        "service": draft.wanted.name,
        "node": draft.node,
        "reason": draft.reason,
        "tool": draft.wanted.tool,
        "written": [*(file.path for file in draft.files), *([page] if page else [])],
        "edited": [CLUSTER_FILE] if draft.after else [],
        "entry": "" if draft.after else draft.entry,
        "decision": page,
        "secrets": list(draft.wanted.secrets),
        "findings": [finding.to_json() for finding in draft.findings],
    }
