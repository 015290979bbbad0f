"""What chezmoi remembers of the paths of a deployment, kept before it and given back with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from shlex import quote

from stems.tools.chezmoi.seen import ENTRIES, REPOSITORIES, decoded

_TAGS = ("@memory", "@path", "@absent")

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


def memory_of(folder: str) -> str:
    """The file beside the before-state that holds what chezmoi remembered."""
    return f"{folder}.memory.json"


def kept_script(folder: str, trees: str) -> str:
    """Print what was kept: the memory, and the paths of the before-state."""
    return f"memory={quote(memory_of(folder))} folder={quote(folder)} trees={quote(trees)}\n{_KEPT}"


def parse_kept(answer: str) -> dict[str, list[str]]:
    parts = [line.split(" ", 1) for line in answer.splitlines() if line.startswith("@") and " " in line]
    return {tag: [decoded(text).rstrip("\n") for said, text in parts if said == tag] for tag in _TAGS}


def give_back(kept: Mapping[str, list[str]], now: str) -> Iterator[str]:
    """What gives chezmoi the memory of the kept paths that it had before. Raises `ValueError` where it is not known."""
    before, after = json.loads(kept["@memory"][0]), json.loads(now)
    paths = kept["@path"] + kept["@absent"]
    for bucket in (ENTRIES, REPOSITORIES):
        yield from _bucket(bucket, paths, before=before.get(bucket) or {}, after=after.get(bucket) or {})


def _bucket(
    bucket: str, paths: list[str], *, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[str]:
    for path in sorted({*before, *after}):
        was, became = before.get(path), after.get(path)
        is_kept = any(path == kept or path.startswith(f"{kept}/") for kept in paths)
        # That a script ran stays true.
        if was == became or not is_kept or _is_script(was) or _is_script(became):
            continue
        if was is None:
            yield f"{forget(bucket, path)} || exit 1"
        else:
            value = quote(json.dumps(was, separators=(",", ":")))
            yield f"run state set --bucket={bucket} --key={quote(path)} --value={value} </dev/null || exit 1"


def forget(bucket: str, path: str) -> str:
    """A repository that chezmoi remembers to have cloned it does not clone again, even where it is gone."""
    return f"run state delete --bucket={bucket} --key={quote(path)} </dev/null"


def _is_script(state: object) -> bool:
    return isinstance(state, dict) and state.get("type") == "script"
