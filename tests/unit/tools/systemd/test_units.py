"""The folder of a service says which unit files go where, and which units are to run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.infrastructure.local import LocalRunner
from stems.model.cluster import Cluster, Domains, ServicesDomain
from stems.model.node import Node, SshAddress
from stems.model.service import Scope, Service, UnitState
from stems.tools.base import Job, Tree
from stems.tools.systemd.manager import Manager
from stems.tools.systemd.tool import check, claims
from stems.tools.systemd.units import Declared, Unit, declared
from tests.support.dotfiles import Files, Link, write_tree

NODE = Node("red", "red", SshAddress("127.0.0.1"))
WEB = Service("web", ("red",), "systemd")
INSTALL = "[Install]\nWantedBy=multi-user.target\n"
RUNS = "[Service]\nExecStart=/bin/true\n"


def job(folder: Path, files: Files, service: Service = WEB) -> Job:
    write_tree(folder / "services/web", files)
    settings = ServicesDomain("systemd", "services")
    cluster = Cluster("colab", "~/colab", {"red": NODE}, services={"web": service}, domains=Domains(services=settings))
    tree = Tree(folder, "0" * 40, frozenset(f"services/web/{name}" for name in files))
    return Job(cluster, settings, tree, {}, LocalRunner(), folder)


def units(folder: Path, files: Files, service: Service = WEB) -> dict[str, Unit]:
    return {unit.name: unit for unit in declared(job(folder, files, service), [service], Manager()).units}


def test_where_files_go(tmp_path: Path) -> None:
    files: Files = {
        "web.service": RUNS, "web.service.d/10.conf": "[Service]\n", "web.timer": "[Timer]\n",
        "db.container": "[Container]\n", "db.container.d/10.conf": "[Container]\n", "data.volume": "[Volume]\n",
        "README.md": "", "compose.yml": "", "web.service.d/notes.txt": "", "docs/web.service": RUNS,
    }  # fmt: skip
    found = declared(job(tmp_path, files), [WEB], Manager())

    assert {file.path: file.unit for file in found.files} == {
        "/etc/systemd/system/web.service": "web.service",
        "/etc/systemd/system/web.service.d/10.conf": "web.service",
        "/etc/systemd/system/web.timer": "web.timer",
        "/etc/containers/systemd/db.container": "db.service",
        "/etc/containers/systemd/db.container.d/10.conf": "db.service",
        "/etc/containers/systemd/data.volume": "data-volume.service",
    }
    assert found.has_quadlets and not found.odd


def test_what_is_a_users_goes_into_its_home(tmp_path: Path) -> None:
    service = replace(WEB, scope=Scope.USER)
    found = job(tmp_path, {"web.service": RUNS, "web.service.d/a.conf": RUNS, "db.container": "[Container]\n"}, service)

    assert sorted(claim.resource for claim in claims(found, NODE)) == [
        "file:~/.config/containers/systemd/db.container",
        "file:~/.config/systemd/user/web.service",
        "file:~/.config/systemd/user/web.service.d/a.conf",
        "user-unit:db.service",
        "user-unit:web.service",
    ]
    there = declared(found, [service], Manager(Scope.USER, "/home/me"))
    assert there.files[0].path == "/home/me/.config/containers/systemd/db.container"
    assert [there.manager.file(file.path) for file in there.files] == sorted(
        claim.resource for claim in claims(found, NODE) if claim.resource.startswith("file:")
    )
    assert declared(found, [service], Manager()) == Declared()


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"web.service": RUNS + INSTALL}, "web.service"),
        ({"web.service": RUNS, "web.timer": "[Timer]\n" + INSTALL}, "web.timer"),
        ({"job.service": RUNS, "web.timer": "[Timer]\nUnit=job.service\n"}, "web.timer"),
        ({"web.service": RUNS, "web.socket": "[Socket]\n"}, "web.service web.socket"),
        ({"web@.service": RUNS}, ""),
        ({"db.container": "[Container]\n", "db.volume": "[Volume]\n"}, "db.service"),
        ({"web.service.d/a.conf": "[Service]\n"}, ""),
    ],
)
def test_what_is_to_run(tmp_path: Path, files: Files, names: str) -> None:
    assert sorted(units(tmp_path, files)) == names.split()


def test_what_a_socket_starts_is_only_told_of_changes(tmp_path: Path) -> None:
    found = units(tmp_path, {"web.service": RUNS + INSTALL, "web.socket": "[Socket]\n" + INSTALL})

    assert (found["web.service"].is_activated, found["web.service"].enabled) == (True, None)
    assert (found["web.socket"].is_activated, found["web.socket"].enabled) == (False, True)


@pytest.mark.parametrize(
    ("text", "service", "enabled"),
    [
        (RUNS + INSTALL, WEB, True),
        (RUNS, WEB, None),
        (RUNS + INSTALL, replace(WEB, enabled=False), False),
        (RUNS + INSTALL, replace(WEB, state=UnitState.STOPPED), False),
        (RUNS + INSTALL, replace(WEB, state=UnitState.MASKED), None),
    ],
)
def test_what_starts_at_boot(tmp_path: Path, text: str, service: Service, enabled: bool | None) -> None:  # a case
    assert units(tmp_path, {"web.service": text}, service)["web.service"].enabled is enabled


def test_a_package_brings_the_unit_and_the_folder_a_drop_in(tmp_path: Path) -> None:
    service = replace(WEB, unit="caddy.service")
    found = job(tmp_path, {"caddy.service.d/10.conf": "[Service]\n"}, service)
    (unit,) = declared(found, [service], Manager()).units

    assert (unit.name, unit.is_own, unit.enabled) == ("caddy.service", False, True)
    assert sorted(claim.resource for claim in claims(found, NODE)) == [
        "file:/etc/systemd/system/caddy.service.d/10.conf", "unit:caddy.service",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"README.md": ""}, "STM560"),
        ({"web.service": RUNS + INSTALL, "x.service": Link("web.service")}, "STM561"),
        ({"web.service": RUNS, "a b.service": RUNS}, "STM561"),
        ({"web.service": "ExecStart=/bin/true\n"}, "STM562"),
        ({"web.service": "[Service]\nType=oneshot\nExecStart=/bin/true\n"}, "STM563"),
        ({"web.service": RUNS}, ""),
        ({"web.service": "[Service]\nType=oneshot\nRemainAfterExit=yes\n"}, ""),
        ({"web.service": "[Service]\nType=oneshot\n", "web.timer": "[Timer]\n"}, ""),
    ],
)
def test_what_is_wrong_with_a_folder(tmp_path: Path, files: Files, code: str) -> None:
    assert [finding.code for finding in check(job(tmp_path, files))] == ([code] if code else [])


@pytest.mark.parametrize(
    ("files", "places"),
    [
        ({"web.service": RUNS, "web.service.d/a.conf": RUNS}, ["services/web/web.service"]),
        ({"web.container": "[Container]\n"}, []),
    ],
)
def test_a_mask_and_a_unit_file_have_one_place(tmp_path: Path, files: Files, places: list[str]) -> None:
    found = check(job(tmp_path, files, replace(WEB, state=UnitState.MASKED)))

    assert [str(finding.place) for finding in found if finding.code == "STM565"] == places


@pytest.mark.parametrize(
    ("scope", "target", "places"),
    [
        (Scope.USER, "multi-user.target", ["services/web/web.service:4:10"]),
        (Scope.USER, "multi-user.target graphical.target", ["services/web/web.service:4:10"]),
        (Scope.USER, "multi-user.target default.target", []),
        (Scope.USER, "a.target graphical.target", []),
        (Scope.USER, "default.target", []),
        (Scope.USER, "graphical-session.target", []),
        (Scope.SYSTEM, "multi-user.target", []),
    ],
)
def test_a_user_has_no_multi_user_target(tmp_path: Path, scope: Scope, target: str, places: list[str]) -> None:
    text = f"{RUNS}[Install]\nWantedBy={target}\n"
    found = check(job(tmp_path, {"web.service": text}, replace(WEB, scope=scope)))

    assert [str(finding.place) for finding in found if finding.code == "STM564"] == places
