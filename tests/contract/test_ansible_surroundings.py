"""What a playbook has around it: roles and collections from elsewhere, a vault, the user's settings, accepted tasks."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stems.infrastructure.lab.state import Lab
from stems.model.change import Risk, Undo
from stems.model.finding import Place
from stems.model.observation import Unknown
from stems.model.rule_exception import RuleException
from stems.tools.ansible import tool as ansible
from stems.tools.exceptions import Exceptions
from tests.contract.test_ansible import FOLDER, AnsibleAdapter, adapter, play, previewed, write

__all__ = ["adapter"]

BIN = Path(sys.executable).parent
SITE = f"""
- hosts: all
  become: true
  tasks:
    - file: {{path: {FOLDER}, state: directory}}
    - copy: {{content: "{{{{ word }}}} of {{{{ ansible_facts['hostname'] }}}}\\n", dest: {FOLDER}/word}}
  roles: [far, contract.near.role]
"""
ROLE = f"- copy: {{{{content: '{{name}}', dest: {FOLDER}-{{name}}}}}}\n"
SECRET = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _run(folder: Path, *words: str) -> str:
    return subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True).stdout


def _role(folder: Path, name: str) -> None:
    for part, text in (("meta", "galaxy_info: {}\n"), ("tasks", ROLE.format(name=name))):
        (folder / part).mkdir(parents=True)
        (folder / part / "main.yml").write_text(text)


def _repository(root: Path, elsewhere: Path) -> None:
    """A role in a Git repository, a collection in a folder, a secret in a vault that the repository's settings open."""
    _role(elsewhere / "far", "far")
    for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-qm", "Begin")):
        _run(elsewhere / "far", "git", "-c", "user.name=a", "-c", "user.email=a@b.example", *words)
    near = elsewhere / "near"
    _role(near / "roles" / "role", "near")
    about = {"namespace": "contract", "name": "near", "version": "1.0.0", "readme": "README.md", "authors": ["a"]}
    (near / "galaxy.yml").write_text(json.dumps(about))
    (near / "README.md").write_text("near\n")
    write(root, SITE)
    (root / "ansible" / "requirements.yml").write_text(
        json.dumps(
            {
                "roles": [{"src": f"git+file://{elsewhere}/far", "name": "far", "version": "main"}],
                "collections": [{"name": str(near), "type": "dir"}],
            }
        )
    )
    (root / "vault").write_text("open\n")
    (root / "ansible" / "group_vars").mkdir()
    encrypt = (str(BIN / "ansible-vault"), "encrypt_string", "--vault-password-file", "vault", "--name", "word", SECRET)
    (root / "ansible" / "group_vars" / "all.yml").write_text(_run(root, *encrypt))
    (root / "ansible.cfg").write_text("[defaults]\nvault_password_file = vault\n")


def test_roles_collections_vault_and_settings_come_by_themselves(adapter: AnsibleAdapter, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    _repository(root, tmp_path / "elsewhere")
    job = adapter.job_on(root, deployment="1")
    job = replace(
        job,
        tree=replace(job.tree, tracked=frozenset({"ansible/requirements.yml"})),
        variables={name: {} for name in job.variables},
    )
    seen = previewed(adapter, job)
    found = {change.resource: change for change in seen.changes}
    assert found.keys() == {f"file:{FOLDER}{part}" for part in ("", "/word", "-far", "-near")}
    assert seen.version.endswith(", ansible.cfg"), "which settings counted is said"
    assert SECRET not in repr(seen.changes)
    assert found[f"file:{FOLDER}-far"].source == "galaxy:roles/far/tasks/main.yml:1"
    assert found[f"file:{FOLDER}-near"].source.startswith("galaxy:collections/ansible_collections/contract/near/")

    ansible.apply(job, adapter.site, seen.changes)
    assert adapter.ask(f"sudo cat {FOLDER}/word {FOLDER}-far {FOLDER}-near") == f"{SECRET} of projector\nfarnear"
    assert previewed(adapter, job).changes == ()
    assert list(ansible.restore(job, adapter.site)) == []
    assert adapter.ask(f"ls -d {FOLDER}* 2>/dev/null || :") == ""


def test_requirements_that_cannot_be_installed_are_an_error_that_names_them(
    adapter: AnsibleAdapter, tmp_path: Path
) -> None:
    root = write(tmp_path / "repository", play("ping:"))
    (root / "ansible" / "requirements.yml").write_text(f"roles: [{{src: 'git+file://{tmp_path}/none', name: none}}]\n")
    job = adapter.job_on(root)
    job = replace(job, tree=replace(job.tree, tracked=frozenset({"ansible/requirements.yml"})))

    answer = ansible.preview(job, [adapter.site])["prtr"]
    assert isinstance(answer, Unknown)
    assert answer.reason == "ansible/requirements.yml: what it names could not be installed"
    assert answer.error.said


def test_a_probe_and_what_a_person_accepts_run_in_a_preview(adapter: AnsibleAdapter, tmp_path: Path) -> None:
    """The probe decides what is planned; the accepted task acts, wherever only Ansible knows it is.

    What acts on another machine says so, and cannot be taken back.
    """
    tasks = play(
        "{command: cat /etc/hostname, check_mode: false, changed_when: false, register: name}",
        f"{{copy: {{content: x, dest: {FOLDER}-probed}}, when: name.stdout == 'projector'}}",
        "{include_tasks: '{{ above }}/apart/act.yml', vars: {above: ..}}",
        "name: Here  # stems: allow STM406: it is what this test is about\n      delegate_to: localhost\n"
        f"      become: false\n      copy: {{content: x, dest: {tmp_path}/here}}",
    )
    root = write(adapter.folder / "own", tasks)
    (root / "apart").mkdir()
    (root / "apart" / "act.yml").write_text(f"- {{command: touch {FOLDER}-acted, check_mode: false}}\n")
    accepted = RuleException("STM405", "apart/", "it is what this test is about", Place("config/exceptions.yml"))
    job = replace(adapter.job_on(root), exceptions=Exceptions(root, [accepted]))

    seen = previewed(adapter, job)
    assert [change.resource for change in seen.changes] == [
        f"file:{FOLDER}-probed", "task:command", "task:Here on localhost",
    ]  # fmt: skip
    assert (seen.changes[2].risk, seen.changes[2].undo, seen.changes[2].note) == (
        Risk.UNKNOWN, Undo.NO, "acts on localhost",
    )  # fmt: skip
    assert not (tmp_path / "here").exists()
    assert adapter.ask(f"ls {FOLDER}-*; sudo rm -f {FOLDER}-acted") == f"{FOLDER}-acted\n"


@pytest.mark.parametrize(
    ("hide", "show", "problem", "remedy"),
    [
        (
            "cd /usr/bin && for each in python3*; do mv $each hidden-$each; done",
            "cd /usr/bin && for each in hidden-*; do mv $each ${each#hidden-}; done",
            "prtr: python3 is missing, and Ansible needs it there",
            "install python3 on prtr (Debian: `apt-get install python3`), then run `stems plan`",
        ),
        (
            "cd /etc/sudoers.d && cp -p owner /root && sed -i 's/NOPASSWD: //' owner",
            "mv /root/owner /etc/sudoers.d/owner",
            "prtr: sudo wants a password",
            "allow passwordless sudo there, or set nodes.prtr.privilege to sudo-password",
        ),
    ],
    ids=["python3", "sudo"],
)
def test_what_ansible_misses_on_a_node_is_named(
    adapter: AnsibleAdapter, lab: Lab, tmp_path: Path, *, hide: str, show: str, problem: str, remedy: str
) -> None:
    console = ("docker", "exec", lab.container(lab.node("prtr")), "sh", "-ec")
    job = adapter.job_on(write(tmp_path / "repository", play(f"copy: {{content: x, dest: {FOLDER}-x}}")))
    _run(tmp_path, *console, hide)
    try:
        answer = ansible.preview(job, [adapter.site])["prtr"]
    finally:
        _run(tmp_path, *console, show)
    assert isinstance(answer, Unknown)
    assert (answer.error.problem, answer.error.remedy) == (problem, remedy), answer.error.said
    assert answer.error.said
