"""What tells that a service or a node is healthy, as written in `cluster.yml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpCheck:
    """A GET, sent through the SSH connection, that must answer with `expect`."""

    url: str
    expect: int = 200

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class MountCheck:
    """A path that must be a mount point."""

    path: str

    def __str__(self) -> str:
        return f"mount {self.path}"


@dataclass(frozen=True, slots=True)
class DiskFreeCheck:
    """A filesystem that must have `at_least` free: a share (`10%`) or a size (`5G`)."""

    path: str
    at_least: str

    def __str__(self) -> str:
        return f"{self.at_least} free on {self.path}"


Check = HttpCheck | MountCheck | DiskFreeCheck
