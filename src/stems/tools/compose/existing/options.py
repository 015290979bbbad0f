"""Options of a container as keys of Compose: one line each, so that what no line knows can be said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stems.model.names import printable
from stems.tools.compose.existing.found import Existing
from stems.tools.compose.project import Section, as_list, as_section

_SHM = 64 * 1024 * 1024
_UNITS = ((1024**3, "g"), (1024**2, "m"), (1024, "k"))
_NANO = 10**9
_DEFAULT_SIGNALS = {"", "SIGTERM", "15"}


@dataclass(frozen=True, slots=True)
class Option:
    """A key of `docker inspect`, the key of Compose for it, and what its value becomes there: None for a default."""

    key: str
    name: str
    convert: Callable[[object], object | None]


def _given(value: object) -> object | None:
    return value or None


def _but(*defaults: object) -> Callable[[object], object | None]:
    return lambda value: None if not value or value in defaults else value


def _size(value: object) -> object | None:
    if not isinstance(value, int) or value == 0:
        return None
    return next((f"{value // size}{unit}" for size, unit in _UNITS if value > 0 and value % size == 0), value)


def _device(value: object) -> object | None:
    return [_one_device(as_section(each)) for each in as_list(value)] or None


def _one_device(device: Section) -> str:
    outer, inner, rights = (
        str(device.get(key) or "") for key in ("PathOnHost", "PathInContainer", "CgroupPermissions")
    )
    return ":".join([outer, inner, *([rights] if rights not in {"", "rwm"} else [])])


def _ulimits(value: object) -> object | None:
    limits = [as_section(each) for each in as_list(value)]
    return {str(one["Name"]): {"soft": one["Soft"], "hard": one["Hard"]} for one in limits} or None


def _logging(value: object) -> object | None:
    kind, options = as_section(value).get("Type"), as_section(as_section(value).get("Config"))
    if kind in {"json-file", "", None} and not options:
        return None
    return {"driver": kind, **({"options": dict(options)} if options else {})}


def _restart(value: object) -> object | None:
    name, most = str(as_section(value).get("Name") or ""), as_section(value).get("MaximumRetryCount")
    return None if name in {"", "no"} else f"{name}:{most}" if most else name


def _devices_reserved(value: object) -> object | None:
    requests = [as_section(each) for each in as_list(value)]
    return {"resources": {"reservations": {"devices": [_reserved(one) for one in requests]}}} if requests else None


def _reserved(request: Section) -> dict[str, object]:
    count, ids, options = (request.get(key) for key in ("Count", "DeviceIDs", "Options"))
    kinds = next((each for each in as_list(request.get("Capabilities"))), None)
    made: dict[str, object] = {"driver": request["Driver"]} if request.get("Driver") else {}
    made |= {"device_ids": ids} if ids else {"count": "all" if count == -1 else count}
    return {**made, "capabilities": as_list(kinds), **({"options": options} if options else {})}


HOST = (
    Option("RestartPolicy", "restart", _restart),
    Option("Privileged", "privileged", _given),
    Option("CapAdd", "cap_add", _given),
    Option("CapDrop", "cap_drop", _given),
    Option("Devices", "devices", _device),
    Option("DeviceCgroupRules", "device_cgroup_rules", _given),
    Option("DeviceRequests", "deploy", _devices_reserved),
    Option("ExtraHosts", "extra_hosts", _given),
    Option("Dns", "dns", _given),
    Option("DnsSearch", "dns_search", _given),
    Option("DnsOptions", "dns_opt", _given),
    Option("Memory", "mem_limit", _size),
    Option("MemoryReservation", "mem_reservation", _size),
    # None at all is something else than nothing said.
    Option("MemorySwappiness", "mem_swappiness", lambda value: None if value in {None, -1} else value),
    Option("NanoCpus", "cpus", lambda value: value / _NANO if isinstance(value, int) and value else None),
    Option("CpuShares", "cpu_shares", _given),
    Option("CpuPeriod", "cpu_period", _given),
    Option("CpuQuota", "cpu_quota", _but(-1)),
    Option("CpuRealtimePeriod", "cpu_rt_period", _given),
    Option("CpuRealtimeRuntime", "cpu_rt_runtime", _given),
    Option("CpusetCpus", "cpuset", _given),
    Option("PidsLimit", "pids_limit", _but(-1)),
    Option("LogConfig", "logging", _logging),
    Option("Tmpfs", "tmpfs", lambda v: [f"{k}:{o}" if o else k for k, o in as_section(v).items()] or None),
    Option("ShmSize", "shm_size", lambda value: None if value == _SHM else _size(value)),
    Option("Sysctls", "sysctls", _given),
    Option("Ulimits", "ulimits", _ulimits),
    Option("SecurityOpt", "security_opt", lambda v: [each for each in as_list(v) if each != "label=disable"] or None),
    Option("UTSMode", "uts", _given),
    Option("UsernsMode", "userns_mode", _given),
    # Which of both is the default is the daemon's; that of newer ones is left out.
    Option("CgroupnsMode", "cgroup", _but("private")),
    Option("CgroupParent", "cgroup_parent", _given),
    Option("ReadonlyRootfs", "read_only", _given),
    Option("Init", "init", _given),
    Option("Runtime", "runtime", _but("runc")),
    Option("GroupAdd", "group_add", _given),
    Option("OomScoreAdj", "oom_score_adj", _given),
    Option("OomKillDisable", "oom_kill_disable", _given),
    Option("StorageOpt", "storage_opt", _given),
    Option("Annotations", "annotations", _given),
)
CONFIG = (
    Option("Domainname", "domainname", _given),
    Option("Tty", "tty", _given),
    Option("OpenStdin", "stdin_open", _given),
    Option("MacAddress", "mac_address", _given),
    Option("StopTimeout", "stop_grace_period", lambda value: f"{value}s" if value is not None else None),
)

_ELSEWHERE = frozenset({
    "Binds", "Mounts", "NetworkMode", "PortBindings", "MemorySwap", "PidMode", "IpcMode", "VolumesFrom",
    # What Docker sets by itself, or what is of no use after the start.
    "ConsoleSize", "ContainerIDFile", "MaskedPaths", "ReadonlyPaths", "AttachStdin", "AttachStdout", "AttachStderr",
    "StdinOnce", "Env", "Volumes", "OnBuild", "Shell", "ArgsEscaped", "Hostname", "User", "ExposedPorts", "Cmd",
    "Healthcheck", "Image", "WorkingDir", "Entrypoint", "Labels", "StopSignal",
})  # fmt: skip


def options(one: Existing) -> Iterator[tuple[str, object]]:
    """The keys of Compose that one line of the tables decides."""
    for part, table in (("HostConfig", HOST), ("Config", CONFIG)):
        for option in table:
            value = option.convert(one.part(part, option.key))
            if value is not None:
                yield option.name, value
    memory, swap = one.part("HostConfig", "Memory"), one.part("HostConfig", "MemorySwap")
    # Docker gives as much swap as memory when nobody says how much.
    if isinstance(memory, int) and isinstance(swap, int) and memory and swap not in {0, 2 * memory}:
        yield "memswap_limit", swap if swap < 0 else _size(swap)


def from_image(one: Existing, image: Section | None) -> Iterator[tuple[str, object]]:
    """What a container has from its image unless somebody said otherwise."""
    config = as_section((image or {}).get("Config"))
    for key, name in (("User", "user"), ("WorkingDir", "working_dir"), ("StopSignal", "stop_signal")):
        value = one.text("Config", key)
        if value and value != config.get(key) and not (key == "StopSignal" and value in _DEFAULT_SIGNALS):
            yield name, value
    entrypoint, command = as_list(one.part("Config", "Entrypoint")), as_list(one.part("Config", "Cmd"))
    is_other = entrypoint != as_list(config.get("Entrypoint"))
    if is_other:
        yield "entrypoint", entrypoint
    # Another entrypoint takes the image's command away, for Docker and for Compose.
    if command if is_other else command != as_list(config.get("Cmd")):
        yield "command", command
    check = one.part("Config", "Healthcheck")
    if check and check != config.get("Healthcheck"):
        yield "healthcheck", _healthcheck(as_section(check))
    exposed = as_section(one.part("Config", "ExposedPorts")).keys() - as_section(config.get("ExposedPorts")).keys()
    inner = exposed - as_section(one.part("HostConfig", "PortBindings")).keys()
    if inner:
        yield "expose", sorted(port.removesuffix("/tcp") for port in inner)


def _healthcheck(check: Section) -> dict[str, object]:
    test = as_list(check.get("Test"))
    if test == ["NONE"]:
        return {"disable": True}
    made: dict[str, object] = {"test": test} if test else {}
    for key, name in (
        ("Interval", "interval"), ("Timeout", "timeout"), ("StartPeriod", "start_period"),
        ("StartInterval", "start_interval"),
    ):  # fmt: skip
        value = check.get(key)
        if isinstance(value, int) and value:
            made[name] = f"{value // _NANO}s" if value % _NANO == 0 else f"{value // 10**6}ms"
    return made | ({"retries": check["Retries"]} if check.get("Retries") else {})


def unknown_options(one: Existing) -> Iterator[str]:
    """What Compose cannot say, or what no line of the tables knows."""
    known = {option.key for option in (*HOST, *CONFIG)} | _ELSEWHERE
    words = {"AutoRemove": "--rm", "PublishAllPorts": "--publish-all", "Links": "--link"}
    for part in ("HostConfig", "Config"):
        for key, value in as_section(one.part(part)).items():
            if key not in known and value and value not in ("default", [], {}):
                yield f"{one.name}: {words.get(key) or f'{part}.{printable(key)}'} cannot be carried over"
    for request in as_list(one.part("HostConfig", "DeviceRequests")):
        if len(as_list(as_section(request).get("Capabilities"))) > 1:
            yield f"{one.name}: of the alternatives for a device only the first is carried over"
