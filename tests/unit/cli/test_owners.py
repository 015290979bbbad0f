"""`stems validate` on a repository with every tool: who owns what, with both places."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from stems.__main__ import run
from tests.support.scratch import Scratch

VARIABLES = "variables: {web_root: /srv/web}\n"
CLUSTER = """\
version: 1
cluster: {name: home}
checkout: ~/home
variables: {web_root: /srv/web}
nodes:
  one: {hostname: one, ssh: {host: one.example, user: owner}, role: gateway}
  two: {hostname: two, ssh: {host: two.example, user: owner}}
domains:
  user: [{tool: chezmoi, source: dotfiles}, {tool: files, source: guest, account: guest}]
  system: {tool: ansible, source: ansible}
  services: {tool: compose, source: services}
services:
  web: {node: all}
  proxy: {node: one, tool: systemd}
"""
SITE = """\
- hosts: all
  become: true
  tasks:
    - name: Shells
      copy: {src: bashrc, dest: "{{ item.home }}/.bashrc"}
      loop:
        - {home: /home/owner}
        - {home: "~guest"}
    - file: {path: /home/guest/.vim, state: absent}
      when: node_role == 'gateway'
    - systemd: {name: proxy, enabled: true}
    - community.docker.docker_compose_v2: {project_src: "{{ web_root }}", project_name: web}
      when: ansible_os_family == 'Debian'
    - copy: {content: x, dest: "/etc/{{ ansible_distribution }}"}
"""
FILES = {
    "config/cluster.yml": CLUSTER,
    "ansible/site.yml": SITE,
    "ansible/bashrc": "",
    "dotfiles/dot_bashrc": "x\n",
    "guest/.bashrc": "",
    "guest/.vim/vimrc": "",
    "services/web/compose.yml": "services:\n  web:\n    image: x:1\n    ports: ['80:80']\n"
    "    healthcheck: {test: [CMD, test, -e, /tmp]}\n    mem_limit: 64m\n    restart: always\n",
    "services/proxy/proxy.socket": "[Socket]\nListenStream=80\n",
    "services/proxy/proxy.service": "[Service]\nExecStart=/bin/true\n",
}


@pytest.fixture(autouse=True)
def here() -> None:
    """`-C` moves this process."""
    os.chdir(Path(__file__).parent)


def judged(folder: Path, files: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    scratch = Scratch(folder / "repository")
    scratch.commit({**files})
    code = run(["-C", str(scratch.root), "validate", "--no-linters"])
    return code, capsys.readouterr().out


def test_every_second_owner_is_said_with_both_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = judged(tmp_path, FILES, capsys)

    assert code == 3
    assert [line.partition(" (STM")[0] for line in out.splitlines() if line[0] in "✗·"] == [
        "· note ansible/site.yml:12:7: the collection community.docker is used, and no requirements name it",
        "✗ error dotfiles/dot_bashrc: file:~/.bashrc: has two owners: chezmoi here and ansible at ansible/site.yml:4:7"
        ", on one, two",
        "✗ error guest/.bashrc: file:~guest/.bashrc: has two owners: files here and ansible at ansible/site.yml:4:7, "
        "on one, two",
        "✗ error guest/.vim/vimrc: file:~guest/.vim/vimrc: files writes it here, and ansible removes "
        "file:/home/guest/.vim at ansible/site.yml:9:7, on one",
        "✗ error services/proxy/proxy.service: unit:proxy.service: has two owners: systemd here and ansible at "
        "ansible/site.yml:11:7, on one",
        "✗ error services/proxy/proxy.socket:2:1: port:*:80/tcp: has two owners: systemd here and compose at "
        "services/web/compose.yml:4:13, on one",
        "· note ansible/site.yml:14:7: file:/etc/{{ ansible_distribution }}: here only the node can tell what ansible "
        "owns: it is compared with nothing",
        "· note services/web/compose.yml:1:1: project:web: may have two owners: compose (web) here and ansible at "
        "ansible/site.yml:12:7, on one, two",
        "✗ 5 errors, 3 other findings",
    ]


def test_the_other_places_are_in_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scratch = Scratch(tmp_path / "repository")
    scratch.commit({**FILES})
    run(["-C", str(scratch.root), "validate", "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]

    assert {each["code"]: each["also"] for each in found if each["path"].startswith("services/")} == {
        "STM701": ["services/web/compose.yml:4:13"],
        "STM703": ["ansible/site.yml:12:7"],
    }


def test_with_one_owner_each_it_is_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    play = "- hosts: all\n  tasks:\n    - lineinfile: {path: /etc/hosts, line: x}\n    - file: {path: /etc/hosts}\n"
    files = {**FILES, "ansible/site.yml": play, "services/proxy/proxy.socket": "[Socket]\nListenStream=81\n"}
    files["config/cluster.yml"] = CLUSTER.replace(VARIABLES, "")

    assert judged(tmp_path, files, capsys) == (0, "✓ valid\n")


def test_two_entries_may_mean_one_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the SSH user, and of the account that the SSH user of one node is."""
    user = "user: [{tool: files, source: dotfiles}, {tool: files, source: guest, account: guest}]"
    text = CLUSTER.replace(VARIABLES, "").replace("two.example, user: owner", "two.example, user: guest")
    text = text.replace(next(line for line in CLUSTER.splitlines() if "  user: [" in line), f"  {user}")
    files = {"config/cluster.yml": text[: text.index("  system:")], "dotfiles/.x": "", "guest/.x": ""}
    code, out = judged(tmp_path, files, capsys)

    assert (code, out.splitlines()[1]) == (
        3,
        "✗ error guest/.x: file:~guest/.x: has two owners: files here and files at dotfiles/.x, on two (STM701)",
    )
