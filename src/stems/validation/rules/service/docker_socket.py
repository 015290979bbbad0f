"""A container that has the socket of Docker."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.project import Mount, Service
from stems.validation.images import MANAGERS, SOCKET_PROXIES, family, name_of
from stems.validation.other_projects import containers_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM516"

PAGE = Page(
    checks="""Mounts of `/var/run/docker.sock`, of the sockets of Podman and of a rootless Docker, or of a folder that
has one, such as `/`: in Compose files and templates of them, in quadlets, in Ansible's `docker_container`, and in
what units and scripts start with `docker run`. One that is read-only is a note: that keeps the file, not what is
asked through it. It is a note, too, for programs that are there to manage Docker, such as Portainer, Dockge and
Watchtower. A proxy that lets only some requests through is not meant.""",
    why="""Who may talk to Docker may start a container with the whole disk of the node in it. A hole in a dashboard
or in a reverse proxy that is open to the internet is then a hole in the node.""",
    instead="""Put a proxy before it, such as `tecnativa/docker-socket-proxy`, which lets through only what the
service asks for.""",
    bad={
        "services/traefik/compose.yml": """
            services:
              traefik:
                image: traefik:v3.1
                command: --providers.docker
                volumes:
                  - /var/run/docker.sock:/var/run/docker.sock
            """,
    },
    good={
        "services/traefik/compose.yml": """
            services:
              traefik:
                image: traefik:v3.1
                command: --providers.docker --providers.docker.endpoint=tcp://docker:2375
              docker:
                image: tecnativa/docker-socket-proxy:0.3.0
                environment: {CONTAINERS: 1}
                volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
            """,
    },
    also_bad=(
        {
            "docker-compose.yml": """
                services:
                  homepage:
                    image: ghcr.io/gethomepage/homepage:v0.9.12
                    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
                """,
        },
        {
            "services/runner/compose.yml": """
                services:
                  runner:
                    image: gitea/act_runner:0.2.11
                    volumes:
                      - {type: bind, source: /run/docker.sock, target: /var/run/docker.sock}
                """,
        },
        {"services/agent/compose.yml": "services: {agent: {image: 'home/agent:1', volumes: ['/var/run:/var/run']}}\n"},
        {
            "stacks/dash/compose.yml": """
                services:
                  dash:
                    image: home/dash:1
                    volumes: ["${DOCKER_SOCK:-/var/run/docker.sock}:/var/run/docker.sock"]
                  other:
                    image: home/other:1
                    volumes: ["/run/user/1000/docker.sock:/var/run/docker.sock"]
                """,
        },
        {"services/agent/compose.yml": "services: {agent: {image: 'home/agent:1', volumes: ['/:/host']}}\n"},
        # Laid over another file, or made of a template.
        {
            "stacks/dash/compose.yml": "services: {dash: {image: 'home/dash:1'}}\n",
            "stacks/dash/compose.prod.yml": """
                services:
                  dash:
                    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
                """,
        },
        {
            "roles/dash/templates/docker-compose.yml.j2": """
                services:
                  {{ dash_name }}:
                    image: "home/dash:{{ dash_version }}"
                {% if dash_sees_docker %}
                    volumes:
                      - /var/run/docker.sock:/var/run/docker.sock
                {% endif %}
                """,
        },
        # Containers that Compose knows nothing of.
        {
            "quadlets/dash.container": """
                [Container]
                Image=docker.io/home/dash:1
                Volume=%t/podman/podman.sock:/var/run/docker.sock
                """,
        },
        {"quadlets/a.container": "[Container]\nImage=home/a:1\nPodmanArgs=-v /run/podman/podman.sock:/s/podman.sock\n"},
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - name: Dashboard
                      community.docker.docker_container:
                        name: dash
                        image: home/dash:1
                        volumes:
                          - /var/run/docker.sock:/var/run/docker.sock
                """,
        },
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - community.docker.docker_compose_v2:
                        project_name: dash
                        definition:
                          services:
                            dash:
                              image: home/dash:1
                              volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
                """,
        },
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - shell: docker run -d -v /var/run/docker.sock:/var/run/docker.sock home/dash:1
                """,
        },
        {
            "units/dash.service": """
                [Unit]
                Description=Dashboard
                [Service]
                ExecStart=/usr/bin/docker run --rm --name dash \\
                  -v /var/run/docker.sock:/var/run/docker.sock \\
                  home/dash:1
                """,
        },
        {"up.sh": "#!/bin/sh\ndocker run -d -v /var/run/docker.sock:/var/run/docker.sock home/dash:1\n"},
    ),
    also_good=(
        {
            "services/proxy/compose.yaml": """
                services:
                  socket-proxy:
                    image: lscr.io/linuxserver/socket-proxy:1.26.3
                    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
                """,
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', volumes: ['./docker.sock.md:/srv/a.md']}
                """
        },
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: nginx:1.27
                    volumes:
                      # - /var/run/docker.sock:/var/run/docker.sock
                      - ./site:/srv
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', volumes: ['/run/dbus:/run/dbus:ro']}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', volumes: ['${RUN:-/run}/dbus:/dbus']}}\n"},
        {"services/look/compose.yml": "services: {look: {image: 'home/look:1', volumes: ['/:/host:ro']}}\n"},
        # A look from the shell, and one that is gone.
        {"look.sh": "#!/bin/sh\ndocker run --rm -it -v /var/run/docker.sock:/var/run/docker.sock wagoodman/dive a\n"},
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - community.docker.docker_container:
                        name: dash
                        image: home/dash:1
                        state: absent
                        volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
                """,
        },
        {"quadlets/a.container": "[Container]\nImage=home/a:1\n# Volume=/var/run/docker.sock:/var/run/docker.sock\n"},
    ),
)

_SOCKET = re.compile(r"/+(?:var/)?run/(?:user/\d+/)?(?:docker|podman/podman)\.sock(?:\.raw)?")
_NAMED = re.compile(r"(?:^|[/:-])(?:docker|podman)\.sock(?:[:}]|$)")
_FOLDERS = frozenset({"/var/run", "/run", "/"})


def check(subject: Subject) -> Iterator[Finding]:
    for service in subject.once(containers_of):
        if _is_proxy(service):
            continue
        found = [mount for mount in service.mounts if mount.kind in ("bind", UNKNOWN) and _has_socket(mount)]
        if found:
            # The one that can be written to says it for the others.
            yield _found(service, next((mount for mount in found if not _is_read_only(mount)), found[0]))


def _found(service: Service, mount: Mount) -> Finding:
    if family(service, MANAGERS):
        message = f"{service.name}: is there to manage Docker, so that whoever gets into it has the whole node"
        return Finding(CODE, mount.place, message, "let nobody reach it from outside of your network", Severity.NOTE)
    remedy = "put a proxy for the socket before it"
    if _is_read_only(mount):
        message = f"{service.name}: can only read the file of Docker's socket, and still ask Docker for everything"
        return Finding(CODE, mount.place, message, remedy, Severity.NOTE)
    message = f"{service.name}: has the socket of Docker, and with it the whole node"
    if mount.source == "/":
        message, remedy = (
            f"{service.name}: may write to the whole disk of the node",
            "mount what it needs, or `/` with `:ro`",
        )
    return Finding(CODE, mount.place, message, remedy, Severity.WARNING)


def _is_read_only(mount: Mount) -> bool:
    return mount.is_read_only is True or mount.written.endswith(":ro")


def _is_proxy(service: Service) -> bool:
    return name_of(service.image) in SOCKET_PROXIES or "socket-proxy" in f"{name_of(service.image)} {service.name}"


def _has_socket(mount: Mount) -> bool:
    if not isinstance(mount.source, str):
        # A variable says where it is, and the rest what it is.
        return _NAMED.search(mount.written or str(mount.target)) is not None
    source = posixpath.normpath(f"/{mount.source.lstrip('/')}") if mount.source.startswith("/") else ""
    return _SOCKET.fullmatch(source) is not None or (source in _FOLDERS and not mount.is_read_only)


RULE = Rule(CODE, "docker-socket", Stage.SERVICE, Principle.P4, PAGE, check, Severity.WARNING)
