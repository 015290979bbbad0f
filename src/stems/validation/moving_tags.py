"""Tags of images that mean another image tomorrow."""

from __future__ import annotations

import re

from stems.tools.compose.model.specs.image import ImageReference

_CHANNEL = (
    "latest|stable|mainline|lts|main|master|trunk|head|edge|nightly|snapshot|dev|devel|develop|development|unstable|rolling"
    "|canary|beta|alpha|next|release"
)
_VARIANT = (
    r"alpine|slim|debian|ubuntu|distroless|fpm|apache|perl|amd64|arm64|armhf|arm64v8|cuda|gpu|rocm|openvino|full|lite"
    r"|rootless|ls|builder"
)
_MOVING = re.compile(
    rf"(?:(?:{_CHANNEL})(?:-(?:{_VARIANT}))*|(?:{_VARIANT})(?:-(?:{_VARIANT}|latest))*|[a-z-]+-(?:latest|nightly))",
    re.IGNORECASE,
)


def how_it_moves(image: ImageReference) -> str:
    """Which tag, or that there is none; nothing for an image that stays what it is."""
    if not image.name or image.digest or "$" in image.tag or "{" in image.tag:
        return ""
    if not image.tag:
        return "no tag"
    return f"the tag `{image.tag}`" if _MOVING.fullmatch(image.tag) else ""
