"""A mistake in a playbook is an error; what an earlier change may bring is not yet previewable."""

from __future__ import annotations

import pytest

from stems.model.change import Change, Domain, Risk
from stems.tools.ansible.events import Outcome
from stems.tools.ansible.missing import may_come


def change(resource: str) -> Change:
    return Change("n1", Domain.SYSTEM, "ansible", resource, "create", Risk.SYSTEM)


def failed(said: str, action: str = "ansible.builtin.copy", **args: str) -> Outcome:
    return Outcome("n1", "failed", "Task", action, "", result={"msg": said}, args=args)


@pytest.mark.parametrize(
    ("stopped", "earlier"),
    [
        (failed("No package matching 'x' is available"), "task:Add the archive"),
        (failed("chown failed: failed to look up user app"), "task:User"),
        (failed("Destination /etc/app/a.conf does not exist !"), "file:/etc/app"),
        (failed("file (/etc/a) is absent, cannot continue"), "file:/etc/a"),
        (failed("condition failed", path="/etc/app"), "file:/etc/app"),
        (failed("object of type 'dict' has no attribute 'stdout'"), "task:Command"),
        (failed("No such file: docker"), "package:docker.io"),
    ],
)
def test_what_an_earlier_change_may_bring(stopped: Outcome, earlier: str) -> None:
    assert may_come(stopped, [change(earlier)])


@pytest.mark.parametrize(
    "stopped",
    [
        failed(
            "Task failed: Finalization of task args failed: Error while resolving value for 'msg': 'x' is undefined"
        ),
        failed(
            "The task includes an option with an undefined variable. The error was: 'x' is undefined. 'x' is undefined"
        ),
        failed("Task failed: Syntax error in template: Expected an expression"),
        failed("AnsibleError: template error while templating string: Expected an expression"),
        failed("Could not find or access 'a'\nSearched in:\n\t/srv/a on the Ansible Controller."),
        failed("The lookup plugin 'file' failed: Unable to access the file 'a'"),
        failed("The 'file' lookup had an issue accessing the file 'a'"),
        failed("Unsupported parameters for (file) module: statex"),
        failed("missing required arguments: path"),
        failed("value of state must be one of: absent, file, got: x"),
        failed("couldn't resolve module/action 'no_such'"),
        failed("", "ansible.builtin.include_tasks"),
    ],
)
def test_a_mistake_is_never_explained(stopped: Outcome) -> None:
    assert not may_come(stopped, [change("task:Command"), change("package:x")])


def test_a_file_explains_nothing_else() -> None:
    assert not may_come(failed("Cannot connect"), [change("file:/etc/motd")])
    assert not may_come(failed("Cannot connect"), [])
