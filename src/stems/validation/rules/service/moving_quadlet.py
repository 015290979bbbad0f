"""A container of Podman that becomes another one by itself."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.page import Example, Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.units import Setting, Unit, units_of

CODE = "STM567"

_SECTIONS = {"container": "Container", "image": "Image"}
_SHOWN = 100


def _quadlet(*lines: str, name: str = "services/web/web.container") -> Example:
    return {name: "\n".join(["[Container]", *lines, "[Install]", "WantedBy=default.target", ""])}


PAGE = Page(
    checks="""Quadlets whose `Image=` has the tag `latest` or none; and, as a note, `AutoUpdate=registry`, which lets
the timer of `podman auto-update` take a newer image.""",
    why="""Nobody can say what runs, and the way back is gone: the same commit starts another program tomorrow. An
update at night is no deployment, so that neither a plan nor the ledger has it.""",
    instead="Write the version or the digest, and let Renovate or a person raise it.",
    bad=_quadlet("Image=docker.io/library/nginx:latest"),
    good=_quadlet("Image=docker.io/library/nginx:1.27.3"),
    also_bad=(
        _quadlet("Image=ghcr.io/home/app", "PublishPort=8080:80"),
        _quadlet("ContainerName=web", "Image=registry.example:5000/app", name="quadlets/web.container"),
        {"units/app.image": "[Image]\nImage=quay.io/home/app:latest\n"},
        {"dots/dot_config/containers/systemd/a.container": "[Container]\nImage=docker.io/home/app:latest\n"},
    ),
    also_good=(
        _quadlet("Image=docker.io/library/nginx@sha256:" + "0" * 64),
        _quadlet("Image=registry.example:5000/app:2"),
        _quadlet("Image=app.image", name="units/app.container"),
        _quadlet("Image=app.build", name="units/app.container"),
        _quadlet("Image=localhost/app:latest", name="units/app.container"),
        _quadlet("# Image=docker.io/library/nginx:latest", "Image=docker.io/library/nginx:1"),
        _quadlet("Image=docker.io/library/nginx:latest", name="examples/web.container"),
        _quadlet("Image={{ image }}", name="roles/web/templates/web.container"),
        _quadlet("Image=docker.io/library/nginx:${TAG}"),
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    units = [unit for unit in subject.once(units_of) if unit.kind in _SECTIONS]
    for unit in units:
        for setting in unit.says("Image", section=_SECTIONS[unit.kind]):
            yield from _of(unit, setting)
    moved = [(unit, each) for unit in units for each in unit.says("AutoUpdate") if each.value == "registry"]
    if moved:
        yield _updating(moved)


def _of(unit: Unit, setting: Setting) -> Iterator[Finding]:
    image = setting.value.strip("\"'")
    tag = image.rpartition("/")[2].partition(":")[2]
    # One that is built here is what the repository says.
    is_own = image.startswith("localhost/") or image.endswith((".image", ".build"))
    if not image or is_own or "$" in image or "%" in image or "@" in image or tag not in ("", "latest"):
        return
    has = "the tag `latest`" if tag else "no tag"
    message = (
        f"{unit.file.name}: the image {printable(image[:_SHOWN])} has {has}, so that it is another one after a pull"
    )
    yield Finding(CODE, setting.place, message, "write the version that runs now", Severity.WARNING)


def _updating(moved: list[tuple[Unit, Setting]]) -> Finding:
    (first, at), *others = moved
    more = f" and {len(others)} more" if others else ""
    message = f"{first.file.name}{more}: `podman auto-update` replaces the image without a deployment"
    remedy = "remove `AutoUpdate`, or know that what runs is not in Git"
    return Finding(CODE, at.place, message, remedy, Severity.NOTE, also=tuple(each.place for _, each in others))


RULE = Rule(CODE, "moving-quadlet", Stage.SERVICE, Principle.P3, PAGE, check, Severity.WARNING)
