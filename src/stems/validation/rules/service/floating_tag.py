"""An image whose tag means another image tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.substitution import UNKNOWN
from stems.validation.page import Page
from stems.validation.per_project import PerProject
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM510"

PAGE = Page(
    checks="""Images of services without a tag, or with the tag `latest`, also where only the default of a variable
says so. An image with a digest is pinned, one that the project builds itself has no tag to follow, and one whose tag
is in the node's `.env` is not known, nor is one with `pull_policy: never`. Several in one project are one finding.""",
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
        {"services/web/compose.yml": "x-image: &image nginx:latest\nservices: {web: {image: *image}}\n"},
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/web/compose.override.yml": "services: {web: {image: 'nginx:latest'}}\n",
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
                  db:
                    image: postgres
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
    ),
)


_MADE_HERE = ("never", "build", UNKNOWN)


def check(subject: Subject) -> Iterator[Finding]:
    for _, service in subject.once(services_of):
        image = service.image
        if image is None or service.build is not None or image.reference is None or not isinstance(image.text, str):
            continue
        # What is never pulled was made on the node.
        if service.text("pull_policy") in _MADE_HERE:
            continue
        if image.reference.name and not image.reference.digest and image.reference.tag in ("", "latest"):
            has = "the tag `latest`" if image.reference.tag else "no tag"
            message = f"{service.name}: the image {image.text} has {has}, so that it is another one after the next pull"
            yield Finding(CODE, image.place, message, "write the version that runs now", Severity.WARNING)


_FOLD = PerProject("have an image without a tag or with `latest`, which is another one after the next pull")

RULE = Rule(CODE, "floating-tag", Stage.SERVICE, Principle.P3, PAGE, check, Severity.WARNING, _FOLD)
