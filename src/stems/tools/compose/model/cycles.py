"""Services that wait for one another in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def find_cycle(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """One circle, or nothing. Without recursion: somebody may have written a thousand services in a row."""
    done: set[str] = set()
    for start in sorted(needs):
        path: dict[str, Iterator[str]] = {} if start in done else {start: iter(needs[start])}
        while path:
            current = next(reversed(path))
            step = next((name for name in path[current] if name in needs and name not in done), "")
            if not step:
                done.add(current)
                del path[current]
            elif step in path:
                names = list(path)
                return (*names[names.index(step) :], step)
            else:
                path[step] = iter(needs[step])
    return ()
