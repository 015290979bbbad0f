"""Compose projects written for the tests, what the real `docker compose config` makes of them, and what stems does.

`python -m tests.support.compose_corpus PROGRAM` records anew what the program says.
"""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from stems.infrastructure.lab.compose import PLUGIN_FOLDERS
from stems.model.finding import Finding, Severity
from stems.tools.compose.model.project import Mount, Project, Service, Text, Variable
from stems.tools.compose.model.read import read_project
from stems.tools.compose.model.reading import Given

CORPUS = Path(__file__).parents[1] / "corpus" / "compose"
PROJECTS = CORPUS / "projects"
RECORDED = CORPUS / "recorded.json"
HOME = "/home/somebody"
PLACES = (*PLUGIN_FOLDERS, "~/.cache/stems/lab")
"""Where the program may be: as a plug-in of Docker, or fetched for labs."""

Said = dict[str, Any]


@cache
def project_names() -> tuple[str, ...]:
    folders = {path.parent for path in PROJECTS.rglob("*") if path.is_file()}
    tops = {folder.relative_to(PROJECTS).parts for folder in folders}
    grouped = {"refused", "disputed"}
    return tuple(sorted({"/".join(parts[: 2 if parts[0] in grouped else 1]) for parts in tops}))


@cache
def variables() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = json.loads((CORPUS / "variables.json").read_text())
    return found


@cache
def disagreements() -> Mapping[str, str]:
    """Why stems says something else than Compose, by project."""
    found: Mapping[str, str] = tomllib.loads((CORPUS / "disagreements.toml").read_text())
    return found


@cache
def recorded() -> Mapping[str, Said]:
    found: Mapping[str, Said] = json.loads(RECORDED.read_text())["projects"]
    return found


def find_program() -> Path | None:
    named = os.environ.get("STEMS_COMPOSE")
    places = [Path(named)] if named else [Path(folder).expanduser() / "docker-compose" for folder in PLACES]
    return next((place for place in places if place.is_file()), None)


# What the real one says


def version_of(program: Path) -> str:
    said = subprocess.run([program, "version", "--short"], capture_output=True, text=True, check=True)
    return said.stdout.strip().removeprefix("v")


def ask_all(program: Path) -> dict[str, Said]:
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return dict(zip(project_names(), pool.map(lambda name: ask(program, name), project_names()), strict=True))


def ask(program: Path, name: str) -> Said:
    given = variables().get(name, {})
    profiles = () if "COMPOSE_PROFILES" in given else ("--profile", "*")
    result = subprocess.run(
        [program, *profiles, "config", "--format", "json"],
        cwd=PROJECTS / name,
        env={"HOME": HOME, "PATH": "/usr/bin:/bin", **given},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        return {"is_accepted": False, "said": _last_line(result.stderr)}
    model = json.loads(result.stdout)
    shown = _Shown(str(PROJECTS / name))
    services = {key: shown.service(service) for key, service in model["services"].items()}
    named = {
        kind: {key: each.get("name", "") for key, each in model.get(kind, {}).items()}
        for kind in ("volumes", "secrets", "configs")
    }
    return {"is_accepted": True, "name": model["name"], "services": services, **named}


def _last_line(text: str) -> str:
    lines = [line.replace(f"{PROJECTS}/", "") for line in text.splitlines() if not line.startswith("time=")]
    # What comes after a panic are addresses, which differ each time.
    return next((line for line in reversed(lines) if line.strip() and "0x" not in line), "")


class _Shown:
    """Parts of what Compose shows, with paths from the folder of the project and with single dollars."""

    def __init__(self, root: str) -> None:
        self._root = root

    def service(self, service: Said) -> Said:
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        memory = limits.get("memory") or service.get("mem_limit")
        return {
            "image": _plain(service.get("image")),
            "build": self._build(service.get("build")),
            "ports": sorted([_port(port) for port in service.get("ports", [])]),
            "volumes": sorted([self._mount(mount) for mount in service.get("volumes", [])]),
            "environment": _pairs(service.get("environment")),
            "labels": _pairs(service.get("labels")),
            "profiles": sorted(service.get("profiles", [])),
            "networks": sorted(service.get("networks") or {}),
            "depends_on": {
                key: [how["condition"], how["required"]] for key, how in (service.get("depends_on") or {}).items()
            },
            "memory": int(memory) if memory else None,
            "cpus": limits.get("cpus") or service.get("cpus"),
            "devices": sorted([[each["source"], each["target"]] for each in service.get("devices", [])]),
            "secrets": sorted(each["source"] for each in service.get("secrets", [])),
            "configs": sorted(each["source"] for each in service.get("configs", [])),
            "container_name": service.get("container_name"),
            "restart": service.get("restart"),
            "is_privileged": service.get("privileged", False),
        }

    def _build(self, build: Said | None) -> list[Any] | None:
        if build is None:
            return None
        return [self._path(build["context"]), build.get("dockerfile", "Dockerfile"), _pairs(build.get("args"))]

    def _mount(self, mount: Said) -> list[Any]:
        source = mount.get("source", "")
        source = self._path(source) if mount["type"] == "bind" else _plain(source)
        return [mount["type"], source, _plain(mount.get("target", "")), mount.get("read_only", False)]

    def _path(self, path: str) -> str:
        if path.startswith(HOME):
            return f"~{path.removeprefix(HOME)}"
        return posixpath.relpath(path, self._root) if path.startswith(str(CORPUS.parents[1])) else path


def _port(port: Said) -> list[Any]:
    return [port["target"], port.get("published", ""), port.get("host_ip", ""), port.get("protocol", "tcp")]


def _pairs(pairs: Mapping[str, str | None] | None) -> dict[str, str | None]:
    return {key: _plain(value) for key, value in (pairs or {}).items()}


def _plain(text: str | None) -> str | None:
    return text.replace("$$", "$") if text else text


# What stems says


def read(name: str) -> Project:
    folder = folder_of(name)

    def text(path: str) -> str | None:
        found = PROJECTS / name / ".." / path
        return found.read_bytes().decode() if found.is_file() else None

    given = variables().get(name, {})
    profiles = () if "COMPOSE_PROFILES" in given else ("*",)
    return read_project(text, folder, Given({"HOME": HOME, "PATH": "/usr/bin:/bin", **given}, profiles=profiles))


def folder_of(name: str) -> str:
    return posixpath.basename(name)


def errors(project: Project) -> list[Finding]:
    return [finding for finding in project.findings if finding.severity is Severity.ERROR]


def said_by_stems(name: str) -> Said:
    """The same as Compose says, in the same form."""
    project = read(name)
    if found := errors(project):
        return {"is_accepted": False, "said": str(found[0])}
    started = {key: service for key, service in project.services.items() if service.is_started}
    named = {
        "volumes": {key: each.real_name for key, each in project.volumes.items()},
        "secrets": {key: each.real_name for key, each in project.secrets.items()},
        "configs": {key: each.real_name for key, each in project.configs.items()},
    }
    services = {key: _service(service, folder_of(name)) for key, service in started.items()}
    return {"is_accepted": True, "name": project.name, "services": services, **named}


def _service(service: Service, folder: str) -> Said:
    build = service.build
    return {
        "image": service.image.text if service.image else None,
        "build": [_from(folder, build.context), build.dockerfile, _given(build.arguments)] if build else None,
        "ports": sorted(
            [[port.target, port.published, port.address, port.protocol] for port in service.ports], key=str
        ),
        "volumes": sorted([_mount(mount, folder) for mount in service.mounts], key=str),
        "environment": _values(service.environment),
        "labels": _values(service.labels),
        "profiles": sorted(service.profiles, key=str),
        "networks": sorted(service.networks),
        "depends_on": {key: [how.condition, how.is_required] for key, how in service.depends_on.items()},
        "memory": service.resources.memory,
        "cpus": service.resources.cpus,
        "devices": sorted([[each.source, each.target] for each in service.devices], key=str),
        "secrets": sorted([each.source for each in service.secrets], key=str),
        "configs": sorted([each.source for each in service.configs], key=str),
        "container_name": service.text("container_name"),
        "restart": service.text("restart"),
        "is_privileged": service.flag("privileged"),
    }


def _mount(mount: Mount, folder: str) -> list[object]:
    source = _from(folder, mount.source) if mount.kind == "bind" else mount.source
    return [mount.kind, source, mount.target, mount.is_read_only]


def _from(folder: str, path: Text) -> Text:
    """A path as it is seen from the folder of the project."""
    is_local = isinstance(path, str) and not path.startswith(("/", "~")) and ":" not in path
    return posixpath.relpath(path, folder) if is_local and isinstance(path, str) else path


def _values(variables: Mapping[str, Variable]) -> dict[str, object]:
    return {key: variable.value for key, variable in variables.items()}


def _given(arguments: Mapping[str, Variable]) -> dict[str, object]:
    """Compose does not show arguments that it has no value for."""
    return {key: value for key, value in _values(arguments).items() if value is not None}


def marked(name: str) -> Iterator[tuple[str, int]]:
    """The lines that are marked as what is refused."""
    for path in sorted((PROJECTS / name).rglob("*")):
        if path.is_file():
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if line.endswith("# refused"):
                    yield path.relative_to(PROJECTS / name).as_posix(), number


def digest_of(name: str) -> str:
    """What a project is made of, so that a recording of something else shows."""
    content = hashlib.sha256(json.dumps(variables().get(name, {}), sort_keys=True).encode())
    for path in sorted(path for path in (PROJECTS / name).rglob("*") if path.is_file()):
        content.update(f"\n{path.relative_to(PROJECTS).as_posix()}\n".encode() + path.read_bytes())
    return content.hexdigest()[:16]


def _record(program: Path) -> None:
    projects = {name: {"digest": digest_of(name), **said} for name, said in ask_all(program).items()}
    document = {"version": version_of(program), "projects": projects}
    RECORDED.write_text(json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    _record(Path(sys.argv[1]))
