"""What nodes are found to be: a line for each, and what changed since its file was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stems.cli.output import error_parts
from stems.cli.render.plan import diff_lines
from stems.cli.render.text import beside, bold, columns, count, dim, marked, one_line
from stems.lifecycle.discover import Found
from stems.lifecycle.workspace import Workspace
from stems.model.observation import Answer, Unknown
from stems.model.truth import UNKNOWN, Truth
from stems.readers.written_truth import told, write_size


def render_discovered(answers: Mapping[str, Answer[Found]], *, written: bool) -> Iterator[str]:
    yield from columns([_row(name, answer, written=written) for name, answer in answers.items()])
    found = [answer.value for answer in answers.values() if not isinstance(answer, Unknown)]
    for one in found:
        if one.unseen:
            state = marked("unknown", "unknown now")
            yield f"{bold(one.truth.node)}  {state}, kept as the file has it: {', '.join(one.unseen)}"
        # All of a new file is what the first lines say at length.
        if one.is_changed and (not one.is_new or not written):
            yield f"\n{bold(one.truth.node)}  {one.path}"
            yield from diff_lines(one.diff, full=True)
    if written and any(one.is_changed for one in found):
        yield f"{dim(' next:')} look through the files, run `stems validate`, commit"


def _row(name: str, answer: Answer[Found], *, written: bool) -> tuple[str, ...]:
    if isinstance(answer, Unknown):
        return bold(name), marked("unknown", "unknown"), beside(name, answer.reason), dim("its file is left as it is")
    found = answer.value
    will = "written" if found.is_new else "changed"
    mark = "warn" if found.is_changed and not found.is_new else "good"
    state = marked(mark, (will if written else f"would be {will}") if found.is_changed else "unchanged")
    return bold(name), state, found.path, _in_short(found.truth)


def _in_short(truth: Truth) -> str:
    words = (
        "?" if truth.arch is UNKNOWN else truth.arch,
        "? processors" if truth.cpus is UNKNOWN else count(truth.cpus, "processor"),
        f"{'?' if truth.memory is UNKNOWN else write_size(truth.memory)} memory",
        "gpu ?" if truth.gpu is UNKNOWN else f"gpu {', '.join(one.name for one in truth.gpu) or 'none'}",
        f"docker {'?' if truth.docker is UNKNOWN else truth.docker or 'none'}",
    )
    return one_line(", ".join(words))


def discovered_document(workspace: Workspace, answers: Mapping[str, Answer[Found]], *, written: bool) -> dict[str, Any]:
    return {
        "schema": "stems.discover/1",
        "cluster": workspace.cluster.name,
        "commit": workspace.head,
        "written": written,
        "nodes": {name: _node(answer) for name, answer in answers.items()},
    }


def _node(answer: Answer[Found]) -> dict[str, Any]:
    if isinstance(answer, Unknown):
        return {"state": "unknown", "error": error_parts(answer.error)}
    found = answer.value
    state = "new" if found.is_new else "changed" if found.is_changed else "unchanged"
    told_truth, unseen = told(found.truth), list(found.unseen)
    return {"state": state, "path": found.path, "truth": told_truth, "unseen": unseen, "diff": found.diff}
