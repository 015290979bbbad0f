"""The parts of the template of a repository: one for each domain, and what all of them need."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from stems.lifecycle.template import ShippedFile, Template, template_files
from stems.model.change import Domain
from stems.model.cluster import CLUSTER_FILE
from stems.readers.yaml import read_yaml


@cache
def template_text() -> str:
    """The cluster file of the template."""
    return next(file.text for file in template_files(Template.REPOSITORY) if file.path == CLUSTER_FILE)


@cache
def declared() -> dict[str, Any]:
    """What that file says."""
    return cast("dict[str, Any]", read_yaml(template_text(), CLUSTER_FILE, strict=True).value)


def settings_of(domain: Domain) -> dict[str, Any]:
    """How the template declares a domain."""
    return dict(declared()["domains"][domain.value])


def folder_of(domain: Domain) -> str:
    return str(settings_of(domain)["source"])


def component_files(domain: Domain) -> tuple[ShippedFile, ...]:
    folder = f"{folder_of(domain)}/"
    return tuple(file for file in template_files(Template.REPOSITORY) if file.path.startswith(folder))


def common_files() -> tuple[ShippedFile, ...]:
    """What belongs to no domain, without the cluster file."""
    own = {file.path for domain in Domain for file in component_files(domain)} | {CLUSTER_FILE}
    return tuple(file for file in template_files(Template.REPOSITORY) if file.path not in own)
