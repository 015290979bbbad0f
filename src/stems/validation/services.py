"""What can be said of a Compose service from how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Place
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.project import Project, Service
from stems.tools.compose.model.value import Value
from stems.validation.projects import Composed

_ENDS_BY_NAME = re.compile(
    r"(?:^|[-_.])(?:init|initdb|migrate|migrations?|migrator|setup|seed|seeder|bootstrap|job|task|once|oneshot"
    r"|perms|permissions|chown|mkdir|provision|createbuckets|createdb|certgen|keygen|cli|test|tests|restore)(?:$|[-_.])",
    re.IGNORECASE,
)
_ENDS_BY_COMMAND = re.compile(
    r"(?:^|[\s;&/'\"])(?:chown|chmod|mkdir|cp|migrate|db:migrate|createdb|createsuperuser|openssl|mc|init|setup)(?:\s|$)"
    r"|^(?:echo|true|exit|sleep \d+)\b"
)
_SHELL = re.compile(r"^(?:\S*/)?(?:ba|da|a)?sh\s+-\w*c\s+")
_STEPS = re.compile(r"&&|\|\||;|\n")
_ENDS = re.compile(
    r"(?:\S*/)?(?:install|rm|mv|ln|touch|tar|unzip|rsync|sync|copy|curl|wget|clone|pull|git|set|cd|test|\[|echo|exit|true"
    r"|chown|chmod|mkdir|cp|pg_dump(?:all)?|pg_restore|mysqldump|mariadb-dump|mongodump)(?:\s.*|$)",
    re.DOTALL,
)
_OF_SWARM = frozenset(
    {"restart_policy", "mode", "placement", "update_config", "rollback_config", "endpoint_mode", "labels"}
)
_SAYS_NO = frozenset({"no", "", "on-failure"})


def is_one_shot(composed: Composed, service: Service) -> bool:
    """Whether a service is, or may well be, one that does something and ends."""
    restart = service.text("restart")
    if restart is UNKNOWN or (isinstance(restart, str) and restart.partition(":")[0] in _SAYS_NO):
        return True
    if service.value.at("deploy", "restart_policy", "condition") is not None:
        condition = service.text("deploy", "restart_policy", "condition")
        return condition is UNKNOWN or condition in {"none", "on-failure"}
    if isinstance(restart, str):
        return False
    if service.profiles or service.name in _awaited(composed.project):
        return True
    command = " ".join(words(service))
    return bool(_ENDS_BY_NAME.search(service.name) or _ENDS_BY_COMMAND.search(_last_step(command))) or _ends(command)


def is_awaited(project: Project, service: Service, condition: str) -> bool:
    """Whether another service waits for a condition of it."""
    waiting = (one.depends_on.get(service.name) for one in project.services.values())
    return any(how is not None and how.condition == condition for how in waiting)


def has_restart_policy(service: Service) -> bool:
    """Whether it has one, or Swarm runs it, which starts everything again."""
    deployed = service.value.at("deploy")
    is_of_swarm = deployed is not None and not _OF_SWARM.isdisjoint(deployed.fields)
    return service.value.at("restart") is not None or is_of_swarm


def words(service: Service, *keys: str) -> list[str]:
    """What is known of the command line: entrypoint and command, or one of them."""
    return [word for key in keys or ("entrypoint", "command") for word in _words(service.value.at(key))]


def is_job_of_swarm(service: Service) -> bool:
    mode = service.text("deploy", "mode")
    return isinstance(mode, str) and mode.endswith("-job")


def runs(service: Service) -> bool:
    """Whether it becomes a container at all."""
    replicas = service.value.at("deploy", "replicas") or service.value.at("scale")
    return service.value.at("provider") is None and not (replicas is not None and replicas.data == 0)


def mounts_whole(service: Service) -> bool:
    """Whether every mount is known: `volumes_from` brings others."""
    inherited = service.value.at("volumes_from")
    is_known = all(mount.target is not UNKNOWN for mount in service.mounts)
    return is_known and not (inherited is not None and inherited.items)


def key_place(service: Service, *keys: str) -> Place:
    """Where a key is written, or the service where it is not."""
    found = service.value.at(*keys)
    return found.key if found else service.place


def _last_step(command: str) -> str:
    """What a shell does in the end, or the command: what it becomes, whatever it prepares before."""
    if not _SHELL.match(command.strip()):
        return command
    return next((step for step in reversed(_STEPS.split(command.strip("\"' \n"))) if step.strip()), "").strip()


def _ends(command: str) -> bool:
    """Whether every step of a command line is one that ends by itself."""
    steps = _STEPS.split(_SHELL.sub("", command.strip(), count=1).strip("\"' "))
    return bool(command) and all(_ENDS.fullmatch(step.strip()) for step in steps if step.strip())


def _words(value: Value | None) -> Iterator[str]:
    for item in (value.items or [value]) if value is not None else []:
        if isinstance(item.data, str):
            yield item.data
        elif item.data is UNKNOWN and item.written:
            # Which program runs is seldom what depends on a variable.
            yield item.written


def _awaited(project: Project) -> frozenset[str]:
    """Services that others wait for to complete."""
    return frozenset(
        name
        for service in project.services.values()
        for name, how in service.depends_on.items()
        if how.condition == "service_completed_successfully"
    )
