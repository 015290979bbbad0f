"""What runs is found with its node where something says so, and without one where nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from stems.lifecycle.assess import see
from tests.unit.lifecycle.assessment.trees import looked

WEB = "services:\n  web: {image: 'nginx:1.27', volumes: ['data:/data']}\nvolumes: {data: {}}\n"
HOSTS = "[gateway]\ncrtr ansible_host=192.0.2.1\n[work]\nprtr ansible_host=192.0.2.2\n"
DEBUG = "- {debug: {msg: a}}\n"
RENDERED = "services:\n  web:\n    image: a:1\n    mem_limit: {{ y }}\n"
STACK = "services:\n  web:\n    image: nginx:1.27\n"
PARENTS = "[home:children]\ngateway\nwork\n"
TRUTH = "nodes: {a: {ip: 192.0.2.1, services: [web]}, b: {ip: 192.0.2.2}}\n"
PLAY = """
    - hosts: gateway
      tasks:
        - block:
            - community.docker.docker_compose_v2: {project_src: /opt/services/web}
    """
SWARM = """
    services:
      web:
        image: nginx:1.27
        deploy: {placement: {constraints: [node.hostname == prtr]}}
    """
ELSEWHERE = """
    - hosts: all
      tasks: [{copy: {src: web, dest: /usr/local/bin/web}}, {file: {path: /home/web}}]
    """
ROLE = """
    - name: Start
      community.docker.docker_container: {name: dns, image: "pihole/pihole:2024.07.0"}
    """
CLUSTER = """
    version: 1
    cluster: {name: home}
    checkout: ~/home-config
    nodes:
      crtr: {hostname: crtr, ssh: {host: 192.0.2.1}}
      prtr: {hostname: prtr, ssh: {host: 192.0.2.2}}
    domains: {services: {tool: compose, source: services}}
    services:
      site: {node: all, folder: web}
    """
UNIT = "[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n"


def found(root: Path, files: Mapping[str, str | bytes]) -> dict[str, str]:
    seen = see(looked(root, files))
    return {
        one.name: f"{one.tool} {','.join(one.nodes)} {one.why.says if one.why else ''}".strip() for one in seen.services
    }


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"config/cluster.yml": CLUSTER, "services/web/compose.yml": WEB}, {"site": "compose crtr,prtr declared"}),
        ({"hosts.ini": HOSTS, "services/crtr/web/compose.yml": WEB}, {"web": "compose crtr by its path"}),
        ({"hosts.ini": HOSTS, "docker-compose.prtr.yml": WEB}, {"prtr": "compose prtr by its path"}),
        (
            {"hosts.ini": HOSTS, "services/web/compose.yml": WEB, "site.yml": PLAY},
            {"web": "compose crtr play for gateway"},
        ),
        ({"hosts.ini": HOSTS, "services/web/compose.yml": WEB}, {"web": "compose"}),
        (
            {"hosts.ini": HOSTS, "web/compose.yml": WEB, "host_vars/prtr.yml": "docker_services: [a, {name: web}]\n"},
            {"web": "compose prtr a list in its variables"},
        ),
        (
            {"hosts.ini": HOSTS, "web/compose.yml": WEB, "group_vars/gateway/main.yml": "stacks: {web: {}}\n"},
            {"web": "compose crtr a list in its variables"},
        ),
        (
            {"hosts.ini": HOSTS, "web/compose.yml": WEB, "up.sh": "ssh -o X=y me@prtr 'cd web && docker compose up'\n"},
            {"web": "compose prtr a script that reaches it"},
        ),
        (
            {"hosts.ini": HOSTS, "web/compose.yml": WEB, "up.sh": "rsync -a web/ crtr.lan:/srv/\n# ssh prtr web\n"},
            {"web": "compose crtr a script that reaches it"},
        ),
        # The folder has a name that others have as well, and is what is copied.
        (
            {"hosts.ini": HOSTS, "docker/compose.yml": WEB, "up.sh": "rsync -a --delete docker/ crtr.lan:/srv/\n"},
            {"home": "compose crtr a script that reaches it"},
        ),
        (
            {"hosts.ini": HOSTS, "docker/compose.yml": WEB, "up.sh": "ssh crtr docker ps\nrsync a/ crtr:/docker/ \n"},
            {"home": "compose"},
        ),
        ({"hosts.ini": HOSTS, "web/compose.yml": SWARM}, {"web": "compose prtr a constraint of its own"}),
        # A name that leads to the node of a proxy says nothing about where the service runs.
        (
            {"hosts.ini": HOSTS, "web/compose.yml": WEB, "etc/hosts": "192.0.2.1 crtr web.lan\n"},
            {"web": "compose"},
        ),
        # What is installed everywhere is no service everywhere.
        (
            {"hosts.ini": HOSTS, "web/compose.yml": WEB, "site.yml": ELSEWHERE},
            {"web": "compose"},
        ),
        ({"hosts.ini": "[a]\nonly\n", "web/compose.yml": WEB}, {"web": "compose only the only node"}),
        (
            {"ssot/nodes.yml": TRUTH, "x/web/compose.yml": WEB},
            {"web": "compose a discovered truth"},
        ),
        (
            {"hosts.ini": HOSTS, "roles/dns/tasks/main.yml": ROLE, "site.yml": "- hosts: work\n  roles: [dns]\n"},
            {"dns": "ansible prtr play for work"},
        ),
        (
            {"hosts.ini": HOSTS, "site.yml": "- hosts: '{{ x }}'\n  roles: [web]\n", "a/web/compose.yml": WEB},
            {"web": "compose"},
        ),
        (
            {"units/backup.service": UNIT, "units/x.container": "[Container]\nImage=a\n"},
            {"backup": "systemd", "x": "systemd"},
        ),
        ({"web/compose.yml": WEB, "web/compose.override.yml": WEB, "web/compose.prod.yml": WEB}, {"web": "compose"}),
        (
            {"stacks/media.compose.yml": WEB, "stacks/docker-compose-dns.yml": WEB},
            {"media": "compose", "dns": "compose"},
        ),
        ({"apps/web/docker/docker-compose.yml": WEB}, {"web": "compose"}),
        ({"docker-compose.yml": WEB}, {"home": "compose"}),
        # A group of groups, and one that is left out.
        (
            {"hosts.ini": HOSTS + PARENTS, "web/compose.yml": WEB, "site.yml": "- hosts: home:!work\n  roles: [web]\n"},
            {"web": "compose crtr play for home:!work"},
        ),
        # A role that brings the files of a project, whatever the project is called.
        (
            {"hosts.ini": HOSTS, "roles/dns/files/docker-compose.yml": WEB, "roles/dns/tasks/main.yml": DEBUG,
             "site.yml": "- hosts: work\n  roles: [dns]\n"},
            {"dns": "ansible prtr play for work"},
        ),
        (
            {"hosts.ini": HOSTS, "roles/dns/templates/docker-compose.yml.j2": RENDERED,
             "roles/dns/tasks/main.yml": DEBUG, "site.yml": "- hosts: work\n  roles: [dns]\n"},
            {"dns": "ansible prtr play for work"},
        ),
        # The project lies elsewhere, and a task of a role starts it.
        (
            {"hosts.ini": HOSTS, "stacks/web/compose.yml": WEB, "site.yml": "- hosts: work\n  roles: [deploy]\n",
             "roles/deploy/tasks/main.yml": "- community.docker.docker_compose_v2: {project_src: /srv/web}\n"},
            {"web": "compose prtr play for work"},
        ),
        ({"stacks/docker-media.yml": STACK, "stacks/dns-stack.yml": STACK}, {"media": "compose", "dns": "compose"}),
        ({".woodpecker.yml": WEB, ".devcontainer/compose.yml": WEB}, {}),
    ],
)  # fmt: skip
def test_a_service_with_its_node(tmp_path: Path, files: Mapping[str, str], expected: dict[str, str]) -> None:
    assert found(tmp_path, files) == expected


@pytest.mark.parametrize(
    "files",
    [
        {"examples/web/compose.yml": WEB},
        {"old/compose.yml": WEB},
        {"docs/compose.yml": WEB},
        {"compose.example.yml": WEB},
        {"x/compose.yml": "volumes: {a: {}}\n"},
        {"conf/my.service": "a text about a service\n"},
    ],
)
def test_what_does_not_run_is_no_service(tmp_path: Path, files: Mapping[str, str]) -> None:
    assert found(tmp_path, files) == {}


def test_a_service_says_what_it_consists_of(tmp_path: Path) -> None:
    (one,) = see(looked(tmp_path, {"web/compose.yml": WEB, "web/README.md": "a\n"})).services

    assert (one.parts, [image.says for image in one.images], one.keeps_data, one.has_page, one.trouble) == (
        ("web",),
        ["nginx:1.27"],
        True,
        True,
        "",
    )


def test_what_compose_would_refuse_is_said(tmp_path: Path) -> None:
    (one,) = see(looked(tmp_path, {"web/compose.yml": "services:\n  web: {imag: a}\n"})).services

    assert one.trouble.startswith("web/compose.yml:2:")
