"""Which plays are applied once for all nodes, and when; what one step cannot hand on to another is said before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.model.change import Group
from stems.model.finding import Severity
from stems.tools.ansible.check import Scan, scan
from stems.tools.ansible.preview import require_safe
from stems.tools.ansible.run import limit_of
from stems.tools.exceptions import Exceptions
from tests.unit.tools.ansible.build import job, site

FIRST, OWN, LAST = Group.FIRST, Group.NONE, Group.LAST
NODES = "- hosts: all\n  tasks:\n    - copy: {content: x, dest: /etc/x}\n"
HERE = "- hosts: localhost\n  tasks:\n    - command: make it\n"
ONCE = "- hosts: all\n  tasks:\n    - {command: x, run_once: true}\n"


def scanned(root: Path, site: str, **files: str) -> Scan:
    made = job(root, {"site.yml": site, **{name.replace("__", "/"): text for name, text in files.items()}})
    return scan(replace(made, exceptions=Exceptions(root)))


def said(found: Scan) -> list[tuple[str, str, str]]:
    return [(each.severity.value, str(each.place), each.message) for each in found.findings]


@pytest.mark.parametrize(
    ("plays", "groups"),
    [
        ((NODES,), (OWN,)),
        ((HERE, NODES), (FIRST, OWN)),
        ((NODES, ONCE), (OWN, LAST)),
        ((HERE, ONCE, NODES, NODES, HERE), (FIRST, FIRST, OWN, OWN, LAST)),
        ((HERE, ONCE), (FIRST, FIRST)),
    ],
)
def test_plays_for_all_nodes_come_before_the_first_node_or_after_the_last(
    tmp_path: Path, plays: tuple[str, ...], groups: tuple[Group, ...]
) -> None:
    found = scanned(tmp_path, "".join(plays))

    assert found.groups == groups
    assert found.errors == ()
    assert [number for part in Group for number in found.numbers(part)] == list(found.numbers(None))


@pytest.mark.parametrize(
    "task",
    [
        "{command: x, run_once: true}",
        "{command: x, delegate_to: '{{ groups.gateway[0] }}'}",
        "{command: x, connection: local}",
        "local_action: command x",
        "{block: [{command: x}], run_once: true}",
        "{include_tasks: a.yml, args: {apply: {delegate_to: localhost}}}",
        "include_tasks: b.yml",
        "import_role: {name: web}",
    ],
)
def test_a_task_that_acts_elsewhere_makes_its_play_one_for_all(tmp_path: Path, task: str) -> None:
    found = scanned(
        tmp_path,
        f"{NODES}- hosts: all\n  tasks:\n    - {task}\n",
        **{
            "a.yml": "- command: x\n", "b.yml": "- {command: x, run_once: true}\n",
            "roles/web/tasks/main.yml": "- {command: x, delegate_to: far}\n",
        },
    )  # fmt: skip

    assert found.groups == (OWN, LAST)
    ((severity, _, message),) = said(found)
    assert severity == "note" and message.endswith("its play is applied once for all nodes, after the last")


@pytest.mark.parametrize(
    ("key", "what"), [("run_once: true", "`run_once`"), ("connection: local", "`connection: local`")]
)
def test_a_play_says_it_for_all_that_it_holds(tmp_path: Path, key: str, what: str) -> None:
    found = scanned(tmp_path, f"- hosts: all\n  {key}\n  tasks: []\n{NODES}")

    assert found.groups == (FIRST, OWN)
    assert said(found) == [
        ("note", "ansible/site.yml:1:3", f"{what}: this play is applied once for all nodes, before the first")
    ]


def test_what_only_goes_from_node_to_node_or_is_never_included_does_not(tmp_path: Path) -> None:
    found = scanned(
        tmp_path,
        "- hosts: all\n  serial: 1\n  roles: [web]\n  tasks:\n    - {stat: {path: /}, run_once: true}\n",
        **{"roles/web/tasks/main.yml": "[]\n", "roles/web/tasks/other.yml": "- {command: x, run_once: true}\n"},
    )

    assert found.groups == (OWN,)
    assert [(severity, message) for severity, _, message in said(found)] == [
        ("warning", "`serial` has no effect: stems goes from node to node by itself")
    ]


def test_one_between_the_plays_of_nodes_is_an_error_with_its_place(tmp_path: Path) -> None:
    found = scanned(tmp_path, NODES + HERE + NODES)
    ((severity, place, message),) = said(found)

    assert (severity, place) == ("error", "ansible/site.yml:4:3")
    assert message == "a play that is applied once for all nodes cannot come between plays that are done node by node"
    with pytest.raises(ToolError, match="cannot come between"):
        require_safe(found)


def test_one_that_a_person_accepts_there_comes_after_the_last_node(tmp_path: Path) -> None:
    found = scanned(tmp_path, f"{NODES}# stems: allow STM406: order does not matter\n{HERE}{NODES}")

    assert (found.groups, found.findings) == ((OWN, LAST, OWN), ())


def test_a_task_that_a_person_accepts_is_done_with_each_node(tmp_path: Path) -> None:
    """As a load balancer is told of each node in its turn."""
    task = "    # stems: allow STM406: out of the pool\n    - {command: x, delegate_to: far}\n"
    found = scanned(tmp_path, f"- hosts: all\n  tasks:\n{task}")
    assert (found.groups, found.findings) == ((OWN,), ())

    unreasoned = scanned(tmp_path, f"- hosts: all\n  tasks:\n{task.replace(': out of the pool', '')}")
    assert unreasoned.groups == (FIRST,)


def test_the_limit_names_this_machine_only_where_a_play_of_the_part_is_for_it(tmp_path: Path) -> None:
    asked = job(tmp_path, {"site.yml": HERE + NODES})
    found = scan(asked)

    assert limit_of(asked, [site("crtr")], found) == ["crtr", "localhost"]
    assert limit_of(replace(asked, part=OWN), [site("crtr")], found) == ["crtr"]
    assert limit_of(replace(asked, part=FIRST), [site("crtr")], found) == ["crtr", "localhost"]


MADE = "- hosts: localhost\n  tasks:\n    - {command: make it, register: made}\n    - {set_fact: {release: 1}}\n"


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("{debug: {msg: '{{ made.stdout }}'}}", "made"),
        ("{command: x, when: made is changed}", "made"),
        ("{copy: {dest: /etc/x, content: \"{{ hostvars['localhost'].release }}\"}}", "release"),
        ("{template: {src: a.j2, dest: /etc/a}}", "release"),
        ("{include_tasks: more.yml}", "made"),
    ],
)
def test_a_variable_of_another_step_is_an_error_where_it_is_used(tmp_path: Path, use: str, name: str) -> None:
    files = {"templates/a.j2": "{{ release }}\n", "more.yml": "- {debug: {var: made}}\n"}
    found = scanned(tmp_path, f"{MADE}- hosts: all\n  tasks:\n    - {use}\n", **files)
    (error,) = found.errors

    assert (error.code, error.severity) == ("STM409", Severity.ERROR)
    assert error.message.startswith(f"{name} is made at ansible/site.yml:")
    assert str(error.place) in ("ansible/site.yml:7:7", "ansible/more.yml:1:3")


@pytest.mark.parametrize(
    "use",
    [
        "{debug: {msg: 'how it was made, and which release'}}",
        "{debug: {msg: '{{ it.made }}'}}",
        "{command: x, register: made}\n    - {debug: {msg: '{{ made.stdout }}'}}",
    ],
)
def test_a_word_or_a_variable_of_its_own_is_none(tmp_path: Path, use: str) -> None:
    assert scanned(tmp_path, f"{MADE}- hosts: all\n  tasks:\n    - {use}\n").errors == ()


@pytest.mark.parametrize(
    ("keys", "codes"), [("gather_facts: false", ["STM409"]), ("gather_facts: true", []), ("become: true", [])]
)
def test_facts_that_only_another_step_gathers_are_not_there(tmp_path: Path, keys: str, codes: list[str]) -> None:
    use = f"- hosts: all\n  {keys}\n  tasks:\n    - {{debug: {{msg: \"{{{{ ansible_facts['hostname'] }}}}\"}}}}\n"

    assert [error.code for error in scanned(tmp_path, ONCE + use).errors] == codes
    assert scanned(tmp_path, HERE + use).errors == ()


def test_within_a_step_variables_are_handed_on(tmp_path: Path) -> None:
    use = "- hosts: localhost\n  tasks:\n    - {debug: {msg: '{{ made.stdout }}'}}\n"

    assert scanned(tmp_path, MADE + use + NODES).errors == ()


def test_nodes_that_another_step_adds_are_not_there(tmp_path: Path) -> None:
    add = "- hosts: localhost\n  tasks:\n    - {add_host: {name: new, groups: fresh}}\n"
    found = scanned(tmp_path, f"{add}- hosts: fresh\n  tasks: []\n")

    assert "STM409" in [error.code for error in found.errors]
