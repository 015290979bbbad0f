"""Images in what is read as no Compose file: templates that cannot be, and units of Podman."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.model.finding import Place
from stems.tools.ansible.repository.tasks import Task
from stems.tools.compose.model.specs.image import ImageReference, split_image
from stems.validation.ansible_trees import tasks_of
from stems.validation.files import File
from stems.validation.filled_in import is_filled_in
from stems.validation.other_projects import other_projects_of
from stems.validation.subject import Subject

_QUADLETS = ("*.container", "*.image", "*.container.j2", "*.container.tmpl")
_TEMPLATES = ("*compose*.j2", "*compose*.jinja2", "*compose*.tmpl", "*compose*.yml", "*compose*.yaml")
_LINE = re.compile(r"^[ \t]+image:[ \t]*([\"']?)(?P<image>[\w./:@-]+)\1[ \t]*(?:#.*)?$", re.MULTILINE)
_IMAGE = re.compile(r"^Image[ \t]*=[ \t]*(?P<image>\S+)[ \t]*$", re.MULTILINE)
_MAKES = frozenset({"docker_image", "docker_image_build", "podman_image"})
_OWN = "localhost"
_BUILDS = ("docker build", "docker buildx", "podman build", "buildah b", "docker tag", "podman tag")
_BUILT = re.compile(
    r"\b(?:(?:docker|podman)\s+(?:buildx\s+|image\s+)?build|buildah\s+(?:bud|build))\b[^;&|]{0,300}?\s"
    r"(?:-t|--tag)[= ]?[\"']?(?P<name>[\w./:-]+)"
)


@dataclass(frozen=True, slots=True)
class NamedImage:
    """An image, who runs it, and where that is written."""

    who: str
    image: ImageReference
    text: str
    place: Place


def images_elsewhere(subject: Subject) -> Iterator[NamedImage]:
    """Those whose name is written out; not those that are built here."""
    for file in subject.files.named(*_QUADLETS):
        if not file.is_aside and not file.is_documentation:
            yield from _of_unit(file)
    read = {path for project in subject.once(other_projects_of) if project.services for path in project.files}
    for file in subject.files.named(*_TEMPLATES):
        if file.path not in read and not file.is_aside and not file.is_documentation and _is_rendered(file):
            yield from _of_template(file)


def images_made(subject: Subject) -> frozenset[str]:
    """The names of images that a task or a command builds. Asked for with `subject.once`."""
    made = (task.arguments() for _, task in tasks_of(subject) if _last(task) in _MAKES)
    by_task = (_plain(arguments.get("name")) for arguments in made if arguments.get("source") != "pull")
    texts = (
        file.text for file in subject.files if not file.is_documentation and any(one in file.text for one in _BUILDS)
    )
    by_command = (_plain(found["name"]) for text in texts for found in _BUILT.finditer(text))
    return frozenset((*by_task, *by_command)) - {""}


def _of_unit(file: File) -> Iterator[NamedImage]:
    for found in _IMAGE.finditer(file.text):
        text = found["image"]
        # Those are other units: one that pulls an image, and one that builds it.
        if not text.endswith((".image", ".build")) and (image := _known(text)):
            yield NamedImage(file.name.partition(".")[0], image, text, file.at(found.start("image")))


def _is_rendered(file: File) -> bool:
    return not file.name.endswith((".yml", ".yaml")) or is_filled_in(file.text)


def _of_template(file: File) -> Iterator[NamedImage]:
    """Those that no variable is in. What is built here has a tag of its own."""
    for found in _LINE.finditer(file.text) if "build:" not in file.text else ():
        if image := _known(found["image"]):
            yield NamedImage(image.name, image, found["image"], file.at(found.start("image")))


def _known(text: str) -> ImageReference | None:
    is_written_out = not any(mark in text for mark in ("{{", "{%", "$", "sha256:", "://"))
    image = split_image(text)
    return image if is_written_out and image.registry != _OWN and image.name and "/" not in image.tag else None


def _plain(name: object) -> str:
    return split_image(name).name if isinstance(name, str) else ""


def _last(task: Task) -> str:
    return task.module.rpartition(".")[2]
