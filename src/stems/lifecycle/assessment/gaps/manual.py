"""Manual processes? What people type, what scripts do to nodes, and domains that nobody or everybody owns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.lifecycle.assessment.gaps.seen import SEVERAL, SHOWN, Seen, count
from stems.model.assessment import Effort, Evidence, Gap, Pillar, Question, Step
from stems.model.change import Domain
from stems.model.cluster import CLUSTER_FILE

_INSTEAD = {
    "loops over nodes in scripts": "replace the loop by `stems deploy`: it plans, asks, and goes node by node",
    "dotfiles linked by scripts": "name the folder under `domains.user`: `tool: files` shows first what it replaces",
    "Compose projects started by steps in pages": "name the service under `services`: then `stems deploy` starts it",
    "containers started by scripts": "write a compose.yml for it; `stems adopt NODE` writes one from what runs",
}
_RUNS = re.compile(
    r"\.(?:github|gitea|forgejo)/workflows/.+|\.gitlab-ci\.ya?ml|\.woodpecker.*|\.drone\.ya?ml|\.circleci/config\.ya?ml|"
    r"(?:azure|bitbucket)-pipelines\.ya?ml|\.travis\.yml|Jenkinsfile|\.builds/.+\.yml|"
    r"(?:.*/)?(?:(?:GNUm|M|m)akefile|\.?[jJ]ustfile|Taskfile\.ya?ml)"
)
_COMPOSE = re.compile(r"docker[ -](?:compose|stack)\b|podman-compose\b|docker-rollout")
_LARGEST = 200_000
_BEFORE = frozenset({"terraform", "cloud-init"})
"""Tools that make a node, and leave it to others then."""


def gaps(seen: Seen) -> Iterator[Gap]:
    for part in seen.manual:
        is_page = part.what == "steps to type in pages"
        pillar = Pillar.SEPARATION if "system" in part.what else Pillar.DECLARATIVE
        how = _INSTEAD.get(part.what)
        worth = 65 if "loops" in part.what else 60
        place = part.evidence[0].place
        step = Step(f"Take one step out of {place.path}", how, Effort.EVENING, worth) if how else None
        message = f"{part.what}: {count(part.count, 'place')}"
        if not is_page or part.count >= SEVERAL:
            yield Gap(Question.MANUAL, pillar, message, part.evidence, part.count, step)
    owned = {one.domain for one in seen.domains}
    scripts = [part for part in seen.manual if part.what == "changes to the system by scripts"]
    if Domain.SYSTEM not in owned and scripts:
        how = f"write a playbook with the first thing that {scripts[0].evidence[0].place.path} does as root"
        step = Step("Give the system one owner", how, Effort.EVENING, 50)
        message = "scripts change the system, and no tool owns it: nothing can say beforehand what they would change"
        yield Gap(Question.MANUAL, Pillar.SEPARATION, message, scripts[0].evidence, step=step)
    yield from _by_hand(seen)
    yield from _two_tools(seen)


def _by_hand(seen: Seen) -> Iterator[Gap]:
    """Services that nothing in the repository brings to a node."""
    projects = [one for one in seen.services if one.tool == "compose"]
    has_playbooks = any(one.tool == "ansible" for one in seen.domains)
    if not projects or has_playbooks or seen.look.is_declared or _is_deployed(seen):
        return
    shown = tuple(Evidence(one.place, one.name) for one in projects[:SHOWN])
    message = (
        f"{count(len(projects), 'Compose project')}, and nothing here brings a change to a node: somebody types it"
    )
    how = f"describe {projects[0].name} and its node in {CLUSTER_FILE}; `stems plan` and `stems deploy` bring it there"
    step = Step("Let one service be deployed", how, Effort.HOUR, 62)
    yield Gap(Question.MANUAL, Pillar.DECLARATIVE, message, shown, len(projects), step)


def _is_deployed(seen: Seen) -> bool:
    """Whether a script or a pipeline calls Compose."""
    files = (*seen.look.scripts, *(file for file in seen.look.files if _RUNS.fullmatch(file.path)))
    return any(_COMPOSE.search(file.text[:_LARGEST]) for file in files)


def _two_tools(seen: Seen) -> Iterator[Gap]:
    for domain in (Domain.USER, Domain.SYSTEM):
        found = {one.tool: one for one in seen.domains if one.domain is domain and one.tool not in _BEFORE}
        if len(found) > 1:
            shown = tuple(one.evidence for one in found.values())
            message = f"{len(found)} tools for the {domain.value} domain: {', '.join(found)}"
            yield Gap(Question.MANUAL, Pillar.SEPARATION, message, shown, len(found))
