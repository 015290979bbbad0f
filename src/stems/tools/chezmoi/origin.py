"""Which source of chezmoi a difference in a home is about, where the source is the file as it is."""

from __future__ import annotations

from stems.model.change import Change
from stems.tools.base import Job, Site
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.source import Entry, read_source
from stems.tools.chezmoi.templated import Ignored
from stems.tools.homes import account_of, find_home, shown
from stems.tools.origin import REPAIR, Origin, refused


def origin(job: Job, site: Site, change: Change) -> Origin | None:
    account = account_of(job)
    kind, _, rest = change.resource.partition(":")
    home = shown("", account)
    is_own_script = kind == "script" and not account and not rest.startswith("~")
    if not rest.startswith(home) and not is_own_script:
        return None
    path = rest.removeprefix(home)
    if kind == "external":
        raise refused(change, "is brought by .chezmoiexternal", f"change it where it comes from, or {REPAIR}")
    source = read_source(job)
    entries = (entry for entry in source.entries if entry.ignored is not Ignored.YES)
    entry = next((each for each in entries if each.target == path), None)
    if entry is None:
        raise refused(change, "is no file of the source", f"see `chezmoi --source {source.root} managed`, or {REPAIR}")
    _require_plain(change, entry, source.root)
    return Origin(
        f"{find_home(job, site).path}/{path}",
        entry.place.path,
        account,
        mode_in=f"the name of {entry.place}, as `chezmoi chattr` changes it",
    )


def _require_plain(change: Change, entry: Entry, root: str) -> None:
    chezmoi, place, flags = f"chezmoi --source {root or '.'}", entry.place, entry.attributes.flags
    if "encrypted" in flags:
        raise refused(change, f"is encrypted in {place}", f"`{chezmoi} edit ~/{entry.target}`, or {REPAIR}")
    if "template" in flags:
        remedy = f"edit {place}; `{chezmoi} execute-template <{place}` shows what it gives; or {REPAIR}"
        raise refused(change, f"comes from the template {place}", remedy)
    words = {
        Kind.DIR: "is a directory, of which Git keeps nothing",
        Kind.LINK: f"is a symlink whose target is the text of {place}",
        Kind.MODIFY: f"is changed by the script {place}",
        Kind.SCRIPT: f"is the script {place}, which leaves no file",
        Kind.REMOVE: f"is removed by {place}",
    }
    if entry.kind in words:
        raise refused(change, words[entry.kind], f"edit {place}, or {REPAIR}")
