"""Ansible reaches nodes as stems does, and gets their variables as values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import yaml

from stems.tools.ansible.hosts import reached
from stems.tools.ansible.inventory import as_values, inventory_of, listed, render_inventory
from tests.unit.tools.ansible.build import NODES, VARIABLES, cluster, job, site


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!unsafe", lambda _, node: ("unsafe", node.value))


def rendered(root: Path, *, deployment: str = "") -> dict[str, dict[str, dict[str, object]]]:
    asked = job(root, {})
    sites = [site("crtr", ssh=("-o", "ControlPath=/run/a b/%C")), site("drtr", is_local=True)]
    text = render_inventory(asked.cluster, VARIABLES, sites, deployment=deployment)
    return yaml.load(text, _Loader)["all"]  # type: ignore[no-any-return]


def test_ssh_options_come_first_and_keep_their_words(tmp_path: Path) -> None:
    hosts = rendered(tmp_path)["hosts"]

    assert hosts["crtr"]["ansible_ssh_args"] == "-o 'ControlPath=/run/a b/%C'"
    assert (hosts["crtr"]["ansible_host"], hosts["crtr"]["ansible_port"]) == ("192.0.2.11", 2222)
    assert hosts["crtr"]["ansible_user"] == "owner"


def test_the_controller_itself_is_reached_without_ssh(tmp_path: Path) -> None:
    assert rendered(tmp_path)["hosts"]["drtr"]["ansible_connection"] == "local"


def test_every_node_is_there_with_the_same_address_whoever_is_met(tmp_path: Path) -> None:
    assert rendered(tmp_path)["hosts"]["prtr"]["ansible_host"] == "prtr.example"


def test_variables_are_values_and_not_templates(tmp_path: Path) -> None:
    hosts = rendered(tmp_path)["hosts"]

    assert hosts["crtr"]["odd"] == ("unsafe", "{{ not a template }}")
    assert hosts["crtr"]["node_name"] == "crtr"


def test_what_all_nodes_have_alike_gives_way_to_variables_of_the_users_groups(tmp_path: Path) -> None:
    """Ansible puts `group_vars` of the user over what an inventory says of a group, and below what it says of hosts."""
    alike = {name: {**values, "timezone": "UTC", "nodes": []} for name, values in VARIABLES.items()}
    found = yaml.load(render_inventory(job(tmp_path, {}).cluster, alike, [site("crtr")]), _Loader)["all"]

    assert (found["vars"]["timezone"], found["vars"]["nodes"]) == ("UTC", [])
    assert not {"timezone", "nodes"} & {*found["hosts"]["crtr"]}
    assert found["hosts"]["crtr"]["node_name"] == "crtr"


def test_what_all_nodes_have_alike_is_a_value_in_both_forms(tmp_path: Path) -> None:
    """A node's `address` is in the list of nodes, as somebody wrote it."""
    alike = {name: {"nodes": [{"address": "{{ not a template }}"}]} for name in VARIABLES}
    made = inventory_of(job(tmp_path, {}).cluster, alike, [site("crtr")])

    assert listed(made)["all"]["vars"]["nodes"] == [{"address": {"__ansible_unsafe": "{{ not a template }}"}}]
    assert "!unsafe" in as_values(made["vars"])


def test_roles_and_architectures_are_groups(tmp_path: Path) -> None:
    groups = rendered(tmp_path)["children"]

    assert groups["gateway"] == {"hosts": {"crtr": None}}
    assert groups["x86_64"] == {"hosts": {"drtr": None, "prtr": None}}


def test_the_password_of_sudo_goes_into_the_private_file_and_nowhere_else(tmp_path: Path) -> None:
    asking = replace(site("crtr"), password=lambda: "{{ pass }} word")
    text = render_inventory(job(tmp_path, {}).cluster, VARIABLES, [asking, site("drtr")])
    hosts = yaml.load(text, _Loader)["all"]["hosts"]

    assert hosts["crtr"]["ansible_become_password"] == ("unsafe", "{{ pass }} word")
    assert "ansible_become_password" not in hosts["drtr"]
    assert "word" not in repr(asking)


def test_what_a_deployment_starts_is_marked(tmp_path: Path) -> None:
    arguments = rendered(tmp_path, deployment="20260101T000000Z-abcdef")["hosts"]["crtr"]["ansible_ssh_args"]

    assert str(arguments).endswith("-o SetEnv=LC_STEMS_RUN=20260101T000000Z-abcdef")


def test_patterns_reach_what_ansible_reaches(tmp_path: Path) -> None:
    known = cluster(job(tmp_path, {}).settings)  # type: ignore[arg-type]
    for pattern, nodes in {
        "all": set(NODES),
        "*": set(NODES),
        "gateway,gpu": {"crtr", "drtr"},
        "x86_64:!gpu": {"prtr"},
        "!crtr:all": {"drtr", "prtr"},
        "all:&work": {"prtr"},
        "?rtr": set(NODES),
        "nowhere": set(),
    }.items():
        assert set(reached(pattern, known) or ()) == nodes, pattern
    assert reached("{{ group }}", known) is None


def test_the_interpreter_that_a_node_names_wins(tmp_path: Path) -> None:
    named = {**VARIABLES, "crtr": {"ansible_python_interpreter": "/opt/python"}}
    text = render_inventory(job(tmp_path, {}).cluster, named, [site("crtr")])

    found = yaml.load(text, _Loader)["all"]
    assert found["hosts"]["crtr"]["ansible_python_interpreter"] == "/opt/python"
    assert found["vars"] == {"ansible_python_interpreter": "auto_silent"}
    assert "ansible_python_interpreter" not in found["hosts"]["prtr"]
