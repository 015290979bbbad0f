"""Missing validation? Whether anything judges a change, and what the rules say of what is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stems.lifecycle.assessment.contents import has_pipeline
from stems.lifecycle.assessment.gaps.seen import SEVERAL, SHOWN, Seen, count
from stems.lifecycle.assessment.proposal import doubt
from stems.model.assessment import Effort, Evidence, FoundNode, Gap, Part, Pillar, Question, Step
from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Severity


def gaps(seen: Seen) -> Iterator[Gap]:
    errors = [finding for finding in seen.findings if finding.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        how = f"look at {first.place}: {first.message}; `stems explain {first.code}` says more"
        step = Step(
            "Mend what the rules call an error", how, Effort.HOUR if len(errors) > SEVERAL else Effort.MINUTES, 95
        )
        shown = tuple(Evidence(one.place, f"{one.message} ({one.code})") for one in errors[:SHOWN])
        message = f"{count(len(errors), 'error')} in what is there: nobody was told before it was committed"
        yield Gap(Question.VALIDATION, Pillar.VALIDATION, message, shown, len(errors), step)
    if not seen.checks:
        # In Git, as everything: a hook in .git/hooks is on one machine, and nobody sees whether it is there.
        how = (
            "write .githooks/pre-commit, executable, with `stems validate --changed` below `#!/bin/sh`, and type "
            "`git config core.hooksPath .githooks`"
        )
        step = Step("Have every commit judged before it is made", how, Effort.MINUTES, _worth_of_a_hook(seen))
        message = "nothing judges a change before it is applied: no pipeline, no hook, no linter, no test"
        yield Gap(Question.VALIDATION, Pillar.VALIDATION, message, step=step)
    elif not has_pipeline(seen.look) and not any(part.what == "Git hooks" for part in seen.checks):
        what = ", ".join(part.what for part in seen.checks)
        shown = tuple(one for part in seen.checks for one in part.evidence[:1])[:SHOWN]
        how = (
            f"write .githooks/pre-commit, executable, with `{_runs(seen.checks)}` below `#!/bin/sh`, and type "
            "`git config core.hooksPath .githooks`; `stems guide ci` names workflows for a forge"
        )
        step = Step("Run the checks that you have by themselves", how, Effort.MINUTES, 70)
        message = f"checks are there ({what}), and nothing runs them by itself"
        yield Gap(Question.VALIDATION, Pillar.VALIDATION, message, shown, step=step)
    yield from _undeclared(seen)


def _undeclared(seen: Seen) -> Iterator[Gap]:
    if seen.look.is_declared:
        return
    shown = tuple(_first(node) for node in seen.nodes[:SHOWN])
    known = _known(seen)
    if known:
        how = f"type `stems adopt --write`: it proposes {CLUSTER_FILE} from what is here, with a comment on every guess"
        step = Step("Write down nodes, domains and services in one place", how, Effort.MINUTES, 85)
        message = f"no {CLUSTER_FILE}: {count(known, 'node')} could be proposed, and nothing can be planned"
    else:
        how = f"`stems init --node NAME=USER@HOST` writes {CLUSTER_FILE}; --node for each of your nodes"
        step = Step("Say which nodes there are", how, Effort.MINUTES, 60)
        message = f"no {CLUSTER_FILE}, and nothing else says which nodes there are"
    yield Gap(Question.VALIDATION, Pillar.DECLARATIVE, message, shown, step=step)


def _worth_of_a_hook(seen: Seen) -> int:
    """Less than the cluster file: without it, the hook would refuse every commit."""
    if seen.look.is_declared:
        return 90
    return 80 if _known(seen) else 55


def _known(seen: Seen) -> int:
    """How many nodes a proposal would have."""
    return sum(not doubt(node, seen.nodes) for node in seen.nodes)


def _runs(checks: Sequence[Part]) -> str:
    """What a hook would say to run the checks that are there."""
    told = {part.what: part.evidence[0] for part in checks}
    if target := told.get("targets of make and the like"):
        program = (
            "just" if "just" in target.place.path.lower() else "task" if "task" in target.place.path.lower() else "make"
        )
        return f"{program} {target.says}"
    if script := told.get("scripts that check"):
        return f"./{script.place.path}"
    # It asks linters with their own settings, where they are installed.
    return "stems validate --changed"


def _first(node: FoundNode) -> Evidence:
    return Evidence(node.sightings[0].place, f"{node.name}: {node.sightings[0].says}")
