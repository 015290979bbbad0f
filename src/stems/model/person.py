"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Who deploys, and from which machine: what locks and records say."""

    name: str
    machine: str

    def __str__(self) -> str:
        return f"{self.name}@{self.machine}"
