"""Data of a service on a disk that may not be mounted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.check import Check, MountCheck
from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.model.truth import UNKNOWN, Truth
from stems.readers.truth import MARK
from stems.tools.compose.model.project import Mount, Service
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page, cluster
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.services import runs
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes
from stems.validation.units import units_of

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

_SHARED = _PHOTOS.replace("/mnt/nas", "/cluster-nas")
_FOUND = f"{MARK}.\nnode: gate\nmounts: [{{path: /cluster-nas, source: 'nas.example:/pool', type: nfs4}}]\n"

PAGE = Page(
    checks="""Folders below `/mnt` and `/media` that Compose services mount, those below a share of another machine
that `stems discover` found, and those that another node is checked for or that a playbook or a unit of the repository
mounts, on nodes that have no check of kind `mount` for them: neither the node nor the service. It is told once for
each disk of a node.""",
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
        {"services/photos/compose.yml": _SHARED, "truth/gate.yml": _FOUND},
        {
            "services/photos/compose.yml": _SHARED,
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    - ansible.posix.mount: {path: /cluster-nas, src: "nas.example:/pool", fstype: nfs, state: mounted}
                """,
        },
        {
            "services/photos/compose.yml": _SHARED,
            "units/cluster\\x2dnas.mount": "[Mount]\nWhat=nas.example:/pool\nWhere=/cluster-nas\n",
        },
    ),
    also_good=(
        # A folder on the node's own disk.
        {
            "services/photos/compose.yml": _SHARED,
            "truth/gate.yml": f"{MARK}.\nnode: gate\nmounts: [{{path: /, source: /dev/sda1, type: ext4, size: 58G}}]\n",
        },
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
    truths = subject.once(truth_of_nodes).nodes
    known = _known(subject)
    for composed, service in subject.once(services_of):
        declared = composed.declared
        for node in composed.nodes if declared and runs(service) else ():
            watched = _watched((*node.checks, *(declared.checks if declared else ())))
            for disk, mount in _disks(service, watched, (*known, *_shares(truths.get(node.name)))):
                if (node.name, disk) not in told:
                    told.add((node.name, disk))
                    message = f"{service.name}: needs {disk} on {node.name}, and nothing checks that it is mounted"
                    remedy = f"write `checks: [{{mount: {disk}}}]` at the node"
                    yield Finding(CODE, mount.place, message, remedy, Severity.NOTE)


def _watched(checks: tuple[Check, ...]) -> tuple[str, ...]:
    return tuple(each.path.rstrip("/") for each in checks if isinstance(each, MountCheck))


def _known(subject: Subject) -> tuple[str, ...]:
    """What is a disk of its own as other nodes are checked for it, or as a playbook or a unit mounts it."""
    cluster = subject.cluster
    checks = [check for node in cluster.nodes.values() for check in node.checks]
    checks += [check for service in cluster.services.values() for check in service.checks]
    tasks = (task.arguments() for _, task in tasks_of(subject) if task.module.rpartition(".")[2] == "mount")
    made = [each.get("path") for each in tasks if each.get("state") in ("mounted", "present", "ephemeral")]
    units = (unit for unit in subject.once(units_of) if unit.kind == "mount")
    made += [setting.value for unit in units for setting in unit.says("Where", section="Mount")]
    paths = (path.rstrip("/") for path in made if isinstance(path, str) and path.startswith("/") and "{" not in path)
    return tuple(path for path in (*_watched(tuple(checks)), *paths) if path)


def _shares(truth: Truth | None) -> tuple[str, ...]:
    """Where the node has what lies on another machine."""
    mounts = truth.mounts if truth else UNKNOWN
    return () if mounts is UNKNOWN else tuple(one.path for one in mounts if one.is_remote and one.path != "/")


def _disks(service: Service, watched: tuple[str, ...], shares: tuple[str, ...]) -> Iterator[tuple[str, Mount]]:
    for mount in service.mounts:
        source = mount.source if mount.kind == "bind" and isinstance(mount.source, str) else ""
        disk = _below(source, shares) or (found[0] if (found := _DISK.match(source)) else "")
        if disk and not _below(source, watched) and _is_made(service, mount):
            yield disk, mount


def _below(source: str, paths: tuple[str, ...]) -> str:
    """The nearest of some paths that a path lies in."""
    return max((path for path in paths if f"{source}/".startswith(f"{path}/")), key=len, default="")


def _is_made(service: Service, mount: Mount) -> bool:
    """Whether Docker makes a folder where there is none."""
    volumes = service.value.at("volumes")
    written = next((item for item in volumes.items if item.place == mount.place), None) if volumes else None
    says = written.at("bind", "create_host_path") if written else None
    return says is None or says.data is not False


RULE = Rule(CODE, "unwatched-mount", Stage.PLACEMENT, Principle.P5, PAGE, check, Severity.NOTE)
