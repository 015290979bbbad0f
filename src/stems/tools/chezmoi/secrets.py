"""Templates that ask a password manager or another program: what they make may hold a secret.

Source: chezmoi's reference, "Template functions". The name of a function in an action is enough: to hide too much costs
a diff, to show too much a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stems.tools.base import Job
from stems.tools.chezmoi.source import TEMPLATES, Entry, read_source, read_text

ASKING = re.compile(
    r"""(?<![.$\w"`])(?:
    awsSecretsManager|azureKeyVault|bitwarden|dashlane|decrypt|doppler|ejsonDecrypt|exec|gopass|hcpVaultSecret|keepassxc|keeper|
    keyring|lastpass|onepassword|output|pass|passhole|protonPass|rbw|secret|vault
    )(?:[A-Z]\w*)?\b""",
    re.VERBOSE,
)
_INCLUDING = re.compile(r"(?<![.$\w])(?:template|includeTemplate)\b")
_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_DIRECTIVE = "chezmoi:template:"


def asking(job: Job, entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries whose content may hold what only the node may know. One that includes a template counts with it."""
    parts = [path for path in job.tree.tracked if f"/{TEMPLATES}/" in f"/{path}"]
    pattern = ASKING
    if any(_has(read_text(job.tree.root / path), ASKING) for path in parts):
        pattern = re.compile(f"{ASKING.pattern}|{_INCLUDING.pattern}", re.VERBOSE)
    for entry in entries:
        if "template" in entry.attributes.flags and _has(read_text(job.tree.root / entry.place.path), pattern):
            yield entry


def asks_others(job: Job) -> bool:
    """Whether rendering the source asks another program: that may not bear to be asked twice at once."""
    special = (path for path in job.tree.tracked if "/.chezmoi" in f"/{path}")
    return any(asking(job, read_source(job).entries)) or any(
        _has(read_text(job.tree.root / path), ASKING) for path in special
    )


def hiding(job: Job) -> Iterator[Entry]:
    """The entries whose content is shown to nobody."""
    entries = read_source(job).entries
    yield from (entry for entry in entries if "encrypted" in entry.attributes.flags)
    yield from asking(job, entries)


def _has(text: str, pattern: re.Pattern[str]) -> bool:
    # A directive may give other signs to an action: then the whole text counts.
    actions = [text] if _DIRECTIVE in text else _ACTION.findall(text)
    return any(pattern.search(action) for action in actions)
