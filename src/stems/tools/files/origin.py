"""Which file of the dotfiles tree a difference in a home is about."""

from __future__ import annotations

from stems.model.change import Change
from stems.tools.base import Job, Site
from stems.tools.files import options
from stems.tools.files.source import read_source
from stems.tools.files.state import Kind
from stems.tools.homes import account_of, find_home, shown
from stems.tools.origin import REPAIR, Origin, refused


def origin(job: Job, site: Site, change: Change) -> Origin | None:
    account = account_of(job)
    path = change.resource.partition(":")[2]
    if not path.startswith(shown("", account)):
        return None
    source = read_source(job)
    modes = f"`modes` of {source.place(options.NAME)}"
    item = next((each for each in source.items if shown(each.target, account) == path), None)
    if item is None:
        raise refused(
            change, "is no file of the repository", f"keep the files in it; a mode is written in {modes}; or {REPAIR}"
        )
    if source.options.hides(item.target):
        named = source.place(options.NAME)
        raise refused(change, f"is named under `secret` of {named}", f"edit {item.place} by hand, or {REPAIR}")
    if item.is_template:
        raise refused(
            change,
            f"comes from the template {item.place}",
            f"edit {item.place} until it gives what `stems drift --node {change.node}` shows, or {REPAIR}",
        )
    return Origin(
        f"{find_home(job, site).path}/{item.target}",
        item.place.path,
        account,
        executable=item.kind is Kind.FILE and item.target not in source.modes,
        mode_in=modes,
    )
