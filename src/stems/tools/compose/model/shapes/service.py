"""The shape of a service."""

from __future__ import annotations

from stems.tools.compose.model.shapes.common import (
    COMMAND,
    DEVICE_REQUESTS,
    EXTRA_HOSTS,
    GPUS,
    GRANTS,
    HOOK,
    NOTHING,
    NUMBER,
    OPTIONS,
    PAIRS,
    PURE_NUMBER,
    PURE_TRUTH,
    SIZE,
    TEXT,
    TEXT_OR_LIST,
    TEXT_OR_TEXTS,
    TEXTS,
    TRUTH,
    ULIMITS,
    UNIQUE_TEXTS,
    WHOLE,
)  # fmt: skip
from stems.tools.compose.model.shapes.shape import NAME, each, either, fields, named, of

_BUILD = either(TEXT, fields({
    "context": TEXT, "dockerfile": TEXT, "dockerfile_inline": TEXT, "entitlements": TEXTS, "args": PAIRS, "ssh": PAIRS,
    "labels": PAIRS, "cache_from": TEXTS, "cache_to": TEXTS, "no_cache": TRUTH, "additional_contexts": PAIRS,
    "network": TEXT, "provenance": TRUTH, "sbom": TRUTH, "pull": TRUTH, "target": TEXT, "shm_size": WHOLE,
    "extra_hosts": EXTRA_HOSTS, "isolation": TEXT, "privileged": TRUTH, "secrets": GRANTS, "tags": TEXTS,
    "ulimits": ULIMITS, "platforms": TEXTS,
}))  # fmt: skip
_LIMIT = fields({"path": TEXT, "rate": WHOLE}, extends=False)
_LIMITS = each(_LIMIT)
_BLKIO = fields({
    "device_read_bps": _LIMITS, "device_read_iops": _LIMITS, "device_write_bps": _LIMITS,
    "device_write_iops": _LIMITS, "weight": of("whole"),
    "weight_device": each(fields({"path": TEXT, "weight": of("whole")}, extends=False)),
}, extends=False)  # fmt: skip
_CONDITIONS = ("service_started", "service_healthy", "service_completed_successfully")
_DEPENDS_ON = either(UNIQUE_TEXTS, named(
    fields(
        {"restart": TRUTH, "required": PURE_TRUTH, "condition": of("text", words=_CONDITIONS)}, required=("condition",)
    ),
    name=NAME,
))  # fmt: skip
_ROLLING = fields({
    "parallelism": WHOLE, "delay": TEXT, "failure_action": TEXT, "monitor": TEXT, "max_failure_ratio": NUMBER,
    "order": of("text", words=("start-first", "stop-first")),
})  # fmt: skip
_GENERIC = each(fields({"discrete_resource_spec": fields({"kind": TEXT, "value": NUMBER})}))
_DEPLOY = either(NOTHING, fields({
    "mode": TEXT, "endpoint_mode": TEXT, "replicas": WHOLE, "labels": PAIRS, "rollback_config": _ROLLING,
    "update_config": _ROLLING,
    "resources": fields({
        "limits": fields({"cpus": NUMBER, "memory": TEXT, "pids": WHOLE}),
        "reservations": fields({
            "cpus": NUMBER, "memory": TEXT, "generic_resources": _GENERIC, "devices": DEVICE_REQUESTS,
        }),
    }),
    "restart_policy": fields({"condition": TEXT, "delay": TEXT, "max_attempts": WHOLE, "window": TEXT}),
    "placement": fields({
        "constraints": TEXTS, "preferences": each(fields({"spread": TEXT})), "max_replicas_per_node": WHOLE,
    }),
}))  # fmt: skip
_WATCH = fields({
    "ignore": TEXT_OR_TEXTS, "include": TEXT_OR_TEXTS, "path": TEXT, "target": TEXT, "exec": HOOK,
    "action": of("text", words=("rebuild", "sync", "restart", "sync+restart", "sync+exec")),
    "initial_sync": PURE_TRUTH,
}, required=("path", "action"))  # fmt: skip
_HEALTHCHECK = fields({
    "disable": TRUTH, "interval": TEXT, "retries": NUMBER, "test": TEXT_OR_LIST, "timeout": TEXT,
    "start_period": TEXT, "start_interval": TEXT,
})  # fmt: skip
_ENV_FILE = either(TEXT, each(either(
    TEXT, fields({"path": TEXT, "format": TEXT, "required": TRUTH}, required=("path",), extends=False)
)))  # fmt: skip
_NETWORKS = either(UNIQUE_TEXTS, named(
    either(NOTHING, fields({
        "aliases": UNIQUE_TEXTS, "interface_name": TEXT, "ipv4_address": TEXT, "ipv6_address": TEXT,
        "link_local_ips": UNIQUE_TEXTS, "mac_address": TEXT, "driver_opts": OPTIONS, "priority": PURE_NUMBER,
        "gw_priority": PURE_NUMBER,
    })),
    name=NAME,
))  # fmt: skip
_PORTS = each(either(of("number text"), fields({
    "name": TEXT, "mode": TEXT, "host_ip": TEXT, "target": WHOLE, "published": WHOLE, "protocol": TEXT,
    "app_protocol": TEXT,
})), is_unique=True)  # fmt: skip
_MOUNT = {
    "type": of("text", words=("bind", "volume", "tmpfs", "cluster", "npipe", "image")), "source": TEXT,
    "target": TEXT, "read_only": TRUTH, "consistency": TEXT,
    "bind": fields({
        "propagation": TEXT, "create_host_path": TRUTH, "selinux": of("text", words=("z", "Z")),
        "recursive": of("text", words=("enabled", "disabled", "writable", "readonly")),
    }),
    "volume": fields({"labels": PAIRS, "nocopy": TRUTH, "subpath": TEXT}),
    "tmpfs": fields({"size": of("whole text", least=0), "mode": NUMBER}),
    "image": fields({"subpath": TEXT}),
}  # fmt: skip
_MODELS = either(UNIQUE_TEXTS, named(
    either(NOTHING, fields({"endpoint_var": TEXT, "model_var": TEXT})), name=NAME, is_closed=False
))  # fmt: skip
_PULL = "always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+"
_SCALAR = of("text number truth")
_PROVIDER = fields(
    {"type": TEXT, "options": named(either(_SCALAR, each(_SCALAR)), is_closed=False)}, required=("type",)
)
_LOGGING = fields({"driver": TEXT, "options": named(of("text number nothing"), is_closed=False)})

SERVICE = fields({
    "annotations": PAIRS, "attach": TRUTH, "blkio_config": _BLKIO, "build": _BUILD, "cap_add": UNIQUE_TEXTS,
    "cap_drop": UNIQUE_TEXTS, "cgroup": of("text", words=("host", "private")), "cgroup_parent": TEXT,
    "command": COMMAND, "configs": GRANTS, "container_name": of("text", pattern="[a-zA-Z0-9][a-zA-Z0-9_.-]+"),
    "cpu_count": of("whole text", least=0), "cpu_percent": of("whole number text", least=0, most=100),
    "cpu_period": NUMBER, "cpu_quota": NUMBER, "cpu_rt_period": NUMBER, "cpu_rt_runtime": NUMBER, "cpu_shares": NUMBER,
    "cpus": NUMBER, "cpuset": TEXT, "credential_spec": fields({"config": TEXT, "file": TEXT, "registry": TEXT}),
    "depends_on": _DEPENDS_ON, "deploy": _DEPLOY, "develop": either(NOTHING, fields({"watch": each(_WATCH)})),
    "device_cgroup_rules": UNIQUE_TEXTS,
    "devices": each(either(
        TEXT, fields({"source": TEXT, "target": TEXT, "permissions": TEXT}, required=("source",))
    )),
    "dns": TEXT_OR_TEXTS, "dns_opt": UNIQUE_TEXTS, "dns_search": TEXT_OR_TEXTS, "domainname": TEXT,
    "entrypoint": COMMAND, "env_file": _ENV_FILE, "environment": PAIRS,
    "expose": each(of("text number"), is_unique=True),
    "extends": either(TEXT, fields({"service": TEXT, "file": TEXT}, required=("service",), extends=False)),
    "external_links": UNIQUE_TEXTS, "extra_hosts": EXTRA_HOSTS, "gpus": GPUS,
    "group_add": each(of("text number"), is_unique=True), "healthcheck": _HEALTHCHECK, "hostname": TEXT, "image": TEXT,
    "init": TRUTH, "ipc": TEXT, "isolation": TEXT, "label_file": TEXT_OR_LIST, "labels": PAIRS, "links": UNIQUE_TEXTS,
    "logging": _LOGGING, "mac_address": TEXT, "mem_limit": SIZE, "mem_reservation": of("text whole"),
    "mem_swappiness": WHOLE, "memswap_limit": SIZE, "models": _MODELS, "network_mode": TEXT, "networks": _NETWORKS,
    "oom_kill_disable": TRUTH, "oom_score_adj": of("whole text", least=-1000, most=1000), "pid": of("text nothing"),
    "pids_limit": NUMBER, "platform": TEXT, "ports": _PORTS, "post_start": each(HOOK), "pre_stop": each(HOOK),
    "privileged": TRUTH, "profiles": UNIQUE_TEXTS, "provider": _PROVIDER,
    "pull_policy": of("text", pattern=_PULL), "pull_refresh_after": TEXT, "read_only": TRUTH, "restart": TEXT,
    "runtime": TEXT, "scale": WHOLE, "secrets": GRANTS, "security_opt": UNIQUE_TEXTS, "shm_size": SIZE,
    "stdin_open": TRUTH, "stop_grace_period": TEXT, "stop_signal": TEXT,
    "storage_opt": named(of("text number nothing")), "sysctls": PAIRS, "tmpfs": TEXT_OR_TEXTS, "tty": TRUTH,
    "ulimits": ULIMITS, "use_api_socket": PURE_TRUTH, "user": TEXT, "userns_mode": TEXT, "uts": TEXT,
    "volumes": each(either(TEXT, fields(_MOUNT, required=("type",))), is_unique=True), "volumes_from": UNIQUE_TEXTS,
    "working_dir": TEXT,
})  # fmt: skip
