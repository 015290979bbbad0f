"""Containers that no Compose file has: quadlets of Podman, tasks of Ansible, `docker run` in units and scripts."""

from __future__ import annotations

from collections.abc import Iterator

from stems.tools.compose.model.project import Service
from stems.validation.commands import Line, is_script, lines_of, plain_name
from stems.validation.quadlet_containers import quadlet_containers_of
from stems.validation.run_options import Run, run_in
from stems.validation.subject import Subject
from stems.validation.task_containers import task_containers_of
from stems.validation.written_services import fields_of, service_of, value_of, where

_SIGNS = ("docker", "podman")


def loose_containers_of(subject: Subject) -> tuple[Service, ...]:
    """Asked for with `subject.once`."""
    made = (quadlet_containers_of, task_containers_of, run_containers_of)
    return tuple(service for make in made for service in subject.once(make))


def run_containers_of(subject: Subject) -> tuple[Service, ...]:
    """Those that units start with `docker run`, and scripts in the background. Asked for with `subject.once`."""
    return tuple(_started(subject))


def _started(subject: Subject) -> Iterator[Service]:
    for file in subject.files:
        if file.is_aside or file.is_documentation or not any(sign in file.text for sign in _SIGNS):
            continue
        is_unit = plain_name(file.path).endswith(".service")
        for line in lines_of(file) if is_unit or is_script(file) else ():
            run = run_in(line.text)
            if run is not None and run.image and (is_unit or run.is_detached):
                yield _of_run(line, run)


def _of_run(line: Line, run: Run) -> Service:
    place = where(line.file, line.number, run.image)
    said = [(one, where(line.file, line.number, one.word)) for one in run.options]
    fields = {"image": value_of(run.image, place), **fields_of(said)}
    if run.command:
        fields["command"] = value_of(run.command, place)
    return service_of(run.name or run.image.rpartition("/")[2].partition(":")[0], place, fields)
