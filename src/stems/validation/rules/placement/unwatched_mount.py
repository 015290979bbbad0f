"""Data of a service on a disk that may not be mounted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.check import Check, MountCheck
from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Mount, Service
from stems.validation.page import Page, cluster
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.services import runs
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM216"


def _with(checks: str, more: str = "") -> str:
    return cluster("""
        domains:
          services: {tool: compose, source: services}
        services:
          photos: {node: gate}
        """).replace("user: owner}}", f"user: owner}}, checks: [{checks}]{more}}}")


_PHOTOS = """
    services:
      photos:
        image: home/photos:1
        volumes: ["/mnt/nas/photos:/photos"]
    """

PAGE = Page(
    checks="""Folders below `/mnt` and `/media` that Compose services mount, on nodes that have no check of kind `mount`
for them: neither the node nor the service. It is told once for each disk of a node.""",
    why="""When the disk is not there - the NAS was slower, the stick is out - Docker makes an empty folder in its
place. The service starts without its data, fills the node's own disk, and what it wrote there is hidden once the disk
is back.""",
    instead="""Write `checks: [{mount: /mnt/nas}]` at the node or the service: then it is seen, and a deployment stops
before it.""",
    bad={"config/cluster.yml": _with(""), "services/photos/compose.yml": _PHOTOS},
    good={"config/cluster.yml": _with("{mount: /mnt/nas}"), "services/photos/compose.yml": _PHOTOS},
    also_bad=(
        {"config/cluster.yml": _with("{mount: /mnt/nsa}"), "services/photos/compose.yml": _PHOTOS},
        {
            "services/photos/compose.yml": """
                services:
                  photos:
                    image: home/photos:1
                    volumes: [{type: bind, source: /media/usb/photos, target: /photos}]
                """,
        },
    ),
    also_good=(
        {
            "config/cluster.yml": _with("").replace("{node: gate}", "{node: gate, checks: [{mount: /mnt/nas/photos}]}"),
            "services/photos/compose.yml": _PHOTOS,
        },
        {
            "services/photos/compose.yml": """
                services:
                  photos:
                    image: home/photos:1
                    volumes: ["./data:/data", "/srv/photos:/photos", "cache:/mnt/nas/cache", "${NAS:?}/photos:/p"]
                volumes: {cache: {}}
                """,
            "services/photos/env.template": "NAS=\n",
        },
        # Docker is told to make no folder.
        {
            "services/photos/compose.yml": """
                services:
                  photos:
                    image: home/photos:1
                    volumes:
                      - {type: bind, source: /mnt/nas/a, target: /a, bind: {create_host_path: false}}
                """,
        },
        {"stacks/photos/compose.yml": _PHOTOS},
    ),
)

_DISK = re.compile(r"/(?:mnt|media)/[^/]+")


def check(subject: Subject) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for composed, service in subject.once(services_of):
        declared = composed.declared
        for node in composed.nodes if declared and runs(service) else ():
            watched = _watched((*node.checks, *(declared.checks if declared else ())))
            for disk, mount in _disks(service, watched):
                if (node.name, disk) not in told:
                    told.add((node.name, disk))
                    message = f"{service.name}: needs {disk} on {node.name}, and nothing checks that it is mounted"
                    remedy = f"write `checks: [{{mount: {disk}}}]` at the node"
                    yield Finding(CODE, mount.place, message, remedy, Severity.NOTE)


def _watched(checks: tuple[Check, ...]) -> tuple[str, ...]:
    return tuple(each.path.rstrip("/") for each in checks if isinstance(each, MountCheck))


def _disks(service: Service, watched: tuple[str, ...]) -> Iterator[tuple[str, Mount]]:
    for mount in service.mounts:
        found = _DISK.match(mount.source) if mount.kind == "bind" and isinstance(mount.source, str) else None
        is_watched = any(f"{mount.source}/".startswith(f"{path}/") for path in watched)
        if found and not is_watched and _is_made(service, mount):
            yield found[0], mount


def _is_made(service: Service, mount: Mount) -> bool:
    """Whether Docker makes a folder where there is none."""
    volumes = service.value.at("volumes")
    written = next((item for item in volumes.items if item.place == mount.place), None) if volumes else None
    says = written.at("bind", "create_host_path") if written else None
    return says is None or says.data is not False


RULE = Rule(CODE, "unwatched-mount", Stage.PLACEMENT, Principle.P5, PAGE, check, Severity.NOTE)
