"""What runs because of tasks whose effect check mode does not tell: it never appears in a preview by itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from stems.tools.ansible.changes import is_change, is_predictable
from stems.tools.ansible.events import Handler, Outcome
from stems.tools.ansible.subject import INCLUDES, NOT_CHANGES


def with_unsure(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """The same outcomes; those skipped by what such a task registers are `unsure`."""
    registered: set[str] = set()
    found = []
    for outcome in outcomes:
        judged = replace(outcome, unsure=True) if _depends(outcome, registered) else outcome
        if judged.register and is_change(judged) and not is_predictable(judged):
            registered.add(judged.register)
        found.append(judged)
    return tuple(found)


def with_notified(outcomes: Sequence[Outcome], handlers: Sequence[Handler], *, ends_early: bool) -> tuple[Outcome, ...]:
    """The same outcomes, and the handlers that will run although the preview did not come to them.

    A preview that `ends_early` came to no handler at all.
    """
    ran = {outcome.path for outcome in outcomes if outcome.handler}
    acting = [outcome for outcome in outcomes if is_change(outcome) and (ends_early or not is_predictable(outcome))]
    return (*outcomes, *_pending(acting, handlers, ran))


def _depends(outcome: Outcome, registered: Collection[str]) -> bool:
    if outcome.status != "skipped" or outcome.loop or not _acts(outcome.action):
        return False
    condition = str(outcome.result.get("false_condition", ""))
    return any(re.search(rf"\b{re.escape(name)}\b", condition) for name in registered)


def _pending(acting: Iterable[Outcome], handlers: Sequence[Handler], ran: set[str]) -> Iterator[Outcome]:
    waiting = [(outcome.node, outcome.play, name) for outcome in acting for name in outcome.notify]
    while waiting:
        node, play, name = waiting.pop(0)
        for handler in handlers:
            if handler.play == play and handler.path not in ran and _is_named(handler, name):
                ran.add(handler.path)
                waiting.extend((node, play, further) for further in handler.notify)
                if _acts(handler.action):
                    yield _outcome(handler, node)


def _is_named(handler: Handler, name: str) -> bool:
    # A name that is a template may be any.
    return (
        name in handler.names
        or name.rpartition(" : ")[2] in handler.names
        or "{{" in name
        or any("{{" in own for own in handler.names)
    )


def _acts(action: str) -> bool:
    module = action.rpartition(".")[2]
    return module in INCLUDES or module not in NOT_CHANGES


def _outcome(handler: Handler, node: str) -> Outcome:
    known = {key: value for key, value in handler.args.items() if "{{" not in str(value)}
    return Outcome(
        node,
        "skipped",
        handler.names[0] if handler.names else handler.action,
        handler.action,
        handler.path,
        handler=True,
        unsure=True,
        play=handler.play,
        args=known,
    )
