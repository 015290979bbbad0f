"""A container as `docker ps` lists it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from stems.model.names import printable

_FIELDS = 14
CONTAINER_FORMAT = "[{fields}]".format(
    fields=",".join(
        [
            *(f"{{{{json .{field}}}}}" for field in ("ID", "Names", "State", "Status", "Image")),
            *(
                f'{{{{json (.Label "{label}")}}}}'
                for label in (
                    "stems.cluster",
                    "stems.service",
                    "stems.digest",
                    "com.docker.compose.project",
                    "com.docker.compose.service",
                    "com.docker.compose.config-hash",
                    "com.docker.compose.image",
                    "com.docker.compose.version",
                    "com.docker.compose.oneoff",
                )
            ),
        ]
    )
)
"""One container as a JSON list on one line. Labels are asked for by name: their common listing is ambiguous."""


@dataclass(frozen=True, slots=True)
class Container:
    """One container: how it is, and the labels that say whose it is."""

    identity: str
    name: str
    state: str
    status: str
    image: str
    cluster: str
    declared: str
    digest: str
    project: str
    service: str
    config_hash: str
    image_id: str
    compose_version: str
    oneoff: str

    @property
    def is_one_off(self) -> bool:
        return self.oneoff == "True"

    @property
    def is_up(self) -> bool:
        # A container that fails at once goes back and forth between these two.
        return self.state in {"running", "restarting"}

    @property
    def is_done(self) -> bool:
        return self.state == "exited" and self.status.startswith("Exited (0)")

    @property
    def before(self) -> str:
        """What it is now, as a digest: its labels and whether it runs."""
        state = "up" if self.is_up else "paused" if self.state == "paused" else "down"
        told = "\n".join((self.digest, self.config_hash, self.image_id, state))
        return hashlib.sha256(told.encode()).hexdigest()


def parse_container(line: str) -> Container:
    """Raises `ValueError` for a line that is not what `CONTAINER_FORMAT` prints."""
    fields = json.loads(line)
    if not isinstance(fields, list) or len(fields) != _FIELDS or not all(isinstance(field, str) for field in fields):
        raise ValueError(f"not a container: {line[:80]}")
    return Container(*(printable(field) for field in fields))
