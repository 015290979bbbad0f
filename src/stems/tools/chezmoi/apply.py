"""Making approved changes with the node's own chezmoi, and taking them back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from shlex import quote

from stems.infrastructure.before import keep, parse_put_back, put_back, seal
from stems.infrastructure.command import Effect, Result, script
from stems.model.change import Change
from stems.model.names import printable
from stems.tools.base import Job, Site
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.failure import CONFLICT, MISSING, failed
from stems.tools.chezmoi.node import NAME, preamble
from stems.tools.chezmoi.observe import TIMEOUT, decoded
from stems.tools.chezmoi.source import read_source
from stems.tools.chezmoi.trees import keep_trees, put_back_trees, seal_trees

# `--force` would write over whatever came meanwhile. A conflict that was approved is answered, for its own target only.
_APPLY = r"""
[ -e "$memory" ] || { run state dump --format=json >"$memory.new" </dev/null && mv "$memory.new" "$memory"; } ||
  fail "$memory: cannot be written"
ended=0
answer() {
  [ "$ended" != 0 ] || printf '%s\n' "$1" |
    run apply --refresh-externals=never --exclude="$2" --recursive="$3" -- "$HOME/$4" >&2 || ended=$?
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
[ "$ended" = 0 ] || exit 1
mkdir -p "${manifest%/*}" && run managed --include=files --path-style=absolute -0 </dev/null >"$work/managed" ||
  fail "what chezmoi manages cannot be told"
xargs -0 -r sha256sum <"$work/managed" 2>/dev/null | grep -v '^\\' | while IFS= read -r line; do
  is_shared "${line#*  }" || printf '%s\n' "$line"
done >"$manifest.new"
mv "$manifest.new" "$manifest" || fail "$manifest: cannot be written"
"""

_KEPT = r"""
[ -f "$memory" ] || exit 0
printf '@memory %s\n' "$(base64 <"$memory" | tr -d '\n')"
for entry in "$folder"/*.path "$trees"/*.path; do
  [ -f "$entry" ] && printf '@path %s\n' "$(base64 <"$entry" | tr -d '\n')"
done
exit 0
"""


def apply(job: Job, site: Site, changes: Sequence[Change]) -> None:
    _run(site, apply_script(job, site, changes))


def apply_script(job: Job, site: Site, changes: Sequence[Change]) -> str:
    """Keep the before-state, act, seal, note what is there. The braces make the shell read all before it starts."""
    folder = site.before(job.deployment, NAME)
    paths = {change: f"{site.home}/{_path(change)}" for change in changes if not change.resource.startswith("script:")}
    externals = {path for change, path in paths.items() if _is_external(change)}
    whole = {path for change, path in paths.items() if change.action == "remove"}
    # chezmoi pulls a Git repository without having shown it: only along with an external that was approved.
    but = "none" if externals else "externals"
    parts = [
        preamble(job, site),
        f"memory={quote(_memory(folder))} manifest={quote(site.left(NAME))} conflict={quote(CONFLICT)} but={but}",
        keep(folder, (path for path in paths.values() if path not in externals), whole=whole),
        keep_trees(_trees(folder), sorted(externals)),
        _APPLY,
        *map(_answer, (change for change in paths if change.by_hand)),
        _CHECKED,
        seal(folder),
        seal_trees(_trees(folder)),
        _shared(job, site),
        _NOTE,
    ]
    return "{\n" + "\n".join(parts) + "exit 0\n}\n"


def restore(job: Job, site: Site) -> Sequence[str]:
    """Put back what this deployment replaced, and what chezmoi remembered of it: scripts cannot be taken back."""
    folder = site.before(job.deployment, NAME)
    names = f"memory={quote(_memory(folder))} folder={quote(folder)} trees={quote(_trees(folder))}\n"
    told = _run(site, names + _KEPT, Effect.READS)
    left = parse_put_back(_run(site, put_back_trees(_trees(folder)) + put_back(folder)).text)
    if told.text.strip():
        start = preamble(job, site)
        now = _run(site, f"{start}run state dump --format=json </dev/null || exit 1\n", Effect.STAGES)
        try:
            commands = list(_remembered(told.text, now.text))
        except (ValueError, AttributeError):
            raise failed(site, f"{_memory(folder)}: cannot be read", told.errors) from None
        if commands:
            _run(site, "\n".join([start, *commands, ""]))
    return [f"{printable(path)}: changed since, left as it is" for path in left]


def _remembered(told: str, now: str) -> Iterator[str]:
    """What gives chezmoi the memory of the kept paths that it had before. Raises `ValueError` where it is not known."""
    parts = [line.split(" ", 1) for line in told.splitlines() if line.startswith("@") and " " in line]
    texts = {name: [decoded(text) for tag, text in parts if tag == name] for name in ("@memory", "@path")}
    before, after = (json.loads(text).get("entryState") or {} for text in (texts["@memory"][0], now))
    paths = [text.rstrip("\n") for text in texts["@path"]]
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


def _shared(job: Job, site: Site) -> str:
    """A file that chezmoi only creates or modifies in part would always look edited: it is not noted."""
    paths = [f"{site.home}/{entry.target}" for entry in read_source(job).at(Kind.CREATE, Kind.MODIFY)]
    return f"is_shared() {{ case $1 in {_alternatives(paths)}) ;; *) return 1 ;; esac; }}"


def _alternatives(paths: Iterable[str]) -> str:
    return "|".join(map(quote, paths)) or "''"


def _path(change: Change) -> str:
    return change.resource.partition(":~/")[2]


def _answer(change: Change) -> str:
    """What an external holds is answered together, since it was approved together."""
    how = "all-overwrite scripts true" if _is_external(change) else "overwrite scripts,externals false"
    return f"answer {how} {quote(_path(change))}"


def _is_external(change: Change) -> bool:
    return change.resource.startswith("external:")


def _trees(folder: str) -> str:
    return f"{folder}.trees"


def _memory(folder: str) -> str:
    return f"{folder}.memory.json"


def _run(site: Site, text: str, effect: Effect = Effect.WRITES) -> Result:
    result = site.runner.run(script(text, effect, timeout=TIMEOUT))
    if not result.ok or result.text.strip() == "@missing":
        raise failed(site, MISSING if result.ok else result.errors, "")
    return result
