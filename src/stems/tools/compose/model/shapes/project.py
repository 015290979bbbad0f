"""The shape of a whole Compose file."""

from __future__ import annotations

from stems.tools.compose.model.shapes.common import (
    EXTERNAL,
    NOTHING,
    OPTIONS,
    PAIRS,
    TEXT,
    TEXT_OR_TEXTS,
    TEXTS,
    TRUTH,
)  # fmt: skip
from stems.tools.compose.model.shapes.service import SERVICE
from stems.tools.compose.model.shapes.shape import NAME, each, either, fields, named, of

_IPAM = fields({
    "driver": TEXT, "options": named(TEXT),
    "config": each(fields({"subnet": TEXT, "ip_range": TEXT, "gateway": TEXT, "aux_addresses": named(TEXT)})),
})  # fmt: skip
_NETWORK = either(NOTHING, fields({
    "name": TEXT, "driver": TEXT, "driver_opts": OPTIONS, "ipam": _IPAM, "external": EXTERNAL, "internal": TRUTH,
    "enable_ipv4": TRUTH, "enable_ipv6": TRUTH, "attachable": TRUTH, "labels": PAIRS,
}))  # fmt: skip
_VOLUME = either(NOTHING, fields({
    "name": TEXT, "driver": TEXT, "driver_opts": OPTIONS, "external": EXTERNAL, "labels": PAIRS,
}))  # fmt: skip
_SECRET = fields({
    "name": TEXT, "environment": TEXT, "file": TEXT, "external": EXTERNAL, "labels": PAIRS, "driver": TEXT,
    "driver_opts": OPTIONS, "template_driver": TEXT,
})  # fmt: skip
_CONFIG = fields({
    "name": TEXT, "content": TEXT, "environment": TEXT, "file": TEXT, "external": EXTERNAL, "labels": PAIRS,
    "template_driver": TEXT,
})  # fmt: skip
_MODEL = fields({"name": TEXT, "model": TEXT, "context_size": of("whole"), "runtime_flags": TEXTS}, required=("model",))
INCLUDE = each(either(TEXT, fields(
    {"path": TEXT_OR_TEXTS, "env_file": TEXT_OR_TEXTS, "project_directory": TEXT}, extends=False
)))  # fmt: skip

PROJECT = fields({
    "version": TEXT, "name": TEXT, "include": INCLUDE, "services": named(SERVICE, name=NAME),
    "models": named(_MODEL, name=NAME, is_closed=False), "networks": named(_NETWORK, name=NAME, is_closed=False),
    "volumes": named(_VOLUME, name=NAME), "secrets": named(_SECRET, name=NAME),
    "configs": named(_CONFIG, name=NAME),
})  # fmt: skip
