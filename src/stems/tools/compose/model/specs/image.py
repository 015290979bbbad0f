"""References to images: `registry.example:5000/team/app:1.2@sha256:…`."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_REGISTRY = "docker.io"


@dataclass(frozen=True, slots=True)
class ImageReference:
    """An image. `tag` and `digest` are empty where none is written."""

    registry: str
    name: str
    tag: str
    digest: str


def split_image(text: str) -> ImageReference:
    rest, _, digest = text.partition("@")
    folder, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")
    path = f"{folder}{slash}{name}"
    first, slash, inside = path.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return ImageReference(first, inside, tag, digest)
    return ImageReference(DEFAULT_REGISTRY, path, tag, digest)
