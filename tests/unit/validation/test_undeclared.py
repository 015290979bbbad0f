"""Compose projects that no cluster file declares are judged too, and keep no plan from being made."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.lifecycle.validate import validate_tree
from stems.model.finding import Finding, Severity
from stems.tools.base import Tree
from stems.validation.page import Example, cluster
from tests.unit.validation.examples import judged, written

REFUSED = "services: {web: {image: 'nginx:1.27', port: ['8080:80']}}\n"
UNDEFINED = "services: {web: {image: 'nginx:1.27', networks: [front]}}\n"
UNREADABLE = "services:\n\tweb: {image: 'nginx:1.27'}\n"


def alone(root: Path, example: Example) -> tuple[Finding, ...]:
    """What is found in a repository that has no cluster file."""
    written(root, example)
    (root / "config/cluster.yml").unlink()
    return validate_tree(Tree(root, "", frozenset(example)), every_stage=True).findings


def places(found: tuple[Finding, ...], code: str) -> list[tuple[str, Severity]]:
    return [(finding.place.path, finding.severity) for finding in found if finding.code == code]


@pytest.mark.parametrize(("code", "text"), [("STM501", UNREADABLE), ("STM503", REFUSED), ("STM506", UNDEFINED)])
def test_what_compose_refuses_is_an_error_where_there_is_no_cluster(tmp_path: Path, code: str, text: str) -> None:
    found = alone(tmp_path, {"stacks/web/docker-compose.yml": text})

    assert places(found, code) == [("stacks/web/docker-compose.yml", Severity.ERROR)]


@pytest.mark.parametrize(("code", "text"), [("STM501", UNREADABLE), ("STM503", REFUSED), ("STM506", UNDEFINED)])
def test_beside_a_cluster_it_is_a_warning(tmp_path: Path, code: str, text: str) -> None:
    judgement = judged(tmp_path, {"stacks/web/docker-compose.yml": text})

    assert places(judgement.findings, code) == [("stacks/web/docker-compose.yml", Severity.WARNING)]
    assert judgement.is_valid


@pytest.mark.parametrize(
    "text",
    [
        "services: {web: {image: 'nginx:1.27'}}\nvolume: {}\n",
        "services: {web: {restart: always}}\n",
        "services: {web: {image: 'nginx:1.27', env_file: web.env}}\n",
        UNREADABLE,
    ],
)
def test_what_the_tool_tells_is_told_once(tmp_path: Path, text: str) -> None:
    found = judged(tmp_path, {"services/web/compose.yml": text}, every_stage=True).findings

    assert len([one for one in found if one.code in ("STM501", "STM503", "STM505")]) == 1


def test_a_value_is_missed_where_a_file_says_which_there_are(tmp_path: Path) -> None:
    text = "services: {web: {image: 'nginx:1.27', environment: {TOKEN: '${WEB_TOKEN}'}}}\n"
    path, beside = "stacks/web/docker-compose.yml", "stacks/web/.env"
    missing = [(path, Severity.WARNING)]

    assert places(alone(tmp_path / "a", {path: text, beside: "WEB_PORT=80\n"}), "STM504") == missing
    assert places(alone(tmp_path / "b", {path: text, f"{beside}.example": "# WEB_TOKEN=\nA=1\n"}), "STM504") == missing
    assert places(alone(tmp_path / "c", {path: text, beside: "WEB_TOKEN=a\n"}), "STM504") == []
    assert places(alone(tmp_path / "d", {path: text, "up.sh": "export WEB_TOKEN=$(pass web)\n"}), "STM504") == []
    assert places(alone(tmp_path / "e", {path: text}), "STM504") == []


def test_an_encrypted_environment_file_says_nothing(tmp_path: Path) -> None:
    text = "services: {web: {image: 'nginx:${TAG:-latest}'}}\n"
    encrypted = "TAG=ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]\nsops_version=3.9.0\n"

    assert places(alone(tmp_path / "a", {"compose.yml": text, ".env": encrypted}), "STM510") == []
    assert places(alone(tmp_path / "b", {"compose.yml": text, ".env": "A=1\n"}), "STM510") != []


@pytest.mark.parametrize(
    "text", ["$ANSIBLE_VAULT;1.1;AES256\n6162\n", "services: {web: {image: 'ENC[AES256_GCM,a]'}}\nsops: {}\n"]
)
def test_an_encrypted_project_is_not_known(tmp_path: Path, text: str) -> None:
    alike = {"a/compose.yml": text, "services/b/compose.yml": text}

    assert [finding for finding in alone(tmp_path, alike) if finding.code not in ("STM101", "STM803")] == []


def test_a_part_of_another_project_is_none_of_its_own(tmp_path: Path) -> None:
    example: Example = {
        "compose.yml": "include: [apps/web/compose.yml]\n",
        "apps/web/compose.yml": "services: {web: {extends: {file: ../base.yml, service: web}}}\n",
        "apps/base.yml": "services:\n  web:\n    image: nginx\n",
        "stacks/docker-compose.yml": "services: {db: {image: 'postgres:16'}}\n",
        "stacks/docker-compose.dev.yml": "services:\n  db:\n    image: postgres\n",
    }

    assert places(alone(tmp_path, example), "STM510") == [("apps/base.yml", Severity.WARNING)]


def test_a_project_of_another_name_is_one(tmp_path: Path) -> None:
    found = alone(tmp_path, {"web/docker-compose.prod.yml": "services:\n  web:\n    image: nginx\n"})

    for code in ("STM510", "STM511", "STM514"):
        assert places(found, code) == [("web/docker-compose.prod.yml", Severity.WARNING)]


def test_what_one_of_several_files_does_not_say_another_may(tmp_path: Path) -> None:
    base, more = "services: {web: {image: 'nginx:1.27'}}\n", "services: {web: {restart: always, networks: [front]}}\n"
    layered: Example = {"web/docker-compose.base.yml": base, "web/docker-compose.prod.yml": more}
    beside: Example = {"web/docker-compose.yml": base, "web/docker-compose.prod.yml": more}

    assert places(alone(tmp_path / "a", layered), "STM514") == []
    assert places(alone(tmp_path / "a", layered), "STM506") == []
    assert places(alone(tmp_path / "b", beside), "STM514") == []
    assert places(alone(tmp_path / "b", beside), "STM511") == [("web/docker-compose.yml", Severity.WARNING)]


def test_each_file_of_a_folder_of_stacks_is_a_project(tmp_path: Path) -> None:
    example: Example = {
        f"stacks/{name}.yml": f"services:\n  {name}:\n    image: home/{name}:1\n" for name in ("media", "web")
    }

    assert len(places(alone(tmp_path, example), "STM511")) == 2


def test_nodes_with_other_values_are_read_for_themselves(tmp_path: Path) -> None:
    example = {
        "config/cluster.yml": cluster("""
              work: {hostname: work, ssh: {host: work.example, user: owner}, variables: {TAG: latest}}
            variables: {TAG: "1.27"}
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: all}
            """),
        "services/web/compose.yml": "services: {web: {image: 'nginx:${TAG}'}}\n",
    }

    assert places(judged(tmp_path, example).findings, "STM510") == [("services/web/compose.yml", Severity.WARNING)]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    written(tmp_path, {"a/compose.yml": "services: {web: {image: nginx}}\n"})
    (tmp_path / "b").mkdir()
    (tmp_path / "b/compose.yml").symlink_to("../a/compose.yml")
    (tmp_path / "c").symlink_to("a")
    tree = Tree(tmp_path, "", frozenset({"a/compose.yml", "b/compose.yml", "c", "config/cluster.yml"}))

    assert places(validate_tree(tree).findings, "STM510") == [("a/compose.yml", Severity.WARNING)]


DOTFILES = {"home/dot_bashrc": "a\n", "home/dot_vimrc": "a\n"}


@pytest.mark.parametrize(
    ("code", "path", "text"),
    [
        ("STM311", "home/private_dot_bashrc.tmpl", "{{ .a }}\n"),
        ("STM312", "home/private_executable_", "a\n"),
        ("STM313", "home/.chezmoiignore", "[abc\n"),
        ("STM314", "home/.chezmoiscripts/install.sh", "#!/bin/sh\n"),
        ("STM317", "home/.chezmoiversion", "newest\n"),
    ],
)
def test_what_chezmoi_refuses_is_found_without_a_cluster(tmp_path: Path, code: str, path: str, text: str) -> None:
    example: Example = {**DOTFILES, path: text}

    assert [severity for _, severity in places(alone(tmp_path / "a", example), code)] == [Severity.ERROR]
    beside = judged(tmp_path / "b", example)
    assert [severity for _, severity in places(beside.findings, code)] == [Severity.WARNING]
    assert beside.is_valid


@pytest.mark.parametrize(
    ("task", "severities"),
    [
        ("copy: {content: a, dest: ~/.bashrc}", [Severity.WARNING]),
        ("copy: {content: a, dest: ~/.bashrc}\n      when: is_server", [Severity.NOTE]),
        ("copy: {content: a, dest: ~/.bashrc}\n      when: not use_chezmoi", []),
        ("copy: {content: a, dest: ~/.bashrc}\n      become: true", []),
        ("copy: {content: a, dest: ~/.bashrc}\n      become: true\n      become_user: owner", [Severity.WARNING]),
        ("copy: {content: a, dest: ~/.bashrc}\n      tags: [never]", []),
        ("copy: {content: a, dest: '~/.{{ item }}'}\n      with_items: [zshrc, vimrc]", [Severity.WARNING]),
        ("copy: {content: a, dest: '~/{{ item.to }}'}\n      loop: [{to: .vimrc}]", [Severity.WARNING]),
        ("copy: {content: a, dest: '~/.{{ item }}'}\n      loop: '{{ dotfiles }}'", []),
        ("file: {path: ~/.bashrc, mode: '0644'}", []),
        ("file: {path: /home/owner/.bashrc, state: absent}", [Severity.WARNING]),
    ],
)
def test_a_file_of_two_tools_is_found_without_a_cluster(tmp_path: Path, task: str, severities: list[Severity]) -> None:
    found = alone(tmp_path, {**DOTFILES, "ansible/site.yml": f"- hosts: all\n  tasks:\n    - {task}\n"})

    assert [severity for _, severity in places(found, "STM705")] == severities


def test_a_source_that_chezmoi_would_not_find_is_said(tmp_path: Path) -> None:
    found = alone(tmp_path, {".chezmoiroot": "hom\n", "home/dot_bashrc": "a\n"})

    assert places(found, "STM317") == [(".chezmoiroot", Severity.ERROR)]
