"""Tools, templates, variables, checks, pages and manual work are found where they are, and not elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from stems.lifecycle.assess import see
from stems.lifecycle.assessment.history import told
from stems.model.assessment import Part
from stems.tools.git.snapshot import Message
from tests.unit.lifecycle.assessment.trees import looked

PLAY = "- hosts: all\n  tasks: []\n"
WEB = "services:\n  web: {image: 'nginx:1.27'}\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({".chezmoiroot": "home\n", "home/dot_bashrc": "a\n"}, ["user chezmoi home"]),
        ({"dot_bashrc": "a\n", "dot_config/private_dot_x": "a\n"}, ["user chezmoi ."]),
        ({"omni-config/.chezmoiignore": "a\n", "omni-config/x": "a\n"}, ["user chezmoi omni-config"]),
        ({".stowrc": "a\n", "zsh/.zshrc": "a\n"}, ["user stow ."]),
        ({"dotfiles/.bashrc": "a\n", "dotfiles/.vimrc": "a\n"}, ["user plain files dotfiles"]),
        ({"ansible/site.yml": PLAY, "ansible/roles/a/tasks/main.yml": "[]\n"}, ["system ansible ansible"]),
        ({"ansible/playbooks/site.yml": PLAY, "ansible/ansible.cfg": "[defaults]\n"}, ["system ansible ansible"]),
        ({"site.yml": PLAY}, ["system ansible ."]),
        ({"services/a/compose.yml": WEB, "services/b/compose.yml": WEB}, ["services compose services"]),
        ({"a/compose.yml": WEB, "b/compose.yml": WEB}, ["services compose ."]),
        ({"flake.nix": "{ }\n", "hosts/a/configuration.nix": "{ }\n"}, ["system nix ."]),
        ({"infra/main.tf": "a\n"}, ["system terraform infra"]),
        ({"docs/dot_bashrc": "a\n", "examples/site.yml": PLAY, "README.md": "a\n"}, []),
        ({"vars.yml": "- hosts\n", "conf/x.yml": "hosts: all\n"}, []),
    ],
)
def test_domains_with_their_tools(tmp_path: Path, files: Mapping[str, str], expected: list[str]) -> None:
    seen = see(looked(tmp_path, files))

    assert [f"{one.domain.value} {one.tool} {one.root}" for one in seen.domains] == expected


def test_a_playbook_to_start_with(tmp_path: Path) -> None:
    files = {"a/playbooks/zsh.yml": PLAY, "a/playbooks/site.yml": PLAY, "a/adhoc.yml": PLAY}
    (one,) = see(looked(tmp_path, files)).domains

    assert one.entries == ("playbooks/site.yml", "adhoc.yml", "playbooks/zsh.yml")
    assert one.about == "3 plays"


def test_dotfiles_are_counted_at_any_depth(tmp_path: Path) -> None:
    deep = {f"dotfiles/{path}": "a\n" for path in (".bashrc", ".vimrc", ".config/htop/htoprc", ".ssh/config")}
    top = {".bashrc": "a\n", ".vimrc": "a\n", "scripts/a.sh": "a\n"}
    found = [see(looked(tmp_path / name, files)).domains for name, files in (("deep", deep), ("top", top))]

    assert [one.about for domains in found for one in domains] == ["4 files", "2 files"]


def what(parts: Sequence[Part]) -> dict[str, int]:
    return {part.what: part.count for part in parts}


def test_templates_and_variables(tmp_path: Path) -> None:
    files = {
        "roles/a/templates/x.conf.j2": "a\n",
        "dot_x.tmpl": "a\n",
        "web/.env.example": "A=\n",
        "web/env.template": "A=\n",
        "group_vars/all.yml": "a: 1\n",
        "host_vars/a.yml": "a: 1\n",
        ".chezmoidata.yaml": "a: 1\n",
        "web/compose.yml": "services:\n  web:\n    image: nginx:${TAG}\n",
        "other/compose.yml": "services:\n  web:\n    command: echo $$HOME\n",
    }
    seen = see(looked(tmp_path, files))

    assert what(seen.templates) == {"Jinja templates": 1, "chezmoi templates": 1, "templates of environment files": 2}
    assert what(seen.variables) == {
        "Ansible group variables": 1,
        "Ansible node variables": 1,
        "chezmoi data": 1,
        "Compose files with variables": 1,
    }
    assert str(seen.variables[-1].evidence[0].place) == "web/compose.yml:3"


def test_checks(tmp_path: Path) -> None:
    files = {
        ".github/workflows/ci.yml": "jobs: {a: {steps: [{run: yamllint .}]}}\n",
        ".github/workflows/deploy.yml": "jobs: {a: {steps: [{run: ./deploy.sh}]}}\n",
        ".pre-commit-config.yaml": "repos: []\n",
        ".yamllint": "a: 1\n",
        "Makefile": "VAR := 1\nlint: a b\n\techo\ndeploy:\n\techo\n",
        "scripts/validate.sh": "#!/bin/sh\n",
        "tests/test_a.py": "a\n",
    }
    assert what(see(looked(tmp_path, files)).checks) == {
        "pipelines that check": 1,
        "Git hooks": 1,
        "settings of linters": 1,
        "targets of make and the like": 1,
        "scripts that check": 1,
        "tests": 1,
    }


def test_pages(tmp_path: Path) -> None:
    files = {
        "README.md": "a\n",
        "services/web/README.md": "a\n",
        "docs/adr/0001-a.md": "a\n",
        "docs/network.md": "a\n",
        ".meta/ssot/x.yml": "a: 1\n",
        # What came with the methodology is no page of this repository, and no template that it uses.
        ".stems/README.md": "a\n",
        ".stems/templates/repository/docs/decisions/0001-a.md": "a\n",
        ".stems/templates/repository/ansible/roles/a/templates/a.j2": "a\n",
    }
    assert what(see(looked(tmp_path, files)).templates) == {}
    assert what(see(looked(tmp_path, files)).pages) == {
        "README": 1,
        "READMEs of parts": 1,
        "decision records": 1,
        "pages in docs/": 2,
        "rules and truth of .meta/": 1,
        "methodology in .stems/": 3,
    }


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"deploy.sh": "for node in a b; do\n  ssh $node uptime\ndone\n"},
            {"loops over nodes in scripts": 1, "commands over SSH in scripts": 1},
        ),
        ({"deploy.sh": "for n in a b; do ssh $n docker compose up -d; done\n"}, {"loops over nodes in scripts": 1}),
        ({"deploy": "#!/usr/bin/env bash\nrsync -a . crtr:/srv/\n"}, {"files copied to nodes by scripts": 1}),
        ({"run.sh": "docker run -d nginx\n"}, {"containers started by scripts": 1}),
        ({"up.sh": "sudo apt-get install -y docker.io\n"}, {"changes to the system by scripts": 1}),
        ({"Makefile": "deploy:\n\t@ssh crtr 'git pull'\n"}, {"commands over SSH in scripts": 1}),
        ({"README.md": "```bash\nsudo apt install x\n```\n"}, {"steps to type in pages": 1}),
        (
            {"link.sh": 'find . | while read -r f; do\n  ln -sf "$PWD/$f" "$HOME/$f"\ndone\nln -s a ~/a\nln -s a b\n'},
            {"dotfiles linked by scripts": 2},
        ),
        (
            {"README.md": "Type:\n\n    ./apply\n    ssh box 'cd x && docker compose up -d'\n    sudo reboot\n"},
            {"Compose projects started by steps in pages": 1, "steps to type in pages": 1},
        ),
        ({"README.md": "A list:\n    sudo is needed\n\n```sh\ndocker compose up\n```\n"}, {}),
        ({"a.sh": "# ssh crtr\necho ssh crtr\nssh-keygen -t ed25519\nfor f in *; do cat $f; done\n"}, {}),
        ({"a.sh": "docker run --rm -it tool\nrsync -a a/ b/\n"}, {}),
        ({"README.md": "sudo is needed\n\n```yaml\nsudo: true\n```\n\n```sh\ngit clone x\n```\n"}, {}),
        ({"examples/a.sh": "ssh crtr uptime\n", "old/README.md": "```\nsudo a\n```\n"}, {}),
    ],
)
def test_manual_work(tmp_path: Path, files: Mapping[str, str], expected: dict[str, int]) -> None:
    assert what(see(looked(tmp_path, files)).manual) == expected


@pytest.mark.parametrize(
    "subject", ["update", "Fix", "wip", ".", "fix stuff", "Update README.md", "minor changes", "1.2"]
)
def test_a_subject_that_says_nothing(tmp_path: Path, subject: str) -> None:
    history = told(looked(tmp_path, {"a": "a\n"}, messages=(Message("1" * 40, "", subject, has_body=False),)))

    assert history and len(history.vague) == 1


@pytest.mark.parametrize(
    "subject",
    ["Pin the image of Grafana", "fix: mount of the NAS", "Update Traefik to 3.1", "Add whoami", "wip on DNS"],
)
def test_a_subject_that_says_something(tmp_path: Path, subject: str) -> None:
    history = told(looked(tmp_path, {"a": "a\n"}, messages=(Message("1" * 40, "", subject, has_body=False),)))

    assert history and not history.vague
