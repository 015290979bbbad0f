"""How facts of nodes are gathered: once in a run, and only when something uses them."""

from __future__ import annotations

from pathlib import Path

from stems.tools.ansible.check import Scan
from stems.tools.ansible.configured import configuration_of, passed_on
from stems.tools.ansible.fact_names import FACT
from stems.tools.ansible.settings import own_inventory
from stems.tools.ansible.tree import UNSEEN
from stems.tools.base import Job

_LARGEST = 1024 * 1024


def gathering_of(job: Job, scanned: Scan) -> str:
    """How facts are gathered unless `ansible.cfg` says it: once in a run, and not at all when nothing uses them."""
    if configuration_of(job).says("gathering") or "ANSIBLE_GATHERING" in passed_on(job):
        return ""
    unseen = any(finding.code == UNSEEN for finding in scanned.findings)
    return "smart" if unseen or _uses_facts(job) else "explicit"


def _uses_facts(job: Job) -> bool:
    folders = {job.source, *(Path(name).parent for name in own_inventory(job))}
    return any(FACT.search(_text(path)) for folder in folders for path in folder.rglob("*") if path.is_file())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace") if path.stat().st_size <= _LARGEST else "ansible_facts"
    except OSError:
        return "ansible_facts"
