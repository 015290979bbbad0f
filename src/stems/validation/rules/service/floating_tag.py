"""An image whose tag means another image tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.project import Service
from stems.tools.compose.model.specs.image import ImageReference, split_image
from stems.validation.images_elsewhere import images_elsewhere, images_made
from stems.validation.loose_containers import run_containers_of
from stems.validation.moving_tags import how_it_moves
from stems.validation.other_projects import FILLED_IN, other_services_of
from stems.validation.page import Page
from stems.validation.per_project import PerProject
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.task_containers import task_containers_of

CODE = "STM510"

PAGE = Page(
    checks="""Images without a tag, or with one that moves - `latest`, `stable`, `main`, `nightly`, `alpine` and so on
- of Compose services, also in templates and in files that are laid over others, and where only the default of a
variable says so, of Podman's units (`*.container`), of Ansible's `docker_container` and `podman_container`, and of
`docker run` in units and scripts. An image with a digest is pinned, one that the project builds itself has no tag to
follow, and one whose tag is in the node's `.env` is not known, nor is one with `pull_policy: never`. Several in one
project are one finding.""",
    why="""`latest` is another program after the next pull: a node that is set up anew runs a newer database than its
neighbour, refuses the data of the old one, and a rollback to last week's commit brings the same new image again.""",
    instead="Write the version that runs now: `docker image inspect` or the registry says which one that is.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
            """,
    },
    also_bad=(
        {"services/web/compose.yml": 'services: {web: {image: "registry.example:5000/team/web"}}\n'},
        {"services/web/compose.yml": 'services: {web: {image: "ghcr.io/home/web:${WEB_TAG:-latest}"}}\n'},
        # In a folder that no service has, with and without a cluster file.
        {
            "docker/media/docker-compose.yml": """
                services:
                  jellyfin:
                    image: jellyfin/jellyfin
                    devices: ["/dev/dri:/dev/dri"]
                    volumes: ["./config:/config", "/srv/media:/media:ro"]
                """,
        },
        # Templates that Traefik and Docker fill in are no templates of the file.
        {
            "traefik/docker-compose.yml": """
                services:
                  traefik:
                    image: traefik:latest
                    command: ["--providers.docker.defaultRule=Host(`{{ trimSuffix `-app` .Name }}.home.example`)"]
                    logging: {options: {tag: "{{.ImageName}}/{{.Name}}"}}
                """,
        },
        {"stacks/media.yml": "services:\n  sonarr:\n    image: lscr.io/linuxserver/sonarr:latest\n"},
        {
            "compose.yaml": """
                services:
                  watchtower:
                    image: containrrr/watchtower
                    volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']
                """
        },
        {"stacks/web/compose.yml": "services: {web: {image: '${REGISTRY:-ghcr.io/home}/web:latest'}}\n"},
        {"services/web/compose.yml": "x-image: &image nginx:latest\nservices: {web: {image: *image}}\n"},
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/web/compose.override.yml": "services: {web: {image: 'nginx:latest'}}\n",
        },
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/web/compose.prod.yml": "services:\n  proxy:\n    image: traefik:latest\n",
        },
        {
            "units/web.service": """
                [Unit]
                Description=Web
                [Service]
                ExecStartPre=-/usr/bin/docker rm -f web
                ExecStart=/usr/bin/docker run --rm --name web -p 80:80 \\
                  nginx
                """,
        },
        {"up.sh": "#!/bin/sh\ndocker run -d --name web -p 80:80 nginx:latest\n"},
        # Channels and variants move as well.
        {"compose.yml": "services: {ha: {image: 'ghcr.io/home-assistant/home-assistant:stable'}}\n"},
        {"compose.yml": "services: {chat: {image: 'ghcr.io/open-webui/open-webui:main'}}\n"},
        {"compose.yml": "services: {cache: {image: 'redis:alpine'}}\n"},
        {"compose.yml": "services: {app: {image: 'python:slim-bookworm'}}\n"},
        {"compose.yml": "services: {cloud: {image: 'nextcloud:production', volumes: ['/srv/cloud:/var/www/html']}}\n"},
        {"compose.yml": "services: {web: {image: 'lscr.io/linuxserver/code-server:version-latest'}}\n"},
        {
            "roles/web/templates/docker-compose.yml.j2": """
                services:
                  web:
                    image: nginx:latest
                  {% if db %}
                  db:
                    image: "postgres:{{ version }}"
                  {% endif %}
                """,
        },
        {
            "quadlets/caddy.container": "[Container]\nImage=docker.io/library/caddy:latest\nPublishPort=80:80\n",
        },
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - community.docker.docker_container:
                        name: uptime
                        image: louislam/uptime-kuma
                """,
        },
        {
            "roles/web/tasks/main.yml": """
                - community.docker.docker_image: {name: nginx, source: pull}
                - community.docker.docker_container: {name: web, image: nginx}
                """,
        },
        {
            "roles/dns/tasks/main.yml": """
                - shell: docker run -d --name dns pihole/pihole
                - docker_compose_v2: {project_name: a, definition: {services: {a: {image: "home/a:latest"}}}}
                """,
        },
        {
            "roles/dns/tasks/main.yml": """
                - name: Pi-hole
                  containers.podman.podman_container: {name: pihole, image: "docker.io/pihole/pihole:nightly"}
                """,
        },
    ),
    also_good=(
        {"services/web/compose.yml": f'services: {{web: {{image: "nginx@sha256:{"0a" * 32}"}}}}\n'},
        {"services/web/compose.yml": 'services: {web: {image: "nginx:${WEB_TAG:-1.27}"}}\n'},
        {"services/web/compose.yml": 'services: {web: {image: "nginx:${WEB_TAG:?which one}"}}\n'},
        {
            "services/web/compose.yml": 'services: {web: {image: "nginx:${WEB_TAG:-latest}"}}\n',
            "services/web/env.template": "WEB_TAG=\n",
        },
        {"services/web/compose.yml": "services: {web: {build: ., image: home/web}}\n"},
        {
            "services/web/compose.yml": """
                services:
                  web: {build: ., image: home/web}
                  worker: {image: home/web, command: work}
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: localhost/web}}\n"},
        {"units/web.service": "[Unit]\nDescription=A\n[Service]\nExecStart=/usr/bin/docker run --rm nginx:1.27\n"},
        {"up.sh": "#!/bin/sh\ndocker build --pull -t home/web .\ndocker run -d --restart=always home/web\n"},
        {"look.sh": "#!/bin/sh\ndocker run --rm -it alpine sh\n"},
        {"services/web/compose.yml": "services: {web: {image: 'web:latest', pull_policy: never}}\n"},
        {
            "services/web/compose.yml": "services: {web: {image: '${REGISTRY}web:${VERSION}'}}\n",
            "services/web/.env.example": "OTHER=\n",
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}} # was nginx:latest\n"},
        # What the `.env` of whoever starts it says is not known.
        {
            "stacks/immich/docker-compose.yml": """
                services:
                  server: {image: 'ghcr.io/immich-app/immich-server:${IMMICH_VERSION:-latest}'}
                """
        },
        {
            "stacks/web/docker-compose.yml": """
                services:
                  web:
                    image: "nginx:{{ web_version }}"
                  {% if db %}
                  db:
                    image: postgres:16
                  {% endif %}
                """
        },
        {"old/web/docker-compose.yml": "services: {web: {image: nginx}}\n"},
        {"README.md": "```yaml\nservices:\n  web:\n    image: nginx:latest\n```\n"},
        {".github/workflows/test.yml": "jobs:\n  test:\n    services:\n      db:\n        image: postgres\n"},
        {".gitlab-ci.yml": "image: python\nservices:\n  - docker:dind\n"},
        {
            "stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "stacks/web/docker-compose.dev.yml": "services:\n  web:\n    image: nginx:latest\n",
        },
        # Versions, also those that are half a version, and names of releases.
        {"compose.yml": "services: {db: {image: 'postgres:16-alpine'}, os: {image: 'debian:bookworm-slim'}}\n"},
        {"compose.yml": "services: {web: {image: 'ghcr.io/home/web:nightly-20241102'}}\n"},
        {"compose.yml": "services: {web: {image: 'ghcr.io/home/web:main-3f2a91c'}}\n"},
        {"compose.yml": "services: {web: {image: 'lscr.io/linuxserver/sonarr:4.0.9-ls250'}}\n"},
        {"quadlets/caddy.container": "[Container]\nImage=docker.io/library/caddy:2.8.4\n# Image=caddy:latest\n"},
        {"quadlets/app.container": "[Container]\nImage=app.build\n", "quadlets/app.build": "[Build]\n"},
        {"quadlets/app.container": "[Container]\nImage=localhost/app\n"},
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - community.docker.docker_image: {name: home/app, source: build, build: {path: /srv/app}}
                    - community.docker.docker_container: {name: app, image: home/app}
                    - community.docker.docker_container: {name: web, image: "nginx:{{ nginx_version }}"}
                    - community.docker.docker_container: {name: gone, image: nginx, state: absent}
                """,
        },
    ),
)


_MADE_HERE = ("never", "build", UNKNOWN)
_OWN = "localhost"


def check(subject: Subject) -> Iterator[Finding]:
    made, own = subject.once(_made_here), subject.once(images_made)
    for service in _services(subject):
        image = service.image
        # What is never pulled was made on the node.
        if image is None or service.build is not None or service.text("pull_policy") in _MADE_HERE:
            continue
        reference = image.reference or _with_this_tag(image.written)
        is_pulled = reference is not None and image.text not in made and reference.name not in own
        if reference is not None and is_pulled and reference.registry != _OWN:
            shown = image.text if isinstance(image.text, str) else image.written.replace(FILLED_IN, "{{ … }}")
            yield from _of(service.name, reference, shown, image.place)
    for named in images_elsewhere(subject):
        yield from _of(named.who, named.image, named.text, named.place)


def _with_this_tag(written: str) -> ImageReference | None:
    """An image whose name a variable has a say in, and its tag none."""
    name, _, tag = written.rpartition(":")
    is_whole = name.count("{") == name.count("}")
    return split_image(f"image:{tag}") if is_whole and "$" in name and tag.isalpha() else None


def _services(subject: Subject) -> Iterator[Service]:
    yield from (service for _, service in subject.once(services_of))
    yield from subject.once(other_services_of)
    yield from subject.once(run_containers_of)
    yield from subject.once(task_containers_of)


def _made_here(subject: Subject) -> frozenset[str]:
    """Images that a service of the repository builds."""
    built = (service.image for service in _services(subject) if service.build is not None)
    return frozenset(image.text for image in built if image is not None and isinstance(image.text, str))


def _of(who: str, image: ImageReference, text: str, place: Place) -> Iterator[Finding]:
    has = how_it_moves(image)
    if has:
        message = f"{who}: the image {text} has {has}, so that it is another one after the next pull"
        yield Finding(CODE, place, message, "write the version that runs now", Severity.WARNING)


_FOLD = PerProject("have an image without a tag or with one that moves, which is another one after the next pull")

RULE = Rule(CODE, "floating-tag", Stage.SERVICE, Principle.P3, PAGE, check, Severity.WARNING, _FOLD)
