"""A container of Podman that updates itself."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.specs.image import split_image
from stems.validation.moving_tags import how_it_moves
from stems.validation.page import Example, Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.units import Setting, Unit, units_of

CODE = "STM567"


def _quadlet(*lines: str, name: str = "services/web/web.container") -> Example:
    image = "Image=docker.io/library/nginx:1.27"
    return {name: "\n".join(["[Container]", image, *lines, "[Install]", "WantedBy=default.target", ""])}


PAGE = Page(
    checks="""Quadlets with `AutoUpdate=registry`, which lets the timer of `podman auto-update` take a newer image.
Where the tag of the image moves, floating-tag says so already.""",
    why="""An update at night is no deployment: neither a plan nor the ledger has it, and the way back is gone,
because the same commit starts another program than yesterday.""",
    instead="Remove it, write the version or the digest, and let Renovate or a person raise it.",
    bad=_quadlet("AutoUpdate=registry"),
    good=_quadlet("PublishPort=8080:80"),
    also_bad=(
        _quadlet("ContainerName=web", "AutoUpdate = registry", name="quadlets/web.container"),
        _quadlet("AutoUpdate=registry", name="dots/dot_config/containers/systemd/a.container"),
    ),
    also_good=(
        _quadlet("AutoUpdate=local"),
        {"quadlets/a.container": "[Container]\nImage=docker.io/home/a:latest\nAutoUpdate=registry\n"},
        _quadlet("# AutoUpdate=registry"),
        _quadlet("AutoUpdate=registry", name="examples/web.container"),
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    units = [unit for unit in subject.once(units_of) if unit.kind == "container" and not _floats(unit)]
    moved = [(unit, each) for unit in units for each in unit.says("AutoUpdate") if each.value == "registry"]
    if moved:
        yield _updating(moved)


def _floats(unit: Unit) -> bool:
    """Whether its image has a tag that moves, which a rule of its own tells."""
    return any(how_it_moves(split_image(each.value)) for each in unit.says("Image", section="Container"))


def _updating(moved: list[tuple[Unit, Setting]]) -> Finding:
    (first, at), *others = moved
    more = f" and {len(others)} more" if others else ""
    message = f"{first.file.name}{more}: `podman auto-update` replaces the image without a deployment"
    remedy = "remove `AutoUpdate`, or know that what runs is not in Git"
    return Finding(CODE, at.place, message, remedy, Severity.NOTE, also=tuple(each.place for _, each in others))


RULE = Rule(CODE, "moving-quadlet", Stage.SERVICE, Principle.P3, PAGE, check, Severity.NOTE)
