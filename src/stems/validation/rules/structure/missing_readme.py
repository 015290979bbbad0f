"""A repository or a service that says nothing about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import normpath

from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.validation.files import Files
from stems.validation.page import Page
from stems.validation.projects import projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM803"
_README = re.compile(r"readme(?:\.\w+)?", re.IGNORECASE)
_COMPOSE = ("compose.y*ml", "docker-compose.y*ml")
_TO_BE_WRITTEN = "What it is for, in one sentence."
"""What the template of a service has where a person is to write."""
_FEW, _SOME, _MOST_NAMED = 2, 10, 3

PAGE = Page(
    checks="""Whether a repository of ten files or more has a `README` at the top, or in `docs/` or `.github/`, and
one in each folder of a Compose project where there are several projects. Projects without one are named in one
note. A `README` of a service that still has the first sentence of the template counts as unwritten.""",
    why="""Two years later nobody knows why a service is there, who uses it, where its data comes from and how it is
brought back. The file says how it runs, not why.""",
    instead="Write three sentences: what it is for, where its data is, what to do when it is gone.",
    bad={
        "README.md": "# Home\n",
        "stacks/a/compose.yml": "services: {a: {image: 'a:1'}}\n",
        "stacks/b/compose.yml": "services: {b: {image: 'b:1'}}\n",
        "stacks/b/README.md": "# b\n\nFor the photos. Its data is in /srv/b.\n",
    },
    good={
        "README.md": "# Home\n",
        "stacks/a/compose.yml": "services: {a: {image: 'a:1'}}\n",
        "stacks/a/README.md": "# a\n\nFor the mail. It has no data.\n",
        "stacks/b/compose.yml": "services: {b: {image: 'b:1'}}\n",
        "stacks/b/README.md": "# b\n\nFor the photos. Its data is in /srv/b.\n",
    },
    also_bad=(
        {f"bin/step{number}.sh": "#!/bin/sh\n" for number in range(10)},
        {
            "services/a/compose.yml": "services: {a: {image: 'a:1'}}\n",
            "services/a/README.md": "# a\n\nWhat it is for, in one sentence. Who uses it.\n",
        },
        {
            "config/cluster.yml": """
                version: 1
                cluster: {name: home}
                checkout: ~/home-config
                nodes: {gate: {hostname: gate, ssh: {host: gate.example}}}
                domains: {services: {tool: compose, source: services}}
                services: {backup: {node: gate, tool: systemd}}
                """,
            "services/backup/backup.service": "[Service]\nExecStart=/bin/true\n",
            "services/backup/README.md": "# backup\n\nWhat it is for, in one sentence.\n",
        },
    ),
    also_good=(
        {"readme.rst": "Home\n", **{f"bin/step{number}.sh": "#!/bin/sh\n" for number in range(10)}},
        {".github/README.md": "# Home\n", **{f"bin/step{number}.sh": "#!/bin/sh\n" for number in range(10)}},
        {"bin/run.sh": "#!/bin/sh\n"},
        # The template itself, as it lies in a repository.
        {
            ".stems/templates/service/compose.yml": "services: {new-service: {image: 'a:1'}}\n",
            ".stems/templates/service/README.md": "# new-service\n\nWhat it is for, in one sentence.\n",
        },
        {"README.md": "# Home\n", "compose.yml": "services: {a: {image: 'a:1'}}\n"},
        {"README.md": "# Home\n", "stacks/a/compose.yml": "services: {a: {image: 'a:1'}}\n"},
        # What one project includes are not several.
        {
            "README.md": "# Home\n",
            "compose.yml": "include: [apps/a/compose.yml, apps/b/compose.yml, apps/c/compose.yml]\n",
            **{f"apps/{name}/compose.yml": f"services: {{{name}: {{image: '{name}:1'}}}}\n" for name in "abc"},
        },
        {
            "README.md": "# Home\n",
            "old/a/compose.yml": "services: {a: {image: 'a:1'}}\n",
            "old/b/compose.yml": "services: {b: {image: 'b:1'}}\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    files = subject.files
    told = {file.folder for file in files if _README.fullmatch(file.name)}
    if len(files) >= _SOME and told.isdisjoint(("", "docs", "doc", ".github", ".gitlab")):
        message = "the repository has no README"
        yield _found(Place(_any(files), 1), message, "write what it is for, and where to begin")
    projects = _projects(subject)
    silent = [folder for folder in projects if folder not in told]
    if silent and len(projects) >= _FEW:
        names = ", ".join(silent[:_MOST_NAMED]) + (" and others" if len(silent) > _MOST_NAMED else "")
        how_many = f"{len(silent)} of {len(projects)}" if len(silent) < len(projects) else f"all {len(projects)}"
        message = f"{how_many} Compose projects have no README: {names}"
        yield _found(Place(silent[0]), message, "write what each is for, and where its data is")
    folders = {*projects, *_declared(subject)}
    for file in files:
        if _README.fullmatch(file.name) and file.folder in folders and _TO_BE_WRITTEN in file.text:
            message = "nobody has written yet what it is for: the sentence is that of the template"
            place = file.at(file.text.index(_TO_BE_WRITTEN))
            yield _found(place, message, "write what it is for, who uses it, and what they do while it is away")


def _declared(subject: Subject) -> Iterator[str]:
    """The folders of services of the cluster file, units included."""
    domain = subject.cluster.domains.services
    if domain:
        for service in subject.cluster.services.values():
            yield normpath(f"{domain.source.strip('/')}/{service.where}")


def _projects(subject: Subject) -> list[str]:
    """The folders where Compose finds a project by itself that is no part of another one."""
    found = {
        composed.project.folder
        for composed in subject.once(projects_of)
        if any(_is_project(path.rpartition("/")[2]) for path in composed.project.files)
    }
    return sorted(folder for folder in found if folder)


def _found(place: Place, message: str, remedy: str) -> Finding:
    return Finding(CODE, place, message, remedy, Severity.NOTE)


def _any(files: Files) -> str:
    return CLUSTER_FILE if CLUSTER_FILE in files else next(iter(files)).path


def _is_project(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in _COMPOSE)


RULE = Rule(CODE, "missing-readme", Stage.STRUCTURE, Principle.O4, PAGE, check, Severity.NOTE)
