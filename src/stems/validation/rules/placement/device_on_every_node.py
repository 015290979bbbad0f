"""A service on several nodes with a device that only one of them can have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.model.truth import UNKNOWN, Truth
from stems.readers.truth import MARK
from stems.tools.compose.model.project import Device, Mount, Service
from stems.validation.page import Page
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes

CODE = "STM214"


def _nodes(where: str) -> str:
    return (
        "version: 1\ncluster: {name: home}\ncheckout: ~/home-config\nnodes:\n"
        "  gate: {hostname: gate, ssh: {host: gate.example}}\n  work: {hostname: work, ssh: {host: work.example}}\n"
        f"domains:\n  services: {{tool: compose, source: services}}\nservices:\n  zigbee: {{node: {where}}}\n"
    )


_STICK = """
    services:
      zigbee:
        image: koenkk/zigbee2mqtt:1.40.1
        devices: ["/dev/ttyUSB0:/dev/ttyUSB0"]
    """

PAGE = Page(
    checks="""Services on several nodes whose `devices` name a stick or a serial line of the node: `/dev/ttyUSB0`,
`/dev/ttyACM0`, `/dev/serial/by-id/…`, and others that are plugged in. Nodes that have it, as `stems discover` found,
are left out.""",
    why="""Docker does not start a container without its device: `error gathering device information`. The rollout
stops at the first node that does not have the stick.""",
    instead="Name the node that has the device, or give the device by a variable of each node.",
    bad={"config/cluster.yml": _nodes("all"), "services/zigbee/compose.yml": _STICK},
    good={"config/cluster.yml": _nodes("gate"), "services/zigbee/compose.yml": _STICK},
    also_bad=(
        {
            "config/cluster.yml": _nodes("[gate, work]"),
            "services/zigbee/compose.yml": """
                services:
                  zigbee:
                    image: 'koenkk/zigbee2mqtt:1.40.1'
                    devices: ['/dev/serial/by-id/usb-stick-if00:/dev/ttyACM0']
                """,
        },
        {
            "config/cluster.yml": _nodes("all"),
            "services/zigbee/compose.yml": """
                services:
                  zigbee: {image: 'koenkk/zigbee2mqtt:1.40.1', volumes: ['/dev/ttyACM0:/dev/ttyACM0']}
                """,
        },
        {
            "config/cluster.yml": _nodes("all"),
            "services/zigbee/compose.yml": _STICK,
            "truth/gate.yml": f"{MARK}.\nnode: gate\ndevices: [/dev/ttyUSB0]\n",
            "truth/work.yml": f"{MARK}.\nnode: work\ndevices: unknown\n",
        },
    ),
    also_good=(
        {
            "config/cluster.yml": _nodes("all"),
            "services/zigbee/compose.yml": _STICK,
            "truth/gate.yml": f"{MARK}.\nnode: gate\ndevices: [/dev/ttyUSB0]\n",
            "truth/work.yml": f"{MARK}.\nnode: work\ndevices: [/dev/kvm, /dev/ttyUSB0]\n",
        },
        {
            "config/cluster.yml": _nodes("all"),
            "services/zigbee/compose.yml": """
                services:
                  zigbee: {image: 'home/vpn:1', devices: ['/dev/net/tun', '/dev/dri:/dev/dri', '/dev/fuse']}
                """,
        },
        {
            "config/cluster.yml": _nodes("all")
            .replace("work.example}", "work.example}, variables: {STICK: /dev/ttyUSB1}")
            .replace("gate.example}", "gate.example}, variables: {STICK: /dev/ttyUSB0}"),
            "services/zigbee/compose.yml": """
                services:
                  zigbee: {image: 'koenkk/zigbee2mqtt:1.40.1', devices: ['${STICK}:/dev/ttyUSB0']}
                """,
        },
        {
            "config/cluster.yml": _nodes("gate"),
            "services/zigbee/compose.yml": "services: {zigbee: {image: 'home/a:1', devices: ['/dev/ttyACM0']}}\n",
        },
    ),
)

_PLUGGED = re.compile(
    r"/dev/(?:tty(?:USB|ACM|AMA|S)\d+|serial/by-id/.+|video\d+|bus/usb/.+|hidraw\d+|sd[a-z]\d*|sr\d+|dvb/.+|apex_\d+)"
)


def check(subject: Subject) -> Iterator[Finding]:
    truths = subject.once(truth_of_nodes).nodes
    for composed, service in subject.once(services_of):
        for source, place in _devices(service) if len(composed.nodes) > 1 else ():
            names = [node.name for node in composed.nodes if not _has(truths.get(node.name), source)]
            message = f"{service.name}: needs {source} on each of {', '.join(names)}"
            if len(names) < len(composed.nodes):
                message = f"{service.name}: needs {source}, which was not found on {', '.join(names)}"
            remedy = "name the node that has it, or give it by a variable of each node"
            if names:
                yield Finding(CODE, place, message, remedy, Severity.WARNING)


def _devices(service: Service) -> Iterator[tuple[str, Place]]:
    """What is plugged in, given as a device or mounted like one."""
    found: Iterable[Device | Mount] = (*service.devices, *service.mounts)
    for one in found:
        if isinstance(one.source, str) and _PLUGGED.fullmatch(one.source):
            yield one.source, one.place


def _has(truth: Truth | None, device: str) -> bool:
    return truth is not None and truth.devices is not UNKNOWN and device in truth.devices


RULE = Rule(CODE, "device-on-every-node", Stage.PLACEMENT, Principle.P5, PAGE, check, Severity.WARNING)
