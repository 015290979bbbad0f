"""An image whose tag means another image tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.projects import projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM510"

PAGE = Page(
    checks="""Images of services without a tag, or with the tag `latest`, also where only the default of a variable
says so. An image with a digest is pinned, one that the project builds itself has no tag to follow, and one whose tag
is in the node's `.env` is not known.""",
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
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}} # was nginx:latest\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    seen: set[Place] = set()
    for composed in subject.once(projects_of):
        for name, texts in composed.project.services.items():
            # What an override says wins.
            written = next((text for text in reversed(texts) if "image" in text.body), None)
            if written is None or any("build" in text.body for text in texts):
                continue
            place, image = written.place("image"), composed.text(written.body["image"])
            if image and place not in seen and _floats(image):
                seen.add(place)
                has = "the tag `latest`" if image.endswith(":latest") else "no tag"
                message = f"{name}: the image {image} has {has}, so that it is another one after the next pull"
                yield Finding(CODE, place, message, "write the version that runs now", Severity.WARNING)


def _floats(image: str) -> bool:
    if "@" in image:
        return False
    name, _, tag = image.rpartition("/")[2].partition(":")
    return bool(name) and tag in ("", "latest")


RULE = Rule(CODE, "floating-tag", Stage.SERVICE, Principle.P3, PAGE, check, Severity.WARNING)
