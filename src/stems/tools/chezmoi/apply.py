"""Making approved changes with the node's own chezmoi, and taking them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from shlex import quote

from stems.infrastructure.before import keep, parse_put_back, put_back, seal
from stems.infrastructure.command import Effect, Result
from stems.model.change import Change
from stems.model.names import printable
from stems.tools.base import Job, Site
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.compared import COMPARED, still_compared
from stems.tools.chezmoi.failure import CONFLICT, MISSING, failed
from stems.tools.chezmoi.memory import forget, give_back, kept_script, memory_of, parse_kept
from stems.tools.chezmoi.node import NAME, preamble
from stems.tools.chezmoi.observe import TIMEOUT
from stems.tools.chezmoi.order import is_above_external, is_external
from stems.tools.chezmoi.seen import REPOSITORIES
from stems.tools.chezmoi.source import read_source
from stems.tools.chezmoi.trees import keep_trees, put_back_trees, seal_trees
from stems.tools.homes import Home, find_home, shown

APPLY_TIMEOUT = 3600.0
"""Scripts install packages, and externals are fetched: on a small computer that takes long."""

# `--force` would write over whatever came meanwhile. A conflict that was approved is answered, for its own target only.
# At a conflict chezmoi stops without a word of its own; what hooks and scripts say is not one.
_APPLY = r"""
if [ ! -e "$memory" ]; then
  # What goes wrong here is mostly that another chezmoi runs, which it says itself.
  ask state dump --format=json >"$memory.new" || exit 1
  mv "$memory.new" "$memory" || fail "$memory: cannot be written"
fi
ended=0
# The question comes on standard output, and is not what went wrong.
answer() {
  [ "$ended" = 0 ] || return 0
  said=$1; shift
  printf '%s\n' "$said" | run apply --refresh-externals=never "$@" >/dev/null || ended=$?
}
checked() {
  [ "$ended" = 0 ] || return 0
  run apply --error-on-conflict --refresh-externals=never "$@" </dev/null >"$work/said" 2>&1 || ended=$?
  [ "$ended" = 0 ] || grep -q '^chezmoi: ' "$work/said" || printf '%s\n' "$conflict" >>"$work/said"
  cat "$work/said" >&2
}
"""

_NOTE = r"""
if [ "$ended" = 0 ]; then
  mkdir -p "${manifest%/*}" && ask managed --include=files --path-style=absolute -0 >"$work/managed" ||
    fail "what chezmoi manages cannot be told"
  xargs -0 -r sha256sum <"$work/managed" 2>/dev/null | grep -v '^\\' | while IFS= read -r line; do
    is_shared "${line#*  }" || printf '%s\n' "$line"
  done >"$manifest.new"
  mv "$manifest.new" "$manifest" || fail "$manifest: cannot be written"
fi
"""


def apply(job: Job, site: Site, changes: Sequence[Change]) -> None:
    home = find_home(job, site)
    _run(home, apply_script(job, home, changes), timeout=APPLY_TIMEOUT)


def apply_script(job: Job, home: Home, changes: Sequence[Change]) -> str:
    """Keep the before-state, act, seal, note what is there. The braces make the shell read all before it starts."""
    folder, manifest = home.before(job.deployment, NAME), home.left(NAME)
    paths = {change: f"{home.path}/{path}" for change in changes if (path := _path(change, home.account))}
    externals = {path for change, path in paths.items() if is_external(change)}
    whole = {path for change, path in paths.items() if change.action == "remove"}
    parts = [
        preamble(job, home),
        f"memory={quote(memory_of(folder))} manifest={quote(manifest)} conflict={quote(CONFLICT)}",
        keep(folder, [path for path in (*paths.values(), manifest) if path and path not in externals], whole=whole),
        keep_trees(_trees(folder), sorted(externals)),
        _APPLY,
        COMPARED,
        *still_compared(paths),
        *_acts(paths),
        *([_shared(job, home), _NOTE] if manifest else []),
        seal(folder),
        seal_trees(_trees(folder)),
    ]
    return "{\n" + "\n".join(parts) + '[ "$ended" = 0 ] || exit 1\nexit 0\n}\n'


def restore(job: Job, site: Site) -> Sequence[str]:
    """Put back what this deployment replaced, and what chezmoi remembered of it: scripts cannot be taken back."""
    home = find_home(job, site)
    folder = home.before(job.deployment, NAME)
    told = _run(home, kept_script(folder, _trees(folder)), Effect.READS)
    texts = parse_kept(told.text)
    left = parse_put_back(_run(home, put_back_trees(_trees(folder)) + put_back(folder)).text)
    if told.text.strip():
        start = preamble(job, home, reads_source=False)
        now = _run(home, f"{start}ask state dump --format=json || exit 1\n", Effect.STAGES)
        try:
            commands = list(give_back(texts, now.text))
        except (ValueError, AttributeError):
            raise failed(site, f"{memory_of(folder)}: cannot be read", told.errors) from None
        if commands:
            _run(home, "\n".join([start, *commands, ""]))
    # Its memory lies in there, which made the directory on a node that had none.
    kept = {f"{home.path}/{folder}" for folder in (".config", ".config/chezmoi")} & set(texts["@absent"])
    return [f"{printable(path)}: changed since, left as it is" for path in left if path not in kept]


def _acts(paths: Mapping[Change, str]) -> Iterator[str]:
    """Approved conflicts, then approved externals, then all the rest: `order` says why."""
    for change, path in paths.items():
        if change.by_hand and not is_external(change) and not is_above_external(change):
            yield f"answer overwrite --exclude=scripts,externals --recursive=false -- {quote(path)}"
    for change, path in paths.items():
        if is_external(change) and change.by_hand:
            yield f'[ -e {quote(path)} ] || {forget(REPOSITORIES, path)} || fail "{NAME} cannot forget a repository"'
        if is_external(change) or is_above_external(change):
            # What an external holds is answered together, since it was approved together.
            how = "answer all-overwrite" if change.by_hand else "checked"
            deep = "true" if is_external(change) else "false"
            yield f"{how} --exclude=scripts --parent-dirs --recursive={deep} -- {quote(path)}"
    yield "checked --exclude=externals"


def _shared(job: Job, home: Home) -> str:
    """A file that chezmoi only creates or modifies in part would always look edited: it is not noted."""
    paths = [f"{home.path}/{entry.target}" for entry in read_source(job).at(Kind.CREATE, Kind.MODIFY)]
    return f"is_shared() {{ case $1 in {_alternatives(paths)}) ;; *) return 1 ;; esac; }}"


def _alternatives(paths: Iterable[str]) -> str:
    return "|".join(map(quote, paths)) or "''"


def _path(change: Change, account: str) -> str:
    """Below the home of the account; empty for a script, and for what is in another home."""
    kind, _, path = change.resource.partition(":")
    home = shown("", account)
    return path.removeprefix(home) if kind != "script" and path.startswith(home) else ""


def _trees(folder: str) -> str:
    return f"{folder}.trees"


def _run(home: Home, text: str, effect: Effect = Effect.WRITES, *, timeout: float = TIMEOUT) -> Result:
    result = home.run(text, effect, timeout=timeout)
    if not result.ok or result.text.strip() == "@missing":
        raise failed(home.site, MISSING if result.ok else result.errors, "")
    return result
