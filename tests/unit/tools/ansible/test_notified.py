"""What runs because of a task whose effect is not known is shown before it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from stems.model.change import Change, Risk, Undo
from stems.tools.ansible.changes import UNPREDICTABLE, UNSURE, changes_of, until_unexplained
from stems.tools.ansible.events import Handler, Outcome
from stems.tools.ansible.notified import with_notified, with_unsure

CHECK_MODE = {"changed": False, "msg": "Command would have run if not in check mode"}
SSH = Handler(1, ["Restart ssh", "way in"], "service", "site.yml:20", args={"name": "ssh", "state": "restarted"})
APP = Handler(1, ["Restart app"], "service", "site.yml:21", args={"name": "{{ app }}", "state": "restarted"})
SAY = Handler(1, ["Say"], "debug", "site.yml:22", notify=["Restart app"])


def command(**fields: object) -> Outcome:
    made = Outcome("n1", "skipped", "Command", "command", "site.yml:3", play=1, result=CHECK_MODE)
    return replace(made, **fields)  # type: ignore[arg-type]  # fields of an outcome


def copied(**fields: object) -> Outcome:
    result = {"changed": True, "diff": [{"before": "", "after": "x"}]}
    made = Outcome("n1", "ok", "Copy", "copy", "site.yml:4", play=1, result=result, args={"dest": "/etc/app"})
    return replace(made, **fields)  # type: ignore[arg-type]  # fields of an outcome


def skipped(condition: str, **fields: object) -> Outcome:
    return copied(status="skipped", result={"changed": False, "false_condition": condition}, **fields)


def shown(outcomes: Sequence[Outcome]) -> list[Change]:
    return list(changes_of(outcomes, root=Path("/"), known={})[0])


def resources(outcomes: Sequence[Outcome]) -> list[str]:
    return [change.resource for change in shown(outcomes)]


def test_a_handler_that_a_command_notifies_is_shown_in_its_class() -> None:
    outcomes = with_notified([command(notify=["way in"])], [SSH, APP], ends_early=False)

    handler = shown(outcomes)[1]
    assert (handler.resource, handler.action, handler.risk) == ("unit:ssh.service", "restart", Risk.NETWORK)
    assert (handler.undo, handler.note) == (Undo.NO, f"when notified, {UNPREDICTABLE}")


def test_a_handler_whose_subject_is_a_template_is_a_task() -> None:
    found = shown(with_notified([command(notify=["Restart app"])], [APP], ends_early=False))

    assert [(change.resource, change.risk) for change in found[1:]] == [("task:Restart app", Risk.UNKNOWN)]


def test_handlers_notify_handlers_and_a_template_may_be_any() -> None:
    assert resources(with_notified([command(notify=["Say"])], [SAY, APP], ends_early=False))[1:] == ["task:Restart app"]
    assert len(resources(with_notified([command(notify=["{{ any }}"])], [SSH, APP], ends_early=False))) == 3


def test_a_handler_that_the_preview_ran_or_that_is_of_another_play_is_not_shown_again() -> None:
    ran = command(handler=True, path=SSH.path, action="service", status="ok", result={"changed": True})
    assert len(with_notified([command(notify=["way in"]), ran], [SSH], ends_early=False)) == 2

    other = command(notify=["way in"], play=2)
    assert with_notified([other], [SSH], ends_early=False) == (other,)


def test_a_preview_that_ends_early_shows_what_was_notified_before() -> None:
    notified = [copied(notify=["way in"])]

    assert resources(with_notified(notified, [SSH], ends_early=True)) == ["file:/etc/app", "unit:ssh.service"]
    assert resources(with_notified(notified, [SSH], ends_early=False)) == ["file:/etc/app"]


def test_what_a_command_decides_may_run() -> None:
    second = skipped("out is changed", register="then")
    found = shown(with_unsure([command(register="out"), second, skipped("then.changed"), skipped("other is changed")]))

    assert [(change.resource, change.risk, change.note) for change in found[1:]] == [
        ("file:/etc/app", Risk.UNKNOWN, UNSURE),
        ("file:/etc/app#2", Risk.UNKNOWN, UNSURE),
    ]


def test_an_include_that_a_command_decides_may_run() -> None:
    found = with_unsure([command(register="out"), skipped("out is changed", action="include_tasks", task="More")])

    assert resources(found) == ["task:Command", "task:More"]


def test_an_item_of_a_loop_that_fails_and_is_ignored_is_unknown() -> None:
    failed = copied(status="failed", item=True, ignored=True, result={"changed": False, "msg": "no"})

    assert [change.risk for change in shown([failed])] == [Risk.UNKNOWN]


def test_a_handler_whose_unit_a_command_may_bring_does_not_end_the_preview() -> None:
    missing = {"changed": False, "msg": "Could not find the requested service app: host"}
    handler = copied(
        status="failed", action="service", handler=True, tolerated=True, result=missing, args={"name": "app"}
    )

    seen, ended = until_unexplained([command(), handler])
    assert ended is None
    assert [(change.resource, change.risk) for change in shown(seen)][1:] == [("unit:app.service", Risk.UNKNOWN)]
    assert until_unexplained([copied(), handler])[1] == handler
