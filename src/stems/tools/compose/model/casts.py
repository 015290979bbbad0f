"""Text that Compose turns into a number or a truth where it replaces variables, and refuses when it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite

from stems.readers.scalars import Scalar
from stems.tools.compose.model.patterns import Table

Cast = Callable[[str], Scalar]

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?([0-9]{1,99}(\.[0-9]{0,99})?|\.[0-9]{1,99})([eE][-+]?[0-9]{1,3})?")
_TRUTHS = {
    **dict.fromkeys(("y", "yes", "true", "on"), True),
    **dict.fromkeys(("n", "no", "false", "off"), False),
}


def whole(text: str) -> int:
    """Raises `ValueError` for what is no whole number."""
    if not _WHOLE.fullmatch(text):
        raise ValueError("must be a whole number")
    return int(text)


def number(text: str) -> float:
    """Raises `ValueError` for what is no number."""
    if not _NUMBER.fullmatch(text) or not isfinite(float(text)):
        raise ValueError("must be a number")
    return float(text)


def truth(text: str) -> bool:
    """Raises `ValueError` for what is neither true nor false."""
    if text.lower() not in _TRUTHS:
        raise ValueError("must be `true` or `false`")
    return _TRUTHS[text.lower()]


_OF_SERVICE: dict[Cast, tuple[str, ...]] = {
    whole: (
        "configs.*.mode", "cpu_count", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares",
        "deploy.replicas", "deploy.update_config.parallelism", "deploy.rollback_config.parallelism",
        "deploy.restart_policy.max_attempts", "deploy.placement.max_replicas_per_node", "healthcheck.retries",
        "oom_score_adj", "pids_limit", "ports.*.target", "scale", "secrets.*.mode", "ulimits.*", "ulimits.*.hard",
        "ulimits.*.soft",
    ),
    number: (
        "cpu_percent", "cpus", "deploy.update_config.max_failure_ratio", "deploy.rollback_config.max_failure_ratio",
    ),
    truth: (
        "healthcheck.disable", "init", "oom_kill_disable", "privileged", "read_only", "stdin_open", "tty",
        "volumes.*.read_only", "volumes.*.volume.nocopy",
    ),
}  # fmt: skip

CASTS: Table[Cast] = Table(
    {f"services.*.{path}": cast for cast, paths in _OF_SERVICE.items() for path in paths}
    | {f"networks.*.{key}": truth for key in ("external", "internal", "attachable")}
    | {f"{kind}.*.external": truth for kind in ("volumes", "secrets", "configs")}
)
