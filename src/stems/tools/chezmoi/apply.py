"""Making approved changes with the node's own chezmoi, and taking them back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from shlex import quote

from stems.infrastructure.before import keep, parse_put_back, put_back, seal
from stems.infrastructure.command import Effect, Result
from stems.model.change import Change
from stems.model.names import printable
from stems.tools.base import Job, Site
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.failure import CONFLICT, MISSING, failed
from stems.tools.chezmoi.node import NAME, preamble
from stems.tools.chezmoi.observe import TIMEOUT, decoded
from stems.tools.chezmoi.source import read_source
from stems.tools.chezmoi.trees import keep_trees, put_back_trees, seal_trees
from stems.tools.homes import Home, find_home, shown

# `--force` would write over whatever came meanwhile. A conflict that was approved is answered, for its own target only.
_APPLY = r"""
if [ ! -e "$memory" ]; then
  # What goes wrong here is mostly that another chezmoi runs, which it says itself.
  ask state dump --format=json >"$memory.new" || exit 1
  mv "$memory.new" "$memory" || fail "$memory: cannot be written"
fi
ended=0
# The question comes on standard output, and is not what went wrong.
answer() {
  [ "$ended" != 0 ] || printf '%s\n' "$1" |
    run apply --refresh-externals=never --exclude="$2" --recursive="$3" -- "$HOME/$4" >/dev/null || ended=$?
}
"""

_CHECKED = r"""
if [ "$ended" = 0 ]; then
  run apply --error-on-conflict --refresh-externals=never "--exclude=$but" </dev/null >"$work/said" 2>&1 || ended=$?
  [ "$ended" = 0 ] || [ -s "$work/said" ] || printf '%s\n' "$conflict" >"$work/said"
  cat "$work/said" >&2
fi
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

_KEPT = r"""
[ -f "$memory" ] || exit 0
printf '@memory %s\n' "$(base64 <"$memory" | tr -d '\n')"
for entry in "$folder"/*.path "$trees"/*.path; do
  [ -f "$entry" ] || continue
  IFS= read -r was <"${entry%.path}.was" && [ "$was" = absent ] && tag=@absent || tag=@path
  printf '%s %s\n' "$tag" "$(base64 <"$entry" | tr -d '\n')"
done
exit 0
"""


def apply(job: Job, site: Site, changes: Sequence[Change]) -> None:
    home = find_home(job, site)
    _run(home, apply_script(job, home, changes))


def apply_script(job: Job, home: Home, changes: Sequence[Change]) -> str:
    """Keep the before-state, act, seal, note what is there. The braces make the shell read all before it starts."""
    folder, manifest = home.before(job.deployment, NAME), home.left(NAME)
    paths = {change: f"{home.path}/{path}" for change in changes if (path := _path(change, home.account))}
    externals = {path for change, path in paths.items() if _is_external(change)}
    whole = {path for change, path in paths.items() if change.action == "remove"}
    # chezmoi pulls a Git repository without having shown it: only along with an external that was approved.
    but = "none" if any(map(_needs_externals, paths)) else "externals"
    parts = [
        preamble(job, home),
        f"memory={quote(_memory(folder))} manifest={quote(manifest)} conflict={quote(CONFLICT)} but={but}",
        keep(folder, [path for path in (*paths.values(), manifest) if path and path not in externals], whole=whole),
        keep_trees(_trees(folder), sorted(externals)),
        _APPLY,
        *(_answer(change, home.account) for change in paths if change.by_hand),
        _CHECKED,
        *([_shared(job, home), _NOTE] if manifest else []),
        seal(folder),
        seal_trees(_trees(folder)),
    ]
    return "{\n" + "\n".join(parts) + '[ "$ended" = 0 ] || exit 1\nexit 0\n}\n'


def restore(job: Job, site: Site) -> Sequence[str]:
    """Put back what this deployment replaced, and what chezmoi remembered of it: scripts cannot be taken back."""
    home = find_home(job, site)
    folder = home.before(job.deployment, NAME)
    names = f"memory={quote(_memory(folder))} folder={quote(folder)} trees={quote(_trees(folder))}\n"
    told = _run(home, names + _KEPT, Effect.READS)
    texts = _told(told.text)
    left = parse_put_back(_run(home, put_back_trees(_trees(folder)) + put_back(folder)).text)
    if told.text.strip():
        start = preamble(job, home, reads_source=False)
        now = _run(home, f"{start}ask state dump --format=json || exit 1\n", Effect.STAGES)
        try:
            commands = list(_remembered(texts, now.text))
        except (ValueError, AttributeError):
            raise failed(site, f"{_memory(folder)}: cannot be read", told.errors) from None
        if commands:
            _run(home, "\n".join([start, *commands, ""]))
    # Its memory lies in there, which made the directory on a node that had none.
    kept = {f"{home.path}/{folder}" for folder in (".config", ".config/chezmoi")} & set(texts["@absent"])
    return [f"{printable(path)}: changed since, left as it is" for path in left if path not in kept]


def _told(answer: str) -> dict[str, list[str]]:
    parts = [line.split(" ", 1) for line in answer.splitlines() if line.startswith("@") and " " in line]
    tags = ("@memory", "@path", "@absent")
    return {tag: [decoded(text).rstrip("\n") for said, text in parts if said == tag] for tag in tags}


def _remembered(texts: Mapping[str, list[str]], now: str) -> Iterator[str]:
    """What gives chezmoi the memory of the kept paths that it had before. Raises `ValueError` where it is not known."""
    before, after = (json.loads(text).get("entryState") or {} for text in (texts["@memory"][0], now))
    paths = texts["@path"] + texts["@absent"]
    for path in sorted({*before, *after}):
        was, became = before.get(path), after.get(path)
        # That a script ran stays true.
        is_script = "script" in (each.get("type") for each in (was, became) if each)
        if was == became or is_script or not any(path == kept or path.startswith(f"{kept}/") for kept in paths):
            continue
        key = f"--bucket=entryState --key={quote(path)}"
        if was is None:
            yield f"run state delete {key} </dev/null || exit 1"
        else:
            value = quote(json.dumps(was, separators=(",", ":")))
            yield f"run state set {key} --value={value} </dev/null || exit 1"


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


def _answer(change: Change, account: str) -> str:
    """What an external holds is answered together, since it was approved together."""
    how = "all-overwrite scripts true" if _is_external(change) else "overwrite scripts,externals false"
    return f"answer {how} {quote(_path(change, account))}"


def _is_external(change: Change) -> bool:
    return change.resource.startswith("external:")


def _trees(folder: str) -> str:
    return f"{folder}.trees"


def _needs_externals(change: Change) -> bool:
    """The directories above an external have no source of their own: chezmoi counts them with it."""
    return _is_external(change) or (change.resource.startswith("dir:") and not change.source)


def _memory(folder: str) -> str:
    return f"{folder}.memory.json"


def _run(home: Home, text: str, effect: Effect = Effect.WRITES) -> Result:
    result = home.run(text, effect, timeout=TIMEOUT)
    if not result.ok or result.text.strip() == "@missing":
        raise failed(home.site, MISSING if result.ok else result.errors, "")
    return result
