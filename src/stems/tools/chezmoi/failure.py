"""What went wrong with chezmoi on a node, and what to do about it."""

from __future__ import annotations

from stems.errors import ToolError
from stems.model.names import printable
from stems.tools.base import Site
from stems.tools.redact import redacted

CONFLICT = "a target was changed since it was compared, so chezmoi stopped there"
MISSING = "chezmoi is not on the node"

_UPGRADE = "upgrade chezmoi on {node}, with `chezmoi upgrade` or as it was installed"
_NO_KEY = "map has no entry for key"
_REMEDIES = {
    "persistent state lock": "wait until the other chezmoi on {node} has ended, then try again",
    "source state requires chezmoi version": _UPGRADE + ", or lower .chezmoiversion",
    "is too old": _UPGRADE,
    _NO_KEY: "give it under `variables` in config/cluster.yml, in .chezmoidata, "
    "or under `data` in the configuration of chezmoi on {node}",
    CONFLICT: "run `stems plan` again: it shows what was changed",
    MISSING: "install chezmoi on {node}, then run `stems plan`",
}
"""By what is said: the words of chezmoi 2.72, and those of stems."""
_OTHERWISE = "correct it, then run `stems plan`; `chezmoi doctor` on {node} may tell more"


def failed(site: Site, problem: str, said: str, *, remedy: str = "") -> ToolError:
    # What a script said before it failed is part of it.
    lines = redacted(printable(problem)).strip().splitlines() or ["chezmoi failed"]
    usual = next((remedy for words, remedy in _REMEDIES.items() if words in problem), _OTHERWISE)
    return ToolError(
        f"{site.node.name}: {lines[-1].removeprefix('chezmoi: ')}",
        said="\n".join([*lines[:-1], *redacted(printable(said)).strip().splitlines()[-10:]]),
        remedy=remedy or usual.format(node=site.node.name),
    )


def is_about_configuration(problem: str) -> bool:
    """Whether it may come from a configuration that is missing: nothing else is known of it."""
    return not any(words in problem for words in _REMEDIES if words != _NO_KEY)
