"""From the outcomes of a run in check mode to the changes of one node."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from stems.model.change import Change, Domain, Risk, Undo
from stems.model.names import printable
from stems.tools.ansible.diffs import diff_of, digest_of, holds_secret, is_told
from stems.tools.ansible.events import Outcome
from stems.tools.ansible.missing import is_mistake
from stems.tools.ansible.subject import COMMANDS, FILES, NOT_CHANGES, action_of, resource_of, risk_of, undo_of

NAME = "ansible"
UNPREDICTABLE = "will run, effect not predictable"
UNSURE = "may run: what an earlier task does decides it"
UNSTABLE = "unstable: its content differs at every preview"
HIDDEN = "hidden by `no_log`"

_REAL_SKIP = ("skip_reason", "skipped_reason", "false_condition")
_NUMBERED = re.compile(r"#\d+$")
# What Ansible's own actions (unarchive, script) say where `creates` or `removes` spares them.
_SPARED = "skipped, since "


def is_change(outcome: Outcome) -> bool:
    """Whether a task would act. One that check mode skips by itself would; one that a condition skips would not."""
    if outcome.unsure:
        return True
    if outcome.loop or outcome.module in NOT_CHANGES:
        return False
    if outcome.status == "ok":
        return bool(outcome.result.get("changed"))
    if outcome.status == "skipped":
        return not is_predictable(outcome)
    return outcome.status == "failed" and (outcome.ignored or outcome.tolerated)


def is_predictable(outcome: Outcome) -> bool:
    """Whether check mode says what the task would do."""
    if outcome.unsure or outcome.delegated:
        return False
    if outcome.status == "skipped":
        # A condition on check mode itself hides what the task does without it.
        conditions = str(outcome.result.get("false_condition", ""))
        explained = any(key in outcome.result for key in _REAL_SKIP)
        spared = str(outcome.result.get("msg", "")).startswith(_SPARED)
        return "ansible_check_mode" not in conditions and (explained or spared)
    return outcome.module not in COMMANDS and not outcome.censored and not outcome.ignored and is_told(outcome)


def change_of(outcome: Outcome, *, root: Path, known: Mapping[str, str]) -> Change:
    """`known` are resources that the tree itself names, by the place of their task: for tasks that do not tell."""
    source = place_in(root, outcome.path)
    resource = resource_of(outcome)
    # What fills a folder, as `unarchive` does, is not about the folder.
    if resource.startswith("task:") and outcome.module in FILES:
        resource = known.get(source, resource)
    risk = risk_of(outcome, resource)
    if outcome.delegated:
        # Whatever it is about is not on this node.
        resource = f"task:{printable(outcome.task)} on {printable(outcome.delegated)}"
        risk = risk if risk is Risk.NETWORK else Risk.UNKNOWN
    predictable = is_predictable(outcome)
    before, after = (digest_of(outcome, side) if predictable else "" for side in ("before", "after"))
    return Change(
        node=outcome.node,
        domain=Domain.SYSTEM,
        tool=NAME,
        resource=resource,
        action=action_of(outcome, before=before, after=after),
        risk=risk,
        before=before,
        after=after,
        diff=diff_of(outcome, resource.partition(":")[2]) if predictable else "",
        source=source,
        undo=undo_of(resource) if not outcome.delegated and (predictable or outcome.censored) else Undo.NO,
        note=_note(outcome, predictable=predictable),
    )


def changes_of(
    outcomes: Iterable[Outcome], *, root: Path, known: Mapping[str, str]
) -> tuple[tuple[Change, ...], frozenset[str]]:
    """The changes of one node in order, and the resources of those whose digests must be keyed."""
    acting = [outcome for outcome in outcomes if is_change(outcome)]
    changes = distinct([change_of(outcome, root=root, known=known) for outcome in acting])
    pairs = zip(acting, changes, strict=True)
    secret = (change.resource for outcome, change in pairs if holds_secret(outcome, unnumbered(change.resource)))
    return changes, frozenset(secret)


def until_unexplained(outcomes: Iterable[Outcome]) -> tuple[tuple[Outcome, ...], Outcome | None]:
    """The outcomes up to a unit that is missing although nothing before it would bring it, and that one."""
    before: list[Outcome] = []
    for outcome in outcomes:
        if outcome.tolerated and not outcome.loop and not _is_explained(outcome, before):
            if not outcome.handler or not _may_be_brought(outcome, before):
                return tuple(before), outcome
            # A run that ended here would lose the notification.
            before.append(replace(outcome, tolerated=False, ignored=True))
        else:
            before.append(outcome)
    return tuple(before), None


def _is_explained(outcome: Outcome, before: Iterable[Outcome]) -> bool:
    if "Could not find the requested service" not in outcome.message:
        return False
    unit = resource_of(outcome).removeprefix("unit:")
    template = re.sub(r"@[^.]*", "@", unit)
    files = tuple(f"/systemd/system/{name}" for name in (unit, template))
    brought = (resource_of(earlier) for earlier in before if is_change(earlier))
    return any(resource.startswith("package:") or resource.endswith(files) for resource in brought)


def _may_be_brought(outcome: Outcome, before: Iterable[Outcome]) -> bool:
    acted = (earlier for earlier in before if is_change(earlier) and not earlier.handler)
    return not is_mistake(outcome) and any(earlier.module not in FILES for earlier in acted)


def distinct(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The same changes, those after the first of a resource numbered."""
    seen: Counter[str] = Counter()
    numbered = []
    for change in changes:
        seen[change.resource] += 1
        count = seen[change.resource]
        numbered.append(change if count == 1 else replace(change, resource=f"{change.resource}#{count}"))
    return tuple(numbered)


def unnumbered(resource: str) -> str:
    """A resource without the number of those after the first."""
    return _NUMBERED.sub("", resource)


def paths_of(changes: Iterable[Change]) -> dict[str, str]:
    """The path of each file change by its resource: those after the first of a path are numbered."""
    resources = {change.resource for change in changes if change.resource.startswith("file:/")}
    return {
        resource: (bare if (bare := unnumbered(resource)) in resources else resource).removeprefix("file:")
        for resource in sorted(resources)
    }


def marked_unstable(first: Sequence[Change], second: Sequence[Change]) -> tuple[Change, ...]:
    """The first preview's changes; what the second one says differently is of class `unknown`."""
    again = {(change.group, change.resource): change for change in second}
    return tuple(
        change
        if (other := again.get((change.group, change.resource))) and other.identity == change.identity
        else _unstable(change)
        for change in first
    )


def place_in(root: Path, path: str) -> str:
    """`path:line` as the repository names it."""
    return path.removeprefix(f"{root}/")


def _unstable(change: Change) -> Change:
    # What can cut the way to a node stays in its class.
    risk = change.risk if change.risk is Risk.NETWORK else Risk.UNKNOWN
    return replace(change, risk=risk, before="", after="", note=UNSTABLE)


def _note(outcome: Outcome, *, predictable: bool) -> str:
    if outcome.delegated:
        return f"acts on {printable(outcome.delegated)}"
    if outcome.censored:
        return HIDDEN
    parts = (
        (outcome.handler, "when notified"),
        (outcome.tolerated, "its unit comes with an earlier change"),
        (outcome.unsure and not outcome.handler, UNSURE),
        (not predictable and (outcome.handler or not outcome.unsure), UNPREDICTABLE),
    )
    return ", ".join(words for applies, words in parts if applies)
