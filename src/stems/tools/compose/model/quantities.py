"""Text that must be a duration, a size, a number, a truth or a command: what Compose refuses in it."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from stems.tools.compose.model.casts import number, truth
from stems.tools.compose.model.patterns import Table
from stems.tools.compose.model.specs.quantity import read_duration, read_size
from stems.tools.compose.model.value import Value

Parse = Callable[[str], object]

_LONGEST_COMMAND = 20_000


def problem(value: Value, parse: Parse) -> str:
    """Why a text cannot be parsed, or nothing."""
    if not isinstance(value.data, str):
        return ""
    try:
        parse(value.data)
    except ValueError as error:
        return str(error)
    return ""


def amount(value: Value) -> object:
    """What two ways of writing one number or size have in common."""
    if not isinstance(value.data, str):
        return value.data
    return value.data if problem(value, read_size) else read_size(value.data)


def _command(text: str) -> None:
    if len(text) > _LONGEST_COMMAND:
        return
    try:
        shlex.split(text)
    except ValueError:
        raise ValueError("a quote or a backslash in it has no end") from None


def _host(text: str) -> None:
    if "=" not in text and ":" not in text:
        raise ValueError(f"`{text}` has no address")


_DURATIONS = (
    "stop_grace_period", "healthcheck.interval", "healthcheck.timeout", "healthcheck.start_period",
    "healthcheck.start_interval", "deploy.restart_policy.delay", "deploy.restart_policy.window",
    "deploy.update_config.delay", "deploy.update_config.monitor", "deploy.rollback_config.delay",
    "deploy.rollback_config.monitor",
)  # fmt: skip
_SIZES = (
    "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "shm_size", "build.shm_size",
    *(f"blkio_config.device_{way}_{of}.*.rate" for way in ("read", "write") for of in ("bps", "iops")),
    "deploy.resources.limits.memory", "deploy.resources.reservations.memory", "volumes.*.tmpfs.size",
)  # fmt: skip
_TRUTHS = (
    "attach", "build.no_cache", "build.privileged", "build.pull", "depends_on.*.restart", "env_file.*.required",
    "volumes.*.bind.create_host_path",
)  # fmt: skip

PARSES: Table[Parse] = Table(
    {
        f"services.*.{path}": parse
        for parse, paths in (
            (read_duration, _DURATIONS),
            (read_size, _SIZES),
            (truth, _TRUTHS),
            (number, ("deploy.resources.limits.cpus", "deploy.resources.reservations.cpus")),
            (_command, ("command", "entrypoint")),
            (_host, ("extra_hosts.*", "build.extra_hosts.*")),
        )
        for path in paths
    }
)
