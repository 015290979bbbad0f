"""Tags of images that mean another image tomorrow."""

from __future__ import annotations

import re

from stems.tools.compose.model.specs.image import ImageReference

_CHANNEL = (
    "latest|stable|mainline|lts|main|master|trunk|head|edge|nightly|snapshot|dev|devel|develop|development|unstable|rolling"
    "|canary|beta|alpha|rc|next|release|prod|production|current|preview|testing|staging|experimental|weekly|daily"
)
_VARIANT = (
    r"alpine|slim|debian|ubuntu|distroless|fpm|apache|perl|amd64|arm64|armhf|arm64v8|cuda|gpu|rocm|openvino|full|lite"
    r"|rootless|ls|builder"
)
_MOVING = re.compile(
    rf"(?:(?:{_CHANNEL})(?:-(?:{_VARIANT}))*|(?:{_VARIANT})(?:-(?:{_VARIANT}|latest))*|[a-z-]+-(?:latest|nightly))",
    re.IGNORECASE,
)


_BASE = re.compile(
    r"(?:(?:slim|apache|fpm|perl)-)?(?:stretch|buster|bullseye|bookworm|trixie|focal|jammy|noble|alpine\d\.\d+)(?:-slim)?"
)
_SYSTEMS = frozenset({"debian", "ubuntu", "buildpack-deps", "alpine"})


def how_it_moves(image: ImageReference) -> str:
    """Which tag, or that there is none; nothing for an image that stays what it is."""
    if not image.name or image.digest or "$" in image.tag or "{" in image.tag:
        return ""
    if not image.tag:
        return "no tag"
    return f"the tag `{image.tag}`" if _MOVING.fullmatch(image.tag) or _is_base_alone(image) else ""


def _is_base_alone(image: ImageReference) -> bool:
    """Whether a tag says what a program is built on, and not which version of it that is: `python:slim-bookworm`."""
    name = image.name.removeprefix("library/")
    return "/" not in name and name not in _SYSTEMS and _BASE.fullmatch(image.tag) is not None
