"""An image for another architecture than that of its node."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.truth import MARK
from stems.tools.compose.model.specs.image import ImageReference
from stems.validation.hardware import has_of, put_on
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM213"


def _node(arch: str) -> str:
    return (
        "version: 1\ncluster: {name: home}\ncheckout: ~/home-config\nnodes:\n"
        f"  gate: {{hostname: gate, ssh: {{host: gate.example}}{arch}}}\n"
        "domains:\n  services: {tool: compose, source: services}\nservices:\n  web: {node: gate}\n"
    )


def _web(platform: str) -> str:
    return f"services:\n  web:\n    image: home/web:1\n    platform: {platform}\n"


PAGE = Page(
    checks="""`platform` of services, and images whose name or tag says one, against the declared `arch` of the node,
or else what `stems discover` found.""",
    why="""`exec format error`, at every start. Where an emulator is installed it runs, at a tenth of the speed, and
nobody knows why the node is busy.""",
    instead="Remove `platform`, so that Docker takes the image for its node, or put the service on another node.",
    bad={"config/cluster.yml": _node(", arch: arm64"), "services/web/compose.yml": _web("linux/amd64")},
    good={"config/cluster.yml": _node(", arch: x86_64"), "services/web/compose.yml": _web("linux/amd64")},
    also_bad=(
        {"config/cluster.yml": _node(", arch: x86_64"), "services/web/compose.yml": _web("linux/arm64/v8")},
        {"config/cluster.yml": _node(", arch: x86_64"), "services/web/compose.yml": _web("arm64")},
        {
            "config/cluster.yml": _node(", arch: arm64"),
            "services/web/compose.yml": """
                services:
                  web: {image: 'arm64v8/nginx:1.27'}
                  old: {image: 'amd64/nginx:1.27'}
                """,
        },
        {
            "config/cluster.yml": _node(", arch: arm64"),
            "services/web/compose.yml": "services: {web: {image: 'ghcr.io/home/web:1.2-amd64'}}\n",
        },
        {
            "config/cluster.yml": _node(", arch: x86_64"),
            "services/web/compose.yml": "services: {web: {image: 'home/web-arm64:1.2'}}\n",
        },
        {
            "config/cluster.yml": _node(", arch: arm64").replace("tool: compose", "tool: systemd"),
            "services/web/web.container": "[Container]\nImage=docker.io/amd64/nginx:1.27\n",
        },
        {"truth/gate.yml": f"{MARK}.\nnode: gate\narch: arm64\n", "services/web/compose.yml": _web("linux/amd64")},
    ),
    also_good=(
        {"config/cluster.yml": _node(", arch: arm64"), "services/web/compose.yml": _web("linux/arm64/v8")},
        {"config/cluster.yml": _node(", arch: arm64"), "services/web/compose.yml": _web("linux/arm64")},
        {
            "config/cluster.yml": _node(", arch: arm64"),
            "services/web/compose.yml": "services: {web: {image: 'home/web-arm64:1.2'}, b: {image: 'home/charm:1'}}\n",
        },
        # A Raspberry Pi with 64 bits also runs what has 32.
        {"config/cluster.yml": _node(", arch: arm64"), "services/web/compose.yml": _web("linux/arm/v7")},
        {"config/cluster.yml": _node(""), "services/web/compose.yml": _web("linux/amd64")},
        {
            "config/cluster.yml": _node(", arch: arm64"),
            "services/web/compose.yml": _web("${PLATFORM}"),
            "services/web/env.template": "PLATFORM=\n",
        },
        {
            "config/cluster.yml": _node(", arch: arm64, variables: {docker_platform: linux/arm64}"),
            "services/web/compose.yml": _web("${docker_platform}"),
        },
    ),
)

_FAMILIES = {
    "amd64": "x86", "x86_64": "x86", "x86-64": "x86", "386": "x86", "i386": "x86",
    "arm64": "arm", "aarch64": "arm", "arm64v8": "arm", "arm": "arm", "armhf": "arm", "armv7l": "arm", "armv6l": "arm",
    "arm32v7": "arm", "arm32v6": "arm", "arm32v5": "arm", "riscv64": "riscv", "ppc64le": "power", "s390x": "z",
}  # fmt: skip

_NAMED = re.compile(r"(?:^|[-. ])(amd64|x86[_-]64|i386|arm64v8|arm64|aarch64|arm32v[5-7]|armhf|armv[67]l?)(?=[-. ]|$)")


def check(subject: Subject) -> Iterator[Finding]:
    for name, puts in subject.once(put_on).items():
        arch = subject.once(has_of)[name].arch
        own = _FAMILIES.get(arch.lower())
        for put in puts if own else ():
            image, platform = put.service.image, put.service.text("platform")
            if isinstance(platform, str) and platform:
                words, place = platform.lower().split("/"), put.service.place_of("platform")
            elif image is not None and image.reference is not None:
                words, place = _words(image.reference), image.place
            else:
                continue
            word = next((word for word in words if word in _FAMILIES), "")
            asked = _FAMILIES.get(word, own)
            if asked != own:
                message = f"{put.name}: is for {platform or word}, and {name} is {arch}"
                yield Finding(CODE, place, message, "remove it, or put the service on another node", Severity.WARNING)


def _words(image: ImageReference) -> list[str]:
    """What the name and the tag of an image say: `amd64/nginx`, `web-arm64`, `1.2-x86_64`."""
    first, *rest = image.name.lower().split("/")
    said = " ".join((*rest[-1:], image.tag.lower())) if rest else f"{first} {image.tag.lower()}"
    return [first, *(found[1].replace("x86-64", "x86_64") for found in _NAMED.finditer(said))]


RULE = Rule(CODE, "foreign-platform", Stage.PLACEMENT, Principle.P5, PAGE, check, Severity.WARNING)
