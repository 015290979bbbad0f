"""The profiles of Compose services."""

from __future__ import annotations

from stems.tools.compose.project import Project
from stems.tools.compose.written import as_list


def profiles_of(project: Project, service: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for text in project.all_services.get(service, ()):
        own = frozenset(str(name) for name in as_list(text.body.get("profiles")))
        found = own if text.replaces("profiles") else found | own
    return found
