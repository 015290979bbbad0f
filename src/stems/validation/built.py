"""The Dockerfiles that services are built from."""

from __future__ import annotations

from stems.readers.dockerfile import instructions
from stems.tools.compose.model.project import Service
from stems.tools.compose.model.reading import is_outside, joined
from stems.validation.files import File, Files


def dockerfile_of(files: Files, service: Service) -> File | None:
    """The Dockerfile in the repository that a service is built from; None where it is somewhere else."""
    build = service.build
    if build is None or not isinstance(build.context, str) or not isinstance(build.dockerfile, str):
        return None
    if is_outside(build.context) or service.value.at("build", "dockerfile_inline") is not None:
        return None
    return files.get(joined(build.context, build.dockerfile))


def brings_health_check(file: File) -> bool:
    found = [one.rest for one in instructions(file.text) if one.name == "HEALTHCHECK"]
    return bool(found) and found[-1].upper() != "NONE"
