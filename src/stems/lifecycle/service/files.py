"""Every file of a new service, from the template: nothing is rendered, known lines are replaced."""

from __future__ import annotations

from collections.abc import Iterator

from stems.lifecycle.service.compose_file import compose_file, env_template
from stems.lifecycle.service.edited import edited
from stems.lifecycle.service.unit_file import unit_file
from stems.lifecycle.service.wanted import Wanted
from stems.lifecycle.template import ShippedFile, Template, template_files
from stems.model.service import Data

_UNIT = "systemd/new-service.service"
_OTHERS = "## From the template\n"
_ROWS = {
    False: ("`compose.yml`", "`env.template`"),
    True: (f"`{_UNIT}`",),
}
"""What a table of the README lists for each form: of Compose, and of systemd."""


def service_files(wanted: Wanted, folder: str) -> tuple[ShippedFile, ...]:
    """With their paths below the repository."""
    return tuple(file._replace(path=f"{folder}/{file.path}") for file in sorted(_files(wanted)))


def _files(wanted: Wanted) -> Iterator[ShippedFile]:
    for file in template_files(Template.SERVICE):
        if file.executable:
            yield file
        elif file.path == "README.md":
            yield file._replace(text=_readme(file.text, wanted))
        elif file.path == _UNIT and wanted.is_unit:
            yield ShippedFile(f"{wanted.name}.service", unit_file(file.text, wanted), executable=False)
        elif file.path == "compose.yml" and not wanted.is_unit:
            yield file._replace(text=compose_file(file.text, wanted))
        elif file.path == "env.template" and not wanted.is_unit:
            yield file._replace(text=env_template(file.text, wanted))


def _readme(text: str, wanted: Wanted) -> str:
    """Without how a copy of the template is made, and without the other form."""
    lines = text.partition(f"\n{_OTHERS}")[0].splitlines(keepends=True)
    other = _ROWS[not wanted.is_unit]
    kept = "".join(line for line in lines if not any(line.startswith(f"| {name} |") for name in other))
    looked = f"`curl {wanted.url}` on its node; `stems status` from anywhere" if wanted.url else "`stems status`"
    kept = edited(kept, {
        "`curl http://127.0.0.1:8081/` on its node; `stems status` from anywhere": looked,
        "* **Data**: in the volume `data`. Write down how": f"* **Data**: {_data(wanted)}",
    })  # fmt: skip
    unit = "the unit: program, data, limits, what it may do"
    if wanted.is_unit:
        kept = edited(kept, {
            f"`{_UNIT}` | the same as a unit of systemd, for a program that is on the node":
                f"`{wanted.name}.service` | {unit}",
        })  # fmt: skip
    return kept.replace("new-service", wanted.name)


def _data(wanted: Wanted) -> str:
    if wanted.data == Data.NONE.value:
        return "it keeps none. Should that change, write down how"
    if wanted.data == Data.SHARED.value:
        return f"in `{wanted.data_path.partition(':')[0]}`, which is shared. Write down how"
    where = f"`/var/lib/{wanted.name}`" if wanted.is_unit else "the volume `data`"
    return f"in {where}. Write down how"
