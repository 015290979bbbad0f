"""What a stage or a pattern asks of a repository, as far as files can show it: one function for each thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from stems.lifecycle.assessment.gaps.seen import count
from stems.lifecycle.guide.facts import KNOWN_HOSTS, Facts, Standing
from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Severity
from stems.model.service import UNWRITTEN
from stems.validation.truth import ENDING, SSOT, TRUTH

Check = Callable[[Facts], Iterator[Standing]]

_DECISION = re.compile(r"docs/(?:decisions|adrs?)/[^/]+\.md", re.IGNORECASE)
_TRUTH = re.compile(r"(?:truth|\.meta/ssot)/(?P<node>[^/]+)\.ya?ml")
_SHOWN = 4
_TWO = 2


def _described(facts: Facts) -> Iterator[Standing]:
    if facts.cluster:
        yield Standing(is_there=True, says=f"{CLUSTER_FILE} describes {count(len(facts.cluster.nodes), 'node')}")
    else:
        yield Standing(is_there=False, says=f"no {CLUSTER_FILE} that can be read", how="stems validate")


def _decisions(facts: Facts) -> Iterator[Standing]:
    pages = [path for path in facts.named(lambda path: bool(_DECISION.fullmatch(path))) if "README" not in path]
    yield Standing(
        is_there=bool(pages), says=f"{count(len(pages), 'page')} in docs/decisions/", how="stems guide decision records"
    )


def _truth(facts: Facts) -> Iterator[Standing]:
    if facts.cluster:
        known = {found["node"] for path in facts.paths if (found := _TRUTH.fullmatch(path))}
        yield from _each("what was found on nodes is written down", facts.cluster.nodes, known, "stems discover")


def _reasons(facts: Facts) -> Iterator[Standing]:
    if facts.cluster and facts.cluster.services:
        given = {one.name for one in facts.cluster.services.values() if one.reason not in ("", UNWRITTEN)}
        how = f"write `reason` in {CLUSTER_FILE}"
        yield from _each("services say why they run where they do", facts.cluster.services, given, how)


def _hardware(facts: Facts) -> Iterator[Standing]:
    if facts.cluster:
        found = {f"{folder}/{name}{ENDING}": name for folder in (SSOT, TRUTH) for name in facts.cluster.nodes}
        known = {found[path] for path in found if path in facts.paths}
        known |= {node.name for node in facts.cluster.nodes.values() if node.hardware.memory}
        how = f"`hardware` in {CLUSTER_FILE}, or `stems discover`"
        yield from _each("the hardware of nodes is written down", facts.cluster.nodes, known, how)


def _roles(facts: Facts) -> Iterator[Standing]:
    if facts.cluster:
        known = {node.name for node in facts.cluster.nodes.values() if node.role}
        yield from _each("nodes have a role", facts.cluster.nodes, known, f"`role` in {CLUSTER_FILE}")


def _when_down(facts: Facts) -> Iterator[Standing]:
    if facts.cluster:
        known = {node.name for node in facts.cluster.nodes.values() if node.when_down.impact}
        how = f"`when_down` in {CLUSTER_FILE}"
        yield from _each("nodes say what is lost while they are down", facts.cluster.nodes, known, how)


def _node_checks(facts: Facts) -> Iterator[Standing]:
    if facts.cluster:
        known = {node.name for node in facts.cluster.nodes.values() if node.checks}
        yield from _each("nodes have checks", facts.cluster.nodes, known, f"`checks` of a node in {CLUSTER_FILE}")


def _service_checks(facts: Facts) -> Iterator[Standing]:
    if facts.cluster and facts.cluster.services:
        known = {one.name for one in facts.cluster.services.values() if one.checks}
        how = f"`checks` of a service in {CLUSTER_FILE}"
        yield from _each("services have checks", facts.cluster.services, known, how)


def _pinned(facts: Facts) -> Iterator[Standing]:
    if facts.cluster:
        yield from _each(f"host keys are in {KNOWN_HOSTS}", facts.cluster.nodes, facts.pinned, "stems trust NODE")


def _pilot(facts: Facts) -> Iterator[Standing]:
    if facts.cluster:
        pilot = facts.cluster.rollout.pilot
        says = f"the pilot is {pilot}" if pilot else "no node is the pilot"
        yield Standing(is_there=bool(pilot), says=says, how=f"`rollout.pilot` in {CLUSTER_FILE}")


def _approvers(facts: Facts) -> Iterator[Standing]:
    if facts.cluster:
        keys = len(facts.cluster.approvers)
        yield Standing(
            is_there=keys >= _TWO,
            says=f"{count(keys, 'key')} of approvers",
            how=f"list two under `approvers` in {CLUSTER_FILE}",
        )


def _hooks(facts: Facts) -> Iterator[Standing]:
    hook = ".pre-commit-config.yaml" in facts.paths
    yield Standing(
        is_there=hook,
        says="a check before each commit" if hook else "no check before each commit",
        how="stems guide pipeline",
    )
    flows = facts.named(lambda path: path.startswith((".github/workflows/", ".forgejo/workflows/", ".gitlab-ci")))
    yield Standing(
        is_there=bool(flows),
        says="a check on the forge" if flows else "no check on a forge",
        how="stems guide pipeline",
    )


def _findings(facts: Facts) -> Iterator[Standing]:
    found = facts.judgement.findings
    errors, warnings, notes = (sum(one.severity is severity for one in found) for severity in Severity)
    if found:
        yield Standing(
            is_there=False,
            says=f"rules find {count(errors, 'error')}, {count(warnings, 'warning')}, {count(notes, 'note')}",
            how="stems validate --all",
        )
    else:
        yield Standing(is_there=True, says="no rule finds anything")


def _deployed(facts: Facts) -> Iterator[Standing]:
    if facts.deployments:
        yield Standing(
            is_there=True,
            says=f"{count(len(facts.deployments), 'deployment')} in the ledger, the last one {facts.deployments[-1]}",
        )
    else:
        yield Standing(is_there=False, says="no deployment in the ledger of this clone", how="stems plan")


def _each(says: str, names: Collection[str], known: Collection[str], how: str) -> Iterator[Standing]:
    """One thing of all of them: which have it not is what has to be known."""
    missing = [name for name in names if name not in known]
    if not missing:
        yield Standing(is_there=True, says=says)
        return
    shown = ", ".join(missing[:_SHOWN]) + (f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else "")
    yield Standing(is_there=False, says=f"{says}: not {shown}", how=how)


ASKED: Mapping[str, tuple[Check, ...]] = {
    "stage-1-plan": (_described, _decisions, _truth, _reasons),
    "stage-2-develop": (_described, _roles, _service_checks),
    "stage-3-validate": (_findings, _hooks),
    "stage-4-deploy": (_pinned, _pilot, _approvers, _deployed),
    "stage-5-operate": (_node_checks, _service_checks, _when_down, _deployed),
    "stage-6-maintain": (_findings, _truth),
    "specialised-nodes-on-a-shared-base": (_roles,),
    "service-placement-strategy": (_reasons, _hardware),
    "hardware-as-found": (_truth, _hardware),
    "the-validation-pipeline": (_findings, _hooks),
    "the-ssh-mesh": (_pinned,),
    "shared-storage": (_node_checks,),
    "rolling-update": (_pilot, _service_checks),
    "status-at-a-glance": (_node_checks, _service_checks),
    "a-node-is-down": (_when_down,),
    "going-back": (_deployed,),
    "decision-records": (_decisions,),
    "the-gates": (_approvers,),
    "setting-up-a-new-node": (_described, _pinned),
    "deploying-a-service": (_described, _reasons, _findings),
}
"""By the anchor of a section."""
