"""Compose files that are no project of their own: templates of some, and those that people lay over another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.tools.compose.model.files import COMPOSE_FILES
from stems.tools.compose.model.project import Project, Service
from stems.tools.compose.model.read import read_project
from stems.tools.compose.model.reading import EVERYTHING, Given
from stems.validation.content import Kind
from stems.validation.files import File
from stems.validation.filled_in import is_filled_in
from stems.validation.loose_containers import loose_containers_of
from stems.validation.project_files import is_not_run, says_services
from stems.validation.projects import Composed, projects_of, services_of
from stems.validation.subject import Subject

_VARIANTS = ("*compose*.yml", "*compose*.yaml")
_TEMPLATES = (
    "*compose*.j2",
    "*compose*.jinja2",
    "*compose*.tmpl",
    "*.yml.j2",
    "*.yaml.j2",
    "*.yml.tmpl",
    "*.yaml.tmpl",
)
_ALONE = re.compile(r"^[ \t]*(?:-[ \t]+)?(?:\{\{[^\n{}]*\}\}[ \t]*)+(?:#.*)?$", re.MULTILINE)
_OF_GO = re.compile(r"\{\{-?[ \t]*(?:if|else|end|range|with|define|template|block|include)\b[^\n{}]*\}\}")
_KEY = re.compile(
    r"^(?P<before>[ \t]*[\"']?[\w.-]*)\{\{(?P<inside>[^\n{}]*)\}\}(?P<after>[\w.-]*[\"']?:(?:[ \t].*)?)$", re.M
)
_MERGED = re.compile(
    r"to_(?:nice_)?(?:yaml|json)|toYaml|\b(?:include|template|lookup|indent)\b"
    r"|^[ \t]+\{\{.*\}\}[ \t]*$|\}\}[\"']?:|<<:|\bextends:",
    re.MULTILINE,
)
"""What may bring more keys to a service than are written."""
FILLED_IN = "${_}"
"""Stands for what a template fills in."""
_MOST = 500
_LONGEST = 200_000


def containers_of(subject: Subject) -> tuple[Service, ...]:
    """Every container that something in the repository starts. Asked for with `subject.once`.

    What is not said of those that no project has may be said elsewhere: only what is there can be judged.
    """
    projects = tuple(service for _, service in subject.once(services_of))
    return (*projects, *subject.once(other_services_of), *subject.once(loose_containers_of))


def other_services_of(subject: Subject) -> tuple[Service, ...]:
    """Those of Compose files that are no project of their own, asked for with `subject.once`."""
    return tuple(service for project in subject.once(other_projects_of) for service in project.services.values())


def other_projects_of(subject: Subject) -> tuple[Project, ...]:
    """Asked for with `subject.once`."""
    return tuple(_projects(subject))


def silent_services(subject: Subject, *words: str) -> Iterator[tuple[Composed, Service]]:
    """Services of templates that say all of a service by themselves, and none of the words."""
    for project in subject.once(other_projects_of):
        text = "".join(subject.files[path].text for path in project.files)
        if is_filled_in(text) and not _MERGED.search(text) and not any(word in text for word in words):
            for service in project.services.values():
                if service.image is not None and service.image.named is not None:
                    yield Composed(project), service


def _projects(subject: Subject) -> Iterator[Project]:
    known = {path for composed in subject.once(projects_of) for path in composed.project.files}
    files = [
        file for file in subject.files.named(*_VARIANTS, *_TEMPLATES) if _is_meant(file) and file.path not in known
    ]
    for file in files[:_MOST]:
        text = file.text
        if file.name.endswith((".yml", ".yaml")) and not is_filled_in(text):
            # Of those that Compose looks for, it takes the first.
            if file.name not in COMPOSE_FILES and not is_not_run(file.name):
                yield _read(file, text)
        elif len(text) <= _LONGEST and says_services(file.name, filled := as_filled_in(text)):
            yield _read(file, filled)


def _is_meant(file: File) -> bool:
    if file.is_aside or file.is_documentation or file.kind is not Kind.TEXT:
        return False
    return "\nservices:" in f"\n{file.text}" and not file.is_encrypted


def _read(file: File, text: str) -> Project:
    given = Given({}, EVERYTHING, is_unset_unknown=True)
    return read_project(lambda path: text if path == file.path else None, file.folder, given, files=(file.name,))


def as_filled_in(text: str) -> str:
    """A template with an unknown variable for each expression, and every line where it was."""
    text = _replaced(_replaced(text, "{#", "#}"), "{%", "%}")
    text = _OF_GO.sub("", text)
    text = _KEY.sub(lambda found: f"{found['before']}{_named(found['inside'])}{found['after']}", text)
    return _replaced(_ALONE.sub("", text), "{{", "}}", FILLED_IN)


def _replaced(text: str, start: str, end: str, by: str = "") -> str:
    """A text with something for each part between two signs; comments of Go's templates are nothing."""
    parts, at = [], 0
    while (first := text.find(start, at)) >= 0 and (last := text.find(end, first + 2)) >= 0:
        inside = text[first + 2 : last]
        is_comment = inside.lstrip("- \t").startswith("/*")
        parts += [text[at:first], "" if is_comment else by, "\n" * inside.count("\n")]
        at = last + 2
    return "".join((*parts, text[at:]))


def _named(expression: str) -> str:
    """A name for what a variable is called by."""
    return re.sub(r"[^\w.]+", "", expression).strip(".") or "service"
