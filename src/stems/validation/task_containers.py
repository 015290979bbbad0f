"""Containers that tasks of Ansible start, with modules of their own, `docker run`, or a project in the task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stems.model.finding import Place
from stems.readers.substitution import UNKNOWN
from stems.tools.ansible.repository.tasks import Task
from stems.tools.compose.model.project import Service
from stems.tools.compose.model.value import Value
from stems.validation.ansible_trees import tasks_of
from stems.validation.run_options import run_in
from stems.validation.subject import Subject
from stems.validation.written_services import LISTS, fields_of, service_of, value_of

RUNS = frozenset({"docker_container", "podman_container"})
_GONE = ("absent", "stopped")
_COMMANDS = ("command", "shell")
_PROJECTS = ("docker_compose", "docker_compose_v2")
_ARGUMENTS = {
    "image": "image", "privileged": "privileged", "pid_mode": "pid", "pid": "pid", "ipc_mode": "ipc", "ipc": "ipc",
    "uts": "uts", "userns_mode": "userns_mode", "userns": "userns_mode", "capabilities": "cap_add",
    "cap_add": "cap_add", "security_opts": "security_opt", "security_opt": "security_opt", "volumes": "volumes",
    "volume": "volumes", "env": "environment", "published_ports": "ports", "ports": "ports", "publish": "ports",
    "devices": "devices", "device": "devices", "command": "command", "entrypoint": "entrypoint",
    "restart_policy": "restart", "memory": "mem_limit", "cpus": "cpus", "runtime": "runtime", "tmpfs": "tmpfs",
}  # fmt: skip
_NETWORKS = ("network_mode", "network", "networks")
_ELSEWHERE = ("pod", "volumes_from", "env_file")
"""What these bring may be a mount, or say where the data is."""
_YES = ("yes", "true", "on", "y", "1")
"""What Ansible takes for true, also in quotes."""


def task_containers_of(subject: Subject) -> tuple[Service, ...]:
    """Asked for with `subject.once`."""
    return tuple(_of_tasks(subject))


def _of_tasks(subject: Subject) -> Iterator[Service]:
    for _, task in tasks_of(subject):
        if task.module.rpartition(".")[2] in RUNS:
            arguments = task.arguments()
            if "image" in arguments and arguments.get("state") not in _GONE:
                yield _of_task(task, arguments)
        elif task.module in _COMMANDS:
            yield from _of_command(task)
        elif task.module.rpartition(".")[2] in _PROJECTS and task.arguments().get("state") not in _GONE:
            yield from _of_definition(task)


def _of_command(task: Task) -> Iterator[Service]:
    """What `docker run` starts in the background."""
    run = run_in(task.free_text())
    if run is not None and run.image and run.is_detached:
        place = task.at_argument("cmd")
        fields = fields_of((one, place) for one in run.options)
        fields["image"] = value_of(run.image, place)
        if run.command:
            fields["command"] = value_of(run.command, place)
        yield service_of(run.name or run.image.rpartition("/")[2].partition(":")[0], place, fields)


def _of_definition(task: Task) -> Iterator[Service]:
    """A project that is written in the task."""
    defined = task.arguments().get("definition")
    services = defined.get("services") if isinstance(defined, dict) else None
    for name, written in services.items() if isinstance(services, dict) else ():
        if isinstance(written, dict):
            at = (*task.at, task.key, "definition", "services", name)
            fields = {str(key): _below(task, (*at, key), value) for key, value in written.items()}
            yield service_of(str(name), task.document.key_place(*at), fields)


def _below(task: Task, at: tuple[str | int, ...], data: object) -> Value:
    place = task.document.place(*at)
    return value_of(data, place, lambda key: task.document.place(*at, key))


def _of_task(task: Task, arguments: Mapping[str, object]) -> Service:
    fields: dict[str, Value] = {}
    for name, key in _ARGUMENTS.items():
        if arguments.get(name) is not None:
            data = arguments[name]
            if name == "privileged" and isinstance(data, str):
                data = data.lower() in _YES if "{{" not in data else data
            fields[key] = _argument(task, name, data, is_list=key in LISTS and key != "environment")
    if arguments.get("detach") is False or arguments.get("auto_remove") or arguments.get("cleanup"):
        fields["restart"] = value_of("no", task.at_argument("image"))
    mounts = _argument(task, "mounts", arguments.get("mounts") or [], is_list=True)
    if mounts.items:
        there = fields.get("volumes")
        fields["volumes"] = mounts.having([*(there.items if there else []), *mounts.items])
    elsewhere = next((each for each in _ELSEWHERE if arguments.get(each)), "")
    if elsewhere:
        fields["volumes_from"] = _argument(task, elsewhere, [arguments[elsewhere]], is_list=False)
    network = _network(arguments)
    if network:
        name = next(each for each in _NETWORKS if each in arguments)
        fields["network_mode"] = value_of(network, task.at_argument(name))
    who = arguments.get("name")
    shown = who if isinstance(who, str) and "{{" not in who else str(arguments["image"]).partition(":")[0]
    return service_of(shown, task.at_argument("image"), fields)


def _argument(task: Task, name: str, data: object, *, is_list: bool) -> Value:
    place = task.at_argument(name)

    def inner(key: str | int) -> Place:
        return (
            task.document.place(*task.at, task.key, name, key) if isinstance(task.keys.get(task.key), dict) else place
        )

    if is_list and isinstance(data, str) and "{{" not in data:
        data = [part.strip() for part in data.split(",")]
    found = value_of(data, place, inner)
    # A list that a variable holds has at least one thing in it that is not known.
    return found.having([found]) if is_list and found.data is UNKNOWN else replace(found, key=place)


def _network(arguments: Mapping[str, object]) -> str:
    """The mode of its network, where that is written out."""
    for name in _NETWORKS:
        data = arguments.get(name)
        first = data[0] if isinstance(data, list) and len(data) == 1 else data
        text = first.get("name") if isinstance(first, dict) else first
        if isinstance(text, str) and "{{" not in text:
            return text
    return ""
