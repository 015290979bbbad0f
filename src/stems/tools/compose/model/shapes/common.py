"""Shapes that many parts of a Compose file have."""

from __future__ import annotations

from stems.tools.compose.model.shapes.shape import each, either, fields, named, of

TEXT = of("text")
TRUTH = of("truth text")
WHOLE = of("whole text")
NUMBER = of("number text")
PURE_NUMBER = of("number")
PURE_TRUTH = of("truth")
SIZE = of("number text")
NOTHING = of("nothing")
TEXTS = each(TEXT)
UNIQUE_TEXTS = each(TEXT, is_unique=True)
TEXT_OR_TEXTS = either(TEXT, UNIQUE_TEXTS)
TEXT_OR_LIST = either(TEXT, TEXTS)
PAIRS = either(named(of("text number truth nothing")), UNIQUE_TEXTS)
OPTIONS = named(of("text number"), is_closed=False)
COMMAND = either(of("nothing text"), TEXTS)

EXTRA_HOSTS = either(named(either(TEXT, TEXTS)), UNIQUE_TEXTS)
GRANTS = each(either(TEXT, fields({"source": TEXT, "target": TEXT, "uid": TEXT, "gid": TEXT, "mode": NUMBER})))
"""The configs or secrets of a service."""
ULIMITS = named(either(WHOLE, fields({"hard": WHOLE, "soft": WHOLE}, required=("soft", "hard"))), is_closed=False)
HOOK = fields(
    {"command": COMMAND, "user": TEXT, "privileged": TRUTH, "working_dir": TEXT, "environment": PAIRS},
    required=("command",),
)
EXTERNAL = either(TRUTH, fields({"name": TEXT}))
DEVICE_KEYS = {
    "capabilities": UNIQUE_TEXTS, "count": WHOLE, "device_ids": UNIQUE_TEXTS, "driver": TEXT, "options": PAIRS,
}  # fmt: skip
DEVICE_REQUESTS = each(fields(DEVICE_KEYS, required=("capabilities",)))
GPUS = either(of("text", words=("all",)), each(fields(DEVICE_KEYS, is_closed=False)))
