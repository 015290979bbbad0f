"""What systemd and Podman's generator said of unit files becomes remarks with places in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.model.finding import Place
from stems.tools.systemd.manager import SYSTEM
from stems.tools.systemd.remarks import parse_remarks
from stems.tools.systemd.units import GENERATED, UnitFile

RECORDINGS = Path(__file__).parent / "recordings"
ODD = "[Service]\nUnheardOf=1\nExecStart=/no/such/program\n"
RUNS = "[Service]\nExecStart=/bin/true\n"
UNITS = {
    "web.service": ODD,
    "web@.service": ODD,
    "relative.service": "[Service]\nExecStart=./relative\n",
    "empty.service": "[Service]\nType=exec\n",
    "twice.service": RUNS,
    "twice.service.d/10-more.conf": RUNS,
    "needs.service": "[Unit]\nRequires=missing.service\n[Service]\nExecStart=/bin/true\nRestart=sometimes\n",
    "waits.service": "[Unit]\nRequires=db.service\n[Service]\nExecStart=/bin/true\n",
    "never.service": RUNS,
    "never.timer": "[Timer]\nOnCalendar=sometime\n",
    "dbus.service.d/10-odd.conf": "[Unit]\nAfter=network.target\nUnheardOf=1\n",
    "fine.service": RUNS,
}
QUADLETS = {
    "db.container": "[Container]\nImage=example.com/image:1\n",
    "odd.container": "[Container]\nImage=example.com/image:1\nUnheardOf=1\n",
    "short.container": "[Container]\nImage=image\n",
    "lost.container": "[Container]\nImage=example.com/image:1\nNetwork=no.network\n",
}
BROKEN = {"broken.volume": "[Volume\n"}


def files(texts: dict[str, str]) -> list[UnitFile]:
    found = []
    for name, text in texts.items():
        head = name.partition("/")[0].removesuffix(".d")
        stem, _, suffix = head.rpartition(".")
        folder, unit = SYSTEM.units, head
        if suffix in GENERATED:
            folder, unit = SYSTEM.quadlets, GENERATED[suffix].format(stem)
        found.append(UnitFile(f"{folder}/{name}", unit, text.encode(), Place(f"services/web/{name}"), "web"))
    return found


def remarks(recording: str, texts: dict[str, str]) -> dict[str, bool]:
    said = (RECORDINGS / recording).read_text()
    return {str(remark): remark.is_bad for remark in parse_remarks(said, files(texts), {"db.service"})}


def test_what_systemd_says() -> None:
    """Only of units that could not be loaded it is certain. That Podman has yet to make a unit is nothing to say."""
    folder, unknown = "services/web", "Unknown key 'UnheardOf' in section"
    missing = "Command /no/such/program is not executable: No such file or directory"
    assert remarks("252/verify.txt", UNITS) == {
        f"{folder}/web.service:2: {unknown} [Service], ignoring.": False,
        f"{folder}/web.service: {missing}": False,
        f"{folder}/web@.service:2: {unknown} [Service], ignoring.": False,
        f"{folder}/web@.service: {missing}": False,
        f"{folder}/relative.service:2: Neither a valid executable name nor an absolute path: ./relative": True,
        f"{folder}/empty.service: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.": True,
        f"{folder}/twice.service: Service has more than one ExecStart= setting, which is only allowed for "
        "Type=oneshot services. Refusing.": True,
        f"{folder}/needs.service:5: Failed to parse service restart specifier, ignoring: sometimes": False,
        f"{folder}/needs.service: Failed to create needs.service/start: Unit missing.service not found.": False,
        f"{folder}/never.timer:2: Failed to parse calendar specification, ignoring: sometime": True,
        f"{folder}/never.timer: Timer unit lacks value setting. Refusing.": True,
        f"{folder}/dbus.service.d/10-odd.conf:3: {unknown} [Unit], ignoring.": False,
    }


def test_what_podmans_generator_says() -> None:
    """A quadlet that it would make no unit of is bad, unless another one is missing, which may still come."""
    folder = "services/web"
    assert remarks("5.4.2/quadlets.txt", QUADLETS) == {
        f"{folder}/odd.container: unsupported key 'UnheardOf' in group 'Container' in .quadlets/odd.container": True,
        f'{folder}/short.container: specifies the image "image" which not a fully qualified image name. This is not '
        "ideal for performance and security reasons. See the podman-pull manpage discussion of short-name-aliases.conf "
        "for details.": False,
        f"{folder}/lost.container: requested Quadlet unit no.network was not found": False,
    }
    assert remarks("5.4.2/broken.txt", BROKEN) == {
        f"{folder}/broken.volume: file contains line 1: “[Volume” which is not a key-value pair, group, or "
        "comment": True
    }


@pytest.mark.parametrize("output", ["", "@said web.service: x\n", "@end\n@said web.service: x\n"])
def test_half_an_answer_is_no_answer(output: str) -> None:
    with pytest.raises(ValueError, match="whole"):
        parse_remarks(output, files(UNITS), ())
