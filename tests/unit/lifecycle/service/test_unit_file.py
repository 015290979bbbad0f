"""What is wanted stands in the unit of the template, and its hardening stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.lifecycle.service.unit_file import unit_file
from stems.lifecycle.service.wanted import SYSTEMD, Wanted
from stems.lifecycle.template import Template, template_files

SHIPPED = {file.path: file.text for file in template_files(Template.SERVICE)}["systemd/new-service.service"]
WANTED = Wanted("pages", SYSTEMD, command="/usr/bin/pages --port 9000", memory="1.5GiB")


def lines(wanted: Wanted) -> list[str]:
    return unit_file(SHIPPED, wanted).splitlines()


def test_program_and_limit_are_those_that_are_wanted() -> None:
    assert {"ExecStart=/usr/bin/pages --port 9000", "MemoryMax=1.5G", "DynamicUser=yes"} <= {*lines(WANTED)}


def test_what_it_does_not_need_of_the_node_stays_out_of_reach() -> None:
    def hardened(text: list[str]) -> list[str]:
        return [line for line in text if line.startswith(("Protect", "Private", "Restrict", "Capability", "System"))]

    assert len(hardened(lines(WANTED))) > 10
    assert hardened(lines(WANTED)) == hardened(SHIPPED.splitlines())


def test_without_data_it_has_no_folder() -> None:
    assert not [line for line in lines(WANTED) if line.startswith(("StateDirectory", "WorkingDirectory", "ReadWrite"))]


def test_local_data_is_in_a_folder_of_its_name() -> None:
    assert {"StateDirectory=pages", "WorkingDirectory=%S/pages"} <= {*lines(replace(WANTED, data="local"))}


def test_shared_data_can_be_written() -> None:
    assert "ReadWritePaths=/srv/shared/pages" in lines(replace(WANTED, data="shared", data_path="/srv/shared/pages"))


def test_who_needs_a_graphics_processor_sees_devices() -> None:
    assert "PrivateDevices=yes" not in lines(replace(WANTED, gpu=1))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("/bin/a 'b c'", '/bin/a "b c"'),
        ("/bin/a 100%", '/bin/a "100%%"'),
        ("/bin/a '$HOME'", '/bin/a "$$HOME"'),
        (r"""/bin/a 'say "x" \'""", r'/bin/a "say \"x\" \\"'),
    ],
)
def test_words_reach_the_program_as_typed(typed: str, written: str) -> None:
    assert f"ExecStart={written}" in lines(replace(WANTED, command=typed))
