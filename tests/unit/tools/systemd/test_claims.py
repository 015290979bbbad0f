"""A unit, its files and the ports that it listens on have one owner."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.model.service import UnitState
from stems.tools.systemd.tool import claims
from tests.support.dotfiles import Files
from tests.unit.tools.systemd.test_units import NODE, RUNS, WEB, job


def claimed(folder: Path, files: Files, kind: str, **service: object) -> list[str]:
    found = claims(job(folder, files, replace(WEB, **service)), NODE)  # type: ignore[arg-type]  # any key of a service
    return sorted(claim.resource.removeprefix(f"{kind}:") for claim in found if claim.resource.startswith(f"{kind}:"))


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"web.service": RUNS, "web.service.d/a.conf": "[Service]\n"}, "web.service"),
        ({"job.service": RUNS, "web.timer": "[Timer]\nUnit=job.service\n"}, "job.service web.timer"),
        ({"web@.service": RUNS}, "web@.service"),
        ({"db.container": "[Container]\n", "data.volume": "[Volume]\n"}, "data-volume.service db.service"),
        ({"caddy.service.d/a.conf": "[Service]\n"}, ""),
    ],
)
def test_units_of_a_folder(tmp_path: Path, files: Files, names: str) -> None:
    assert claimed(tmp_path, files, "unit") == names.split()


def test_a_quadlet_and_a_unit_of_one_name_are_one_unit(tmp_path: Path) -> None:
    files: Files = {"db.container": "[Container]\n", "db.service": RUNS}

    assert set(claimed(tmp_path, files, "unit")) == {"db.service"}


def test_a_masked_unit_of_a_package_is_a_link(tmp_path: Path) -> None:
    masked = claimed(tmp_path, {}, "file", unit="cups.service", state=UnitState.MASKED)

    assert masked == ["/etc/systemd/system/cups.service"]


@pytest.mark.parametrize(
    ("files", "ports"),
    [
        ({"web.socket": "[Socket]\nListenStream=80\n"}, "*:80/tcp"),
        ({"web.socket": "[Socket]\nListenStream=127.0.0.1:80\nListenDatagram = [::1]:53\n"},
         "127.0.0.1:80/tcp [::1]:53/udp"),
        ({"web.socket": "[Socket]\nListenStream=[::]:80\n"}, "*:80/tcp"),
        ({"web.socket": "[Socket]\nListenStream=80\nBindIPv6Only=ipv6-only\n"}, "[::]:80/tcp"),
        ({"web.socket": "[Socket]\nListenStream=/run/web.sock\nListenStream=@web\nListenStream=%i\n"}, ""),
        ({"web.socket": "[Socket]\nListenStream=80\n",
          "web.socket.d/a.conf": "[Socket]\nListenStream=\nListenStream=81\n"},
         "*:81/tcp"),
        ({"web@.socket": "[Socket]\nListenStream=80\n"}, ""),
        ({"db.container": "[Container]\nPublishPort=127.0.0.1:5432:5432\nPublishPort=6000-6001:1\n"},
         "127.0.0.1:5432/tcp"),
    ],
)  # fmt: skip
def test_ports_that_units_listen_on(tmp_path: Path, files: Files, ports: str) -> None:
    assert claimed(tmp_path, files, "port") == sorted(ports.split())


def test_a_socket_that_is_stopped_listens_on_nothing(tmp_path: Path) -> None:
    files: Files = {"web.socket": "[Socket]\nListenStream=80\n"}

    assert claimed(tmp_path, files, "port", state=UnitState.STOPPED) == []


def test_a_port_has_the_line_that_says_it(tmp_path: Path) -> None:
    files: Files = {"web.socket": "[Socket]\n# the web\nListenStream=80\n"}
    places = [str(claim.place) for claim in claims(job(tmp_path, files), NODE) if claim.resource.startswith("port")]

    assert places == ["services/web/web.socket:3:1"]
