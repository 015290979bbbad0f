"""What the source would change in a home, as changes that people and plans understand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.command import Effect, script
from stems.infrastructure.parallel import ask_each
from stems.model.change import ADOPT, Change, Domain, Risk, Undo
from stems.model.names import printable
from stems.model.observation import Answer
from stems.tools.base import Job, Preview, Site
from stems.tools.files.compare import Difference, compare
from stems.tools.files.home import TOOL, failed
from stems.tools.files.observe import Observation, observe
from stems.tools.files.render import Wanted, require_renderer, wanted_on
from stems.tools.files.source import read_source
from stems.tools.files.state import ABSENT, Kind
from stems.tools.homes import Home, account_of, find_home, shown
from stems.tools.keyed import REQUIRE_KEY
from stems.tools.network import HOME_WAYS_IN
from stems.tools.redact import looks_secret, redacted_diff

HIDDEN = "secret, so its content is not shown"


@dataclass(frozen=True, slots=True)
class View:
    """One home compared with what it is to be."""

    home: Home
    entries: Wanted
    seen: Observation
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]


def preview(job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
    """Every node at once. Raises `ConfigurationError` when the source cannot be rendered: that is no node's fault."""
    render = require_renderer(read_source(job))
    by_name = {site.node.name: site for site in sites}
    entries = {name: wanted_on(render, job.variables[name], node=name) for name in by_name}

    def ask(name: str) -> Preview:
        view = look(job, by_name[name], entries[name])
        return Preview(view.changes, version=f"jinja2 {version('jinja2')}")

    return ask_each(by_name, ask)


def look(job: Job, site: Site, entries: Wanted) -> View:
    home = find_home(job, site)
    seen = observe(home, entries)
    chosen = job.once(read_source).options
    require_inside(home, entries, seen)
    differences = compare(entries, seen)
    hidden = {difference.path for difference in differences if chosen.hides(difference.path)}
    secret = hidden | {difference.path for difference in differences if _holds_secret(difference, entries, seen)}
    keyed = _keyed(site, _sums(differences, secret))
    changes = (
        _change(job, site, difference, entries=entries, seen=seen, keyed=keyed if difference.path in secret else {})
        for difference in differences
    )
    shown = (
        _unshown(change) if difference.path in hidden else change
        for difference, change in zip(differences, changes, strict=True)
    )
    return View(home, entries, seen, differences, tuple(shown))


def _unshown(change: Change) -> Change:
    return replace(change, diff="", note="; ".join(filter(None, (change.note, HIDDEN))))


def require_inside(home: Home, entries: Wanted, seen: Observation) -> None:
    """A directory that was replaced by a symlink is followed inside the home only."""
    for path, entry in entries.items():
        if entry.state.kind is Kind.DIR and path in seen.outside:
            to = printable(seen.outside[path])
            raise ToolError(
                f"{home.site.node.name}: {shown(path, home.account)} leads out of the home, to {to}",
                remedy="replace the symlink by a directory, or list what is under it in `ignore` of .stems-files.yml",
            )


def resource_of(difference: Difference, account: str) -> str:
    state = difference.before if difference.after == ABSENT else difference.after
    return f"{state.word}:{shown(difference.path, account)}"


def keyed_script(site: Site, sums: Iterable[str]) -> str:
    """Digests of digests with the key that stays on the node, so that a secret cannot be guessed from a plan."""
    return f"""
umask 077
state={quote(site.state)}
{REQUIRE_KEY}
for sum in {" ".join(sorted(sums))}; do
  keyed=$({{ cat "$state/key" && printf %s "$sum"; }} | sha256sum) || exit 1
  printf '%s %s\\n' "$sum" "${{keyed%% *}}"
done
"""


def _keyed(site: Site, sums: frozenset[str]) -> dict[str, str]:
    if not sums:
        return {}
    result = site.runner.run(script(keyed_script(site, sums), Effect.STAGES))
    keyed = dict(line.split(" ", 1) for line in result.text.splitlines() if " " in line)
    if not result.ok or set(keyed) != sums:
        raise failed(Home(site, site.home, site.state), result)
    return keyed


def _sums(differences: Iterable[Difference], secret: set[str]) -> frozenset[str]:
    return frozenset(
        state.sha
        for difference in differences
        if difference.path in secret
        for state in (difference.before, difference.after)
        if state.sha
    )


def _holds_secret(difference: Difference, entries: Wanted, seen: Observation) -> bool:
    """What cannot be looked through may be one: too large, or not text."""
    texts = [
        _text(difference.path, entries, seen, is_after=is_after)
        for is_after, state in ((False, difference.before), (True, difference.after))
        if state.kind is Kind.FILE
    ]
    return any(text is None or looks_secret(text, path=difference.path) for text in texts)


def _text(path: str, entries: Wanted, seen: Observation, *, is_after: bool) -> str | None:
    """The content of one side, `None` when it is not known or not text."""
    entry = entries.get(path)
    if is_after or (entry and seen.states[path].has_content_of(entry.state)):
        content = entry.content if entry else None
    else:
        content = seen.contents.get(path)
    try:
        return content.decode() if content is not None and b"\0" not in content else None
    except UnicodeDecodeError:
        return None


def _change(
    job: Job, site: Site, difference: Difference, *, entries: Wanted, seen: Observation, keyed: Mapping[str, str]
) -> Change:
    account = account_of(job)
    entry = entries.get(difference.path)
    return Change(
        node=site.node.name,
        domain=Domain.USER,
        tool=TOOL,
        resource=resource_of(difference, account),
        action=difference.action,
        risk=_risk(difference),
        before=difference.before.digest(keyed.get(difference.before.sha, "")),
        after=difference.after.digest(keyed.get(difference.after.sha, "")),
        diff=_diff(difference, account, entries=entries, seen=seen),
        source=str(entry.place) if entry else "",
        undo=Undo.BY_BACKUP if difference.destroys or difference.action == "remove" else Undo.BY_REPLAY,
        by_hand=difference.by_hand,
        note=difference.note,
    )


def _risk(difference: Difference) -> Risk:
    if difference.action == ADOPT:
        return Risk.USER
    closes = difference.path == ".ssh" and difference.before != ABSENT
    if closes or difference.path in HOME_WAYS_IN:
        return Risk.NETWORK
    return Risk.DESTRUCTIVE if difference.destroys else Risk.USER


def _diff(difference: Difference, account: str, *, entries: Wanted, seen: Observation) -> str:
    if difference.action == "mode":
        return ""
    texts = []
    for is_after, state in ((False, difference.before), (True, difference.after)):
        text = (
            "" if state.kind not in {Kind.FILE, Kind.LINK} else _text(difference.path, entries, seen, is_after=is_after)
        )
        if text is None:
            return ""
        texts.append(f"symlink to {text}\n" if state.kind is Kind.LINK else text)
    return redacted_diff(texts[0], texts[1], path=shown(difference.path, account))
