"""What systemd and Podman's generator remark on unit files of the repository: pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from stems.model.finding import Place
from stems.model.names import printable
from stems.tools.redact import redacted
from stems.tools.systemd.units import UnitFile

_BAD_UNIT = re.compile(r"Unit (\S+) has a bad unit file setting\.")
_TELLS_NOTHING = "Unit configuration has fatal error, unit will not be started."
_MISSING = re.compile(r"Unit (\S+) not found\.?$")
_INSTANCE = re.compile(r"@[^.]*\.")
# Of several errors only the first line says who speaks.
_QUADLET = re.compile(
    r"(?:quadlet-generator\[\d+\]: )?(?:converting \"(?P<bad>[^\"/]+)\": (?P<why>.*)"
    r"|error loading \"[^\"]*/(?P<broken>[^\"/]+)\", (?P<how>.*)|Warning: (?P<odd>\S+) (?P<what>.*))"
)
_MAY_COME = re.compile(r"^requested Quadlet .* was not found$")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was said of a file of the repository. With one that `is_bad` there would be no unit."""

    file: UnitFile
    line: int
    text: str
    is_bad: bool = False

    def __str__(self) -> str:
        return f"{Place(self.file.place.path, self.line)}: {self.text}"


def parse_remarks(output: str, changing: Sequence[UnitFile], generated: Collection[str]) -> list[Remark]:
    """What was said of the files that change. `generated` are units that Podman will make: now they are missing.

    Raises `ValueError` for half an answer.
    """
    lines = output.splitlines()
    if not lines or lines[-1] != "@end":
        raise ValueError("the answer is not whole")
    said = [printable(line.removeprefix("@said ")) for line in lines if line.startswith("@said ")]
    units = {file.unit for file in changing}
    bad = {_declared(match[1], units) for line in said if (match := _BAD_UNIT.fullmatch(line))}
    found = [remark for line in said for remark in (*_of_systemd(line, changing), *_of_podman(line, changing))]
    return [
        replace(remark, is_bad=remark.is_bad or remark.file.unit in bad)
        for remark in dict.fromkeys(found)
        if not ((missing := _MISSING.search(remark.text)) and missing[1] in generated)
    ]


def _of_systemd(line: str, changing: Sequence[UnitFile]) -> Iterator[Remark]:
    """A file is named with a line, by its path below that of the copies; a unit is named without one."""
    subject, _, text = line.partition(": ")
    if not text or text == _TELLS_NOTHING:
        return
    path, _, number = subject.partition(":")
    if number:
        named = [file for file in changing if file.path.endswith(f"/{path}")]
    else:
        unit = _declared(subject, {file.unit for file in changing})
        named = sorted((file for file in changing if file.unit == unit), key=lambda file: file.is_drop_in)
    for file in named[:1]:
        yield Remark(file, int(number) if number.isdigit() else 0, redacted(text))


def _of_podman(line: str, changing: Sequence[UnitFile]) -> Iterator[Remark]:
    said = _QUADLET.fullmatch(line)
    if not said:
        return
    name, text = said["bad"] or said["broken"] or said["odd"], said["why"] or said["how"] or said["what"]
    for file in changing:
        if file.path.endswith(f"/{name}"):
            yield Remark(file, 0, redacted(text), is_bad=not said["odd"] and not _MAY_COME.search(text))


def _declared(unit: str, units: Collection[str]) -> str:
    """The name in the repository: of a template systemd verifies an instance."""
    return unit if unit in units else _INSTANCE.sub("@.", unit, count=1)
