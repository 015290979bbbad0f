"""Ansible keeps the promises of a tool on a real node."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from stems.errors import NodeUnreachableError, ToolError
from stems.infrastructure.command import Effect, script
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.model.change import Change, Risk
from stems.model.cluster import Cluster, Domains, SystemDomain
from stems.model.node import Node, SshAddress
from stems.model.observation import Present, Unknown
from stems.tools.ansible import tool as ansible
from stems.tools.base import Job, Preview, Site, Tool, Tree
from tests.contract.suite import FIRST, SECOND, Broken, HandEdit, ToolSuite
from tests.support.story import wait_until

FOLDER = "/etc/stems-contract"
STATE = "/home/owner/.local/state/stems/contract-ansible"
UNIT = "/etc/systemd/system/stems-contract.service"
IN_THE_WAY = "/run/stems-contract-obstacle"

PLAY = """
- name: Every node
  hosts: all
  become: true
  gather_facts: false
  tasks:
    - name: Folder
      ansible.builtin.file: {path: /etc/stems-contract, state: directory, mode: "0755"}
    - name: Greeting
      ansible.builtin.template: {src: greeting.j2, dest: /etc/stems-contract/greeting, mode: "0644"}
"""
STARTED = """
    - name: Unit
      ansible.builtin.copy: {src: stems-contract.service, dest: /etc/systemd/system/, mode: "0644"}
      notify: Restart it
  handlers:
    - name: Restart it
      ansible.builtin.systemd_service: {name: stems-contract, state: restarted, daemon_reload: true}
"""
ONLY_FIRST = """
    - name: Old
      ansible.builtin.copy: {content: "old\\n", dest: /etc/stems-contract/old, mode: "0644"}
"""
ONLY_SECOND = """
    - name: New
      ansible.builtin.copy: {content: "new\\n", dest: /etc/stems-contract/new, mode: "0644"}
    - name: Old
      ansible.builtin.file: {path: /etc/stems-contract/old, state: absent}
"""
NOT_IN_FIRST = """
    - name: New
      ansible.builtin.file: {path: /etc/stems-contract/new, state: absent}
"""
SECRET = """
    - name: Secret
      ansible.builtin.copy: {content: "password: {{ word }}\\n", dest: /etc/stems-contract/secret, mode: "0600"}
"""
PLANTED = """
    - name: Out of a vault
      ansible.builtin.copy: {content: "{{ vaulted }}\n", dest: /etc/stems-contract/vaulted, mode: "0600"}
    - name: Hidden by no_log
      ansible.builtin.copy: {content: "{{ word }}\n", dest: /etc/stems-contract/hidden, mode: "0600"}
      no_log: true
    - name: Known by its name
      ansible.builtin.copy: {content: "password: {{ word }}\n", dest: /etc/stems-contract/named, mode: "0600"}
"""
LOUD = """
    - name: Obstacle
      ansible.builtin.command: sh -c 'echo it is {{ vaulted }} >&2; exit 3'
"""
OBSTACLE = """
    - name: Obstacle
      ansible.builtin.copy: {content: "x\\n", dest: /run/stems-contract-obstacle/x}
"""


def write(root: Path, playbook: str, *, greeting: str = "hello") -> Path:
    source = root / "ansible"
    (source / "templates").mkdir(parents=True, exist_ok=True)
    (source / "files").mkdir(exist_ok=True)
    (source / "site.yml").write_text(playbook)
    (source / "templates" / "greeting.j2").write_text(
        f"{greeting} {{{{ node_name }}}}, {{{{ groups['all'] | sort }}}}\n"
    )
    (source / "files" / "stems-contract.service").write_text("[Service]\nExecStart=/bin/sleep infinity\n")
    return root


@dataclass
class AnsibleAdapter:
    """One node of the lab, and a small tree with a template and a file that comes and goes."""

    site: Site
    cluster: Cluster
    folder: Path
    obstacle: str = ""
    word: str = "hunter2"
    more: str = ""
    vaulted: str = ""
    tool: Tool = field(default=ansible)

    def job(self, release: str, *, deployment: str) -> Job:
        obstacle = self.obstacle if release == SECOND else ""
        tail = ONLY_FIRST + NOT_IN_FIRST if release == FIRST else ONLY_SECOND + obstacle
        root = write(self.folder / release, PLAY + self.more + tail, greeting=f"hello {release} to")
        if self.vaulted:
            (root / "ansible" / "group_vars").mkdir(exist_ok=True)
            (root / "ansible" / "group_vars" / "all.yml").write_text(self.vaulted)
            settings = f"[defaults]\nvault_password_file = {self.folder / 'vault'}\n"
            (root / "ansible" / "ansible.cfg").write_text(settings)
        return self.job_on(root, deployment=deployment)

    def job_on(self, root: Path, *, deployment: str = "", **settings: str) -> Job:
        private = self.folder / "private"
        private.mkdir(mode=0o700, exist_ok=True)
        system = SystemDomain("ansible", "ansible", **settings)  # type: ignore[arg-type]  # only texts are given
        variables = {name: {"node_name": name, "word": self.word} for name in self.cluster.nodes}
        return Job(self.cluster, system, Tree(root, "0" * 40), variables, LocalRunner(), private, deployment)

    def photograph(self) -> str:
        listed = f"sudo find {FOLDER} {UNIT} -exec stat -c '%n %a %u:%g' {{}} + 2>/dev/null | sort"
        return self.ask(f"{listed}; sudo sh -c 'cat {FOLDER}/* {UNIT}' 2>/dev/null; true")

    def edit_by_hand(self) -> HandEdit:
        self.ask(f"echo by hand | sudo tee -a {FOLDER}/greeting")
        return HandEdit(f"file:{FOLDER}/greeting", Risk.DESTRUCTIVE)

    def break_off(self, release: str) -> Broken:
        if self.vaulted:
            self.obstacle = LOUD
            return Broken('"Obstacle"', self.forget_obstacle)
        # Check mode believes that the folder is there; when applied, it is a read-only mount.
        self.ask(f"sudo mkdir -p {IN_THE_WAY} && sudo mount -t tmpfs -o ro none {IN_THE_WAY}")
        self.obstacle = OBSTACLE
        return Broken('"Obstacle"', self.mend)

    def mend(self) -> None:
        self.forget_obstacle()
        self.ask(f"sudo umount {IN_THE_WAY} && sudo rmdir {IN_THE_WAY}")

    def forget_obstacle(self) -> None:
        self.obstacle = ""

    def plant(self, secret: str) -> None:
        (self.folder / "vault").write_text("open sesame\n")
        program = str(Path(sys.executable).parent / "ansible-vault")
        words = (program, "encrypt_string", "--vault-password-file", str(self.folder / "vault"), "--name", "vaulted")
        self.vaulted = subprocess.run((*words, secret), check=True, capture_output=True, text=True).stdout
        self.word, self.more = secret, PLANTED

    def spoil(self, secret: str) -> None:
        for name, line in (("vaulted", secret), ("hidden", secret), ("named", f"password: {secret}")):
            self.ask(f"echo {shlex.quote(line)} | sudo tee {FOLDER}/{name} >/dev/null")

    def holds(self, secret: str) -> bool:
        return self.ask(f"sudo cat {FOLDER}/vaulted {FOLDER}/hidden {FOLDER}/named").count(secret) == 3

    def renew_key(self) -> None:
        self.ask(f"head -c 32 /dev/urandom >{STATE}/key")

    def told(self) -> object:
        return ()

    def ask(self, text: str) -> str:
        result = self.site.runner.run(script(text, Effect.WRITES))
        assert result.ok, result.errors
        return result.text

    def clean(self) -> None:
        self.ask(
            f"! mountpoint -q {IN_THE_WAY} || sudo umount {IN_THE_WAY}\n"
            "sudo systemctl disable --now stems-contract 2>/dev/null\n"
            f"sudo rm -rf {FOLDER} {FOLDER}-* {IN_THE_WAY} {UNIT} {STATE}; sudo systemctl daemon-reload\n"
            f"umask 077; mkdir -p {STATE} && head -c 32 /dev/urandom >{STATE}/key"
        )


def site_of(lab: Lab, node: Node) -> Site:
    runner = SshRunner(node, lab.known_hosts, control_folder())
    return Site(node, runner, "/home/owner", STATE, f"{STATE}/stage", "/home/owner/config", ssh=runner.ssh)


@pytest.fixture
def adapter(lab: Lab, tmp_path: Path) -> Iterator[AnsibleAdapter]:
    nodes = {
        node.name: Node(
            node.name, node.hostname, SshAddress(node.host, node.user, node.port, str(lab.identity)), role=node.role
        )
        for node in lab.nodes
    }
    cluster = Cluster("contract", "~/config", nodes, domains=Domains(system=SystemDomain("ansible", "ansible")))
    made = AnsibleAdapter(site_of(lab, nodes["prtr"]), cluster, tmp_path)
    made.clean()
    yield made
    made.clean()


def previewed(adapter: AnsibleAdapter, job: Job) -> Preview:
    answer = ansible.preview(job, [adapter.site])["prtr"]
    assert isinstance(answer, Present), f"{answer.reason}\n{answer.error.said}"
    return answer.value


def changes(adapter: AnsibleAdapter, playbook: str) -> dict[str, Change]:
    seen = previewed(adapter, adapter.job_on(write(adapter.folder / "own", playbook)))
    return {change.resource: change for change in seen.changes}


def play(*tasks: str) -> str:
    head = "- hosts: all\n  become: true\n  gather_facts: false\n  tasks:\n"
    return head + "".join(f"    - {task}\n" for task in tasks)


class TestAnsible(ToolSuite):
    pass


def test_a_secret_is_neither_shown_nor_has_it_a_plain_digest(adapter: AnsibleAdapter) -> None:
    adapter.more = SECRET
    first = {change.resource: change for change in previewed(adapter, adapter.job(FIRST, deployment="")).changes}
    adapter.ask(f"head -c 32 /dev/urandom >{STATE}/key")
    second = {change.resource: change for change in previewed(adapter, adapter.job(FIRST, deployment="")).changes}

    secret, greeting = f"file:{FOLDER}/secret", f"file:{FOLDER}/greeting"
    assert "hunter2" not in repr(first)
    assert first[secret].after != second[secret].after
    assert first[greeting].after == second[greeting].after


def test_a_clock_in_a_file_makes_its_change_unstable(adapter: AnsibleAdapter) -> None:
    found = changes(
        adapter,
        play(
            f"copy: {{content: \"{{{{ now(fmt='%s%f') }}}}\\n\", dest: {FOLDER}-clock}}",
            f'copy: {{content: "known\\n", dest: {FOLDER}-known}}',
        ),
    )

    clock, known = found[f"file:{FOLDER}-clock"], found[f"file:{FOLDER}-known"]
    assert (clock.risk, clock.before, clock.after) == (Risk.UNKNOWN, "", "")
    assert clock.note.startswith("unstable")
    assert (known.risk, bool(known.after)) == (Risk.SYSTEM, True)


def test_a_unit_whose_file_comes_first_can_be_previewed(adapter: AnsibleAdapter) -> None:
    found = changes(
        adapter,
        play(
            f'copy: {{content: "[Service]\\nExecStart=/bin/sleep infinity\\n", dest: {UNIT}}}',
            "systemd_service: {name: stems-contract, state: started, daemon_reload: true}",
            f"file: {{path: {FOLDER}, state: directory}}",
        ),
    )

    assert list(found) == [f"file:{UNIT}", "unit:stems-contract.service", f"file:{FOLDER}"]
    assert found["unit:stems-contract.service"].risk is Risk.SYSTEM


def test_a_run_goes_no_further_than_its_preview(adapter: AnsibleAdapter) -> None:
    tasks = play(
        f"file: {{path: {FOLDER}, state: directory}}\n      notify: Tell",
        f"stat: {{path: {FOLDER}}}\n      register: seen\n      failed_when: not seen.stat.exists",
        f"file: {{path: {FOLDER}/beyond, state: directory}}",
    )
    tasks += f"  handlers:\n    - {{name: Tell, command: touch {FOLDER}/told}}\n"
    job = adapter.job_on(write(adapter.folder / "own", tasks), deployment="1")
    seen = previewed(adapter, job)
    assert [change.resource for change in seen.changes] == [f"file:{FOLDER}", "task:Tell"]
    assert seen.blocked == 'not yet previewable from "stat" on (ansible/site.yml:7)'

    ansible.apply(replace(job, blocked=seen.blocked), adapter.site, seen.changes)
    assert adapter.ask(f"ls -d {FOLDER}* {FOLDER}/*") == f"{FOLDER}\n{FOLDER}/told\n"
    rest = previewed(adapter, job)
    assert ([change.resource for change in rest.changes], rest.blocked) == ([f"file:{FOLDER}/beyond"], "")


def test_a_handler_that_a_command_notifies_is_of_its_own_class(adapter: AnsibleAdapter) -> None:
    handlers = "  handlers:\n    - {name: Let in, service: {name: ssh, state: restarted}}\n"
    found = changes(adapter, play("command: id\n      notify: Let in\n      register: out") + handlers)

    assert [(change.resource, change.risk) for change in found.values()] == [
        ("task:command", Risk.UNKNOWN),
        ("unit:ssh.service", Risk.NETWORK),
    ]


def test_an_undefined_variable_is_an_error_whatever_came_before(adapter: AnsibleAdapter) -> None:
    tasks = play(
        f"file: {{path: {FOLDER}, state: directory}}", f"copy: {{content: '{{{{ nope }}}}', dest: {FOLDER}/x}}"
    )
    answer = ansible.preview(adapter.job_on(write(adapter.folder / "own", tasks)), [adapter.site])["prtr"]

    assert isinstance(answer, Unknown) and "'nope' is undefined" in answer.error.said


def test_a_task_that_only_ansible_finds_does_not_act_in_a_preview(adapter: AnsibleAdapter) -> None:
    root = write(adapter.folder / "own", play("{include_tasks: '{{ above }}/apart/act.yml', vars: {above: ..}}"))
    (root / "apart").mkdir()
    (root / "apart" / "act.yml").write_text(f"- {{command: touch {FOLDER}-acted, check_mode: false}}\n")
    answer = ansible.preview(adapter.job_on(root), [adapter.site])["prtr"]

    assert isinstance(answer, Unknown) and answer.reason.startswith("apart/act.yml:1: `check_mode: false`")
    assert adapter.ask(f"ls -d {FOLDER}-acted 2>/dev/null || true") == ""


def test_a_binary_file_has_the_digest_that_it_has_on_the_node(adapter: AnsibleAdapter) -> None:
    root = write(adapter.folder / "own", play(f"copy: {{src: logo, dest: {FOLDER}-logo}}"))
    (root / "ansible" / "files" / "logo").write_bytes(b"\0new")
    asked = adapter.job_on(root)
    assert [(change.action, change.before) for change in previewed(adapter, asked).changes] == [("create", "")]

    adapter.ask(f"printf 'a\\0' | sudo tee {FOLDER}-logo >/dev/null")
    (first,) = previewed(adapter, asked).changes
    adapter.ask(f"printf 'b\\0' | sudo tee {FOLDER}-logo >/dev/null")
    (second,) = previewed(adapter, asked).changes
    adapter.ask(f"sudo rm {FOLDER}-logo")
    assert (first.action, second.action, first.after) == ("change", "change", second.after)
    assert first.before != second.before


def test_what_is_edited_during_a_deployment_outlives_taking_it_back(adapter: AnsibleAdapter) -> None:
    before, job = adapter.job(FIRST, deployment="1"), adapter.job(SECOND, deployment="2")
    ansible.apply(before, adapter.site, previewed(adapter, before).changes)
    ansible.apply(job, adapter.site, previewed(adapter, job).changes)
    edited = adapter.edit_by_hand().resource
    adapter.ask(f"echo by hand | sudo tee {FOLDER}/new")

    ansible.apply(replace(before, deployment="2"), adapter.site, ())
    left = [f"{resource}: changed since the deployment" for resource in (f"file:{FOLDER}/new", edited)]
    assert sorted(ansible.restore(job, adapter.site)) == sorted(left)
    assert adapter.ask(f"tail -n 1 {FOLDER}/greeting {FOLDER}/new").count("by hand") == 2


def test_taking_back_stops_a_unit_that_was_not_there(adapter: AnsibleAdapter) -> None:
    job = adapter.job_on(write(adapter.folder / "own", PLAY + STARTED), deployment="1")
    ansible.apply(job, adapter.site, previewed(adapter, job).changes)
    assert adapter.ask("systemctl is-active stems-contract") == "active\n"

    assert list(ansible.restore(job, adapter.site)) == []
    assert adapter.ask("systemctl is-active stems-contract || true") == "inactive\n"


def test_a_failure_names_node_task_and_what_was_said(adapter: AnsibleAdapter) -> None:
    job = adapter.job_on(
        write(adapter.folder / "own", play("{name: Refuse, fail: {msg: it is masked}}")), deployment="1"
    )
    with pytest.raises(ToolError) as raised:
        ansible.apply(job, adapter.site, ())

    assert raised.value.problem == 'prtr: Ansible stopped at "Refuse"'
    assert raised.value.ran == "ansible-playbook site.yml --limit prtr"
    assert raised.value.said == "it is masked"


def test_a_node_that_does_not_answer_is_unknown_and_the_others_are_not(adapter: AnsibleAdapter, lab: Lab) -> None:
    dead = replace(adapter.cluster.nodes["drtr"], ssh=replace(adapter.cluster.nodes["drtr"].ssh, port=9))
    adapter.cluster = replace(adapter.cluster, nodes={**adapter.cluster.nodes, "drtr": dead})
    job = adapter.job(FIRST, deployment="")

    answers = ansible.preview(job, [adapter.site, site_of(lab, dead)])
    assert isinstance(answers["prtr"], Present)
    assert isinstance(answers["drtr"], Unknown) and isinstance(answers["drtr"].error, NodeUnreachableError)


def test_a_wrong_host_key_is_not_accepted_whatever_ansible_cfg_says(adapter: AnsibleAdapter, tmp_path: Path) -> None:
    root = write(adapter.folder / "own", play("ping:"))
    (root / "ansible" / "ansible.cfg").write_text("[defaults]\nhost_key_checking = False\n")
    known = tmp_path / "known_hosts"
    known.write_text("")
    control = tmp_path / "c"
    control.mkdir(mode=0o700)
    assert isinstance(adapter.site.runner, SshRunner)
    runner = replace(adapter.site.runner, known_hosts=known, control=control)

    answer = ansible.preview(adapter.job_on(root), [replace(adapter.site, ssh=runner.ssh)])["prtr"]
    assert isinstance(answer, Unknown) and "Host key verification failed" in answer.error.said


def test_a_node_that_no_play_is_for_has_no_changes(adapter: AnsibleAdapter) -> None:
    seen = previewed(adapter, adapter.job_on(write(adapter.folder / "own", play("ping:").replace("all", "gateway"))))

    assert (seen.changes, seen.notes) == ((), ("no play is for this node",))


def test_a_playbook_that_ansible_refuses_says_what_it_said(adapter: AnsibleAdapter) -> None:
    answer = ansible.preview(adapter.job_on(write(adapter.folder / "own", play("no_such_module: {}"))), [adapter.site])[
        "prtr"
    ]

    assert isinstance(answer, Unknown) and "no_such_module" in answer.error.said


def test_a_node_must_be_in_the_users_own_inventory(adapter: AnsibleAdapter) -> None:
    root = write(adapter.folder / "own", play("ping:"))
    inventory = root / "ansible" / "hosts.ini"
    inventory.write_text("[all]\ncrtr\n")
    job = adapter.job_on(root, inventory="hosts.ini")
    answer = ansible.preview(job, [adapter.site])["prtr"]
    assert isinstance(answer, Unknown) and answer.reason == "hosts.ini: prtr not listed"

    inventory.write_text("[mine]\nprtr greeting=hi\n")
    assert previewed(adapter, job).changes == ()


ACCEPTS = "systemctl reload ssh; pkill -u owner sshd || :"
"""An open connection keeps the settings under which it began."""


def is_reached(adapter: AnsibleAdapter) -> bool:
    """Not while the connection that was ended is still dying on this side."""
    try:
        return adapter.ask("echo reached") == "reached\n"
    except NodeUnreachableError:
        return False


@pytest.mark.parametrize("accepts", [True, False], ids=["sshd accepts variables", "sshd accepts none"])
def test_what_a_deployment_starts_is_marked_on_the_node(adapter: AnsibleAdapter, lab: Lab, *, accepts: bool) -> None:
    """Debian's sshd lets `LC_*` through; that of OpenSSH itself, and of others, does not."""
    console = ("docker", "exec", lab.container(lab.node("prtr")), "sh", "-ec")
    task = f"shell: {shlex.quote(f'mkdir -p {FOLDER}; echo $LC_STEMS_RUN >{FOLDER}/marked')}"
    job = adapter.job_on(write(adapter.folder / "own", play(task)), deployment="20260101T000000Z-abcdef")

    def accept(change: str) -> None:
        subprocess.run((*console, f"sed -i '{change}' /etc/ssh/sshd_config; {ACCEPTS}"), check=True)
        wait_until("prtr can be reached again", lambda: is_reached(adapter), deadline=60.0)

    if not accepts:
        accept("s/^AcceptEnv/#AcceptEnv/")
    try:
        ansible.apply(job, adapter.site, ())
    finally:
        if not accepts:
            accept("s/^#AcceptEnv/AcceptEnv/")

    assert adapter.ask(f"cat {FOLDER}/marked") == "20260101T000000Z-abcdef\n"
