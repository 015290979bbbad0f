"""Recorded event streams of real runs become changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.model.change import Change, Risk, Undo
from stems.tools.ansible.changes import (
    HIDDEN,
    UNPREDICTABLE,
    UNSTABLE,
    changes_of,
    marked_unstable,
    until_unexplained,
)
from stems.tools.ansible.diffs import UNSEEN
from stems.tools.ansible.events import Outcome, Run, parse_events

ROOT = Path("/srv/repository")
RECORDINGS = Path(__file__).parent / "recordings" / "2.19"


def recorded(name: str) -> Run:
    return parse_events((RECORDINGS / f"{name}.jsonl").read_text())


def changes(name: str, node: str, known: dict[str, str] | None = None) -> tuple[Change, ...]:
    return changes_of(recorded(name).of_node(node), root=ROOT, known=known or {})[0]


def by_resource(name: str, node: str) -> dict[str, Change]:
    return {change.resource: change for change in changes(name, node)}


def test_every_kind_of_task_has_its_resource_action_and_class() -> None:
    seen = [(change.resource, change.action, change.risk) for change in changes("everything", "n1")]

    assert seen == [
        ("file:/srv/n1/motd", "create", Risk.SYSTEM),
        ("file:/srv/n1/hosts", "create", Risk.SYSTEM),
        ("file:/srv/n1/hosts#2", "create", Risk.SYSTEM),
        ("file:/srv/n1/existing", "change", Risk.SYSTEM),
        ("file:/srv/n1/folder", "create", Risk.SYSTEM),
        ("file:/srv/n1/existing#2", "mode", Risk.SYSTEM),
        ("file:/srv/n1/link", "create", Risk.SYSTEM),
        ("file:/srv/n1/old", "remove", Risk.DESTRUCTIVE),
        ("file:/srv/n1/motd.j2", "create", Risk.SYSTEM),
        ("task:Hidden", "change", Risk.UNKNOWN),
        ("task:Hidden loop", "change", Risk.UNKNOWN),
        ("task:Hidden loop#2", "change", Risk.UNKNOWN),
        ("task:Command", "run", Risk.UNKNOWN),
        ("task:Shell loop", "run", Risk.UNKNOWN),
        ("task:Shell loop#2", "run", Risk.UNKNOWN),
        ("task:Raw", "run", Risk.UNKNOWN),
        ("task:Script", "run", Risk.UNKNOWN),
        ("file:/srv/n1/notify", "create", Risk.SYSTEM),
        ("file:/srv/n1/assembled", "create", Risk.SYSTEM),
        ("file:/srv/n1/existing#3", "change", Risk.SYSTEM),
        ("package:sl,cowsay", "install", Risk.SYSTEM),
        ("task:Restart it", "run", Risk.UNKNOWN),
    ]


def test_commands_are_not_predictable_and_cannot_be_undone() -> None:
    change = by_resource("everything", "n1")["task:Command"]

    assert (change.before, change.after, change.note, change.undo) == ("", "", UNPREDICTABLE, Undo.NO)


def test_absent_before_and_after_have_no_digest() -> None:
    found = by_resource("everything", "n1")

    assert not found["file:/srv/n1/motd"].before and found["file:/srv/n1/motd"].after
    assert found["file:/srv/n1/old"].before and not found["file:/srv/n1/old"].after


def test_digests_depend_on_content_and_not_on_the_path_or_the_run() -> None:
    first, second = by_resource("everything", "n1"), by_resource("everything", "n2")

    assert first["file:/srv/n1/notify"].after == second["file:/srv/n2/notify"].after
    assert first["file:/srv/n1/motd"].after != second["file:/srv/n2/motd"].after


def test_a_change_names_its_place_in_the_repository() -> None:
    assert by_resource("everything", "n1")["file:/srv/n1/motd"].source == "ansible/site.yml:7"


def test_a_diff_is_shown() -> None:
    assert by_resource("everything", "n1")["file:/srv/n1/motd"].diff == (
        "--- /srv/n1/motd\n+++ /srv/n1/motd\n@@ -0,0 +1,1 @@\n+hello n1\n"
    )


def test_nothing_of_a_task_with_no_log_is_read() -> None:
    events = recorded("everything")

    hidden = [outcome for outcome in events.outcomes if outcome.task.startswith("Hidden")]
    assert hidden
    assert all(outcome.censored and not outcome.args and set(outcome.result) == {"changed"} for outcome in hidden)


def test_a_hidden_task_is_about_the_file_that_the_tree_names() -> None:
    found = changes("everything", "n1", {"ansible/site.yml:34": "file:/srv/n1/hidden"})

    hidden = next(change for change in found if change.resource == "file:/srv/n1/hidden")
    assert (hidden.note, hidden.undo, hidden.diff) == (HIDDEN, Undo.BY_BACKUP, "")


def test_units_and_handlers_are_changes_of_a_unit() -> None:
    found = by_resource("node", "crtr")

    assert found["unit:stems-ansible.service"].action == "start"
    assert found["unit:stems-ansible.service#2"].action == "restart"
    assert found["unit:stems-ansible.service#2"].note == "when notified"


def test_a_secret_asks_for_a_keyed_digest_and_is_not_shown() -> None:
    found, secret = changes_of(recorded("node").of_node("crtr"), root=ROOT, known={})

    assert secret == {"file:/etc/stems-ansible-secret"}
    assert not any("hunter2" in change.diff for change in found)


def test_what_a_playbook_hides_from_check_mode_is_unknown() -> None:
    seen = [(change.resource, change.risk) for change in changes("rescue", "n1")]

    assert seen == [("task:Only for real", Risk.UNKNOWN), ("file:/srv/n1/missing", Risk.UNKNOWN)]


def test_what_differs_between_two_previews_is_unstable() -> None:
    first = changes("everything", "n1")
    second = (replace(first[0], after="0" * 64), *first[1:])

    marked = marked_unstable(first, second)
    assert (marked[0].risk, marked[0].before, marked[0].after, marked[0].note) == (Risk.UNKNOWN, "", "", UNSTABLE)
    assert marked[1:] == first[1:]


def test_a_unit_whose_file_comes_first_is_a_change_and_any_other_missing_unit_ends_the_preview() -> None:
    outcomes, missing = until_unexplained(recorded("units").of_node("crtr"))

    assert missing and missing.task == "Start another"
    found, _ = changes_of(outcomes, root=ROOT, known={})
    assert [(change.resource, change.action, change.risk, change.note) for change in found] == [
        ("file:/etc/systemd/system/stems-coming.service", "create", Risk.SYSTEM, ""),
        ("unit:stems-coming.service", "start", Risk.SYSTEM, "its unit comes with an earlier change"),
        ("file:/etc/stems-coming", "create", Risk.SYSTEM, ""),
    ]


def test_recordings_are_whole() -> None:
    for path in RECORDINGS.glob("*.jsonl"):
        assert recorded(path.stem).stats is not None, path.name


def test_what_creates_spares_would_not_act() -> None:
    first = recorded("everything").of_node("n1")[0]
    spared = {"changed": False, "msg": "skipped, since /usr/bin/dockerd exists"}

    assert changes_of([replace(first, status="skipped", result=spared)], root=ROOT, known={})[0] == ()


def test_what_fills_a_folder_is_not_about_the_folder() -> None:
    """Keeping the before-state of `/` would be keeping everything, and whatever it brings must be waited for."""
    filled = Outcome(
        "n1", "ok", "Docker", "ansible.builtin.unarchive", "/srv/repository/site.yml:9", result={"changed": True}
    )

    (change,), _ = changes_of([filled], root=ROOT, known={"site.yml:9": "file:/"})
    assert change.resource == "task:Docker"


def copied(result: dict[str, object], **args: object) -> Change:
    outcome = Outcome("n1", "ok", "Copy", "ansible.builtin.copy", "", result={"changed": True, **result}, args=args)
    return changes_of([outcome], root=ROOT, known={})[0][0]


@pytest.mark.parametrize("path", ["/etc//ssh/sshd_config", "//etc/ssh/sshd_config", "/etc/ssh/../ssh/./sshd_config"])
def test_a_path_is_as_the_node_has_it_however_it_is_written(path: str) -> None:
    change = copied({"diff": [{"before": "", "after": "x"}]}, dest=path)

    assert (change.resource, change.risk) == ("file:/etc/ssh/sshd_config", Risk.NETWORK)


@pytest.mark.parametrize(
    ("result", "dest", "risk"),
    [
        ({"files": ["app.conf"]}, "/etc", Risk.UNKNOWN),
        ({"files": ["app.conf", "ssh/sshd_config"]}, "/etc", Risk.NETWORK),
        ({"files": ["app.conf"], "diff": {"after": {"mode": "0644"}}}, "/etc/app", Risk.UNKNOWN),
        ({"checksum": None}, "/etc", Risk.NETWORK),
        ({"checksum": None}, "/etc/app", Risk.UNKNOWN),
        ({"diff": []}, "/etc/app/conf", Risk.UNKNOWN),
    ],
)
def test_a_copy_that_does_not_tell_its_contents_is_unknown(result: dict[str, object], dest: str, risk: Risk) -> None:
    change = copied(result, dest=dest)

    assert (change.risk, change.undo, change.before, change.after) == (risk, Undo.NO, "", "")


@pytest.mark.parametrize("part", [{"dst_binary": 1, "src_binary": 1}, {"dst_larger": 9, "src_larger": 9}])
def test_what_check_mode_does_not_show_is_to_be_read_on_the_node(part: dict[str, int]) -> None:
    first, second = (copied({"diff": [part], "source": source}, dest="/srv/", src="a/logo") for source in "ab")

    assert (first.resource, first.action, first.before) == ("file:/srv/logo", "change", UNSEEN)
    assert first.after and first.after != second.after


def test_a_new_binary_file_is_created() -> None:
    change = copied({"diff": [{"before": "", "src_binary": 1}], "source": "a"}, dest="/srv/logo")

    assert (change.action, change.before, bool(change.after)) == ("create", "", True)
