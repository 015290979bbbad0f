"""What nodes say of themselves: what is managed there, what runs, and what nobody declared. Nothing is changed."""

from __future__ import annotations

from pathlib import Path

from stems.errors import ConfigurationError, UsageError
from stems.infrastructure.guards import reading
from stems.infrastructure.parallel import ask_each
from stems.infrastructure.probe import Section
from stems.lifecycle.look.observe import Observed, observe
from stems.lifecycle.undeclared import adoptable
from stems.lifecycle.workspace import Workspace, open_workspace
from stems.model.assessment import LiveNode
from stems.model.cluster import CLUSTER_FILE
from stems.model.names import printable
from stems.model.observation import Answer, Unknown
from stems.tools.compose.existing.candidates import Candidate

# A login may find programs where a command over SSH does not look.
_DOTFILES = """
PATH=$PATH:$HOME/.local/bin:$HOME/bin
command -v chezmoi >/dev/null 2>&1 || exit 3
found=$(chezmoi managed --include=files,symlinks 2>/dev/null) || exit 4
printf '%s\\n' "$found" | grep -c . || :
"""
_CONTAINERS = """
command -v docker >/dev/null 2>&1 || exit 3
found=$(docker ps -q 2>/dev/null) || exit 4
printf '%s\\n' "$found" | grep -c . || :
"""
_UNITS = """
find /etc/systemd/system "$HOME/.config/systemd/user" -maxdepth 1 -type f 2>/dev/null |
  grep -E '\\.(service|timer)$' | head -n 200
"""
_SNIPPETS = {"dotfiles": _DOTFILES, "containers": _CONTAINERS, "units": _UNITS}
_NOT_THERE, _NOT_SAID = 3, 4


def look_at_nodes(path: Path) -> tuple[LiveNode, ...]:
    """Ask every node of the current commit's cluster file, all at once."""
    try:
        with open_workspace(path) as workspace:
            return live_nodes(workspace)
    except ConfigurationError as error:
        remedy = f"commit a {CLUSTER_FILE} that `stems validate` accepts; `stems adopt` proposes one"
        raise UsageError(f"--live asks the nodes of {CLUSTER_FILE}: {error.problem}", remedy=remedy) from None


def live_nodes(workspace: Workspace) -> tuple[LiveNode, ...]:
    cluster = workspace.cluster
    runners = {name: reading(runner) for name, runner in workspace.runners().items()}
    answers = observe(cluster, runners, cluster.nodes.values(), dict.fromkeys(cluster.nodes, _SNIPPETS))
    known = [name for name, answer in answers.items() if not isinstance(answer, Unknown)]
    undeclared = ask_each(known if cluster.domains.services else (), lambda name: adoptable(workspace, name))
    return tuple(_node(workspace, name, answer, undeclared.get(name)) for name, answer in answers.items())


def _node(
    workspace: Workspace, name: str, answer: Answer[Observed], undeclared: Answer[tuple[Candidate, ...]] | None
) -> LiveNode:
    if isinstance(answer, Unknown):
        return LiveNode(name, is_known=False, reason=answer.reason, remedy=answer.error.remedy)
    seen = answer.value
    dotfiles, no_dotfiles = _number(seen.sections["dotfiles"], "chezmoi")
    if seen.sections["dotfiles"].status == _NOT_THERE and not _wants_chezmoi(workspace):
        no_dotfiles = ""
    containers, no_containers = _number(seen.sections["containers"], "Docker")
    others, not_asked = _candidates(undeclared)
    return LiveNode(
        name,
        is_known=True,
        hostname=seen.facts.hostname,
        arch=seen.facts.arch,
        memory=seen.facts.memory_total,
        deployed=seen.deployed,
        dotfiles=dotfiles,
        containers=containers,
        units=_units(workspace, name, seen.sections["units"]),
        undeclared=others,
        notes=tuple(note for note in (no_dotfiles, no_containers, not_asked) if note),
    )


def _wants_chezmoi(workspace: Workspace) -> bool:
    return any(domain.tool == "chezmoi" for domain in workspace.cluster.domains.user)


def _number(section: Section, program: str) -> tuple[int | None, str]:
    if section.status == _NOT_THERE:
        return None, f"{program} is not there"
    text = section.text.strip()
    if section.status == _NOT_SAID or not text.isascii() or not text.isdecimal():
        return None, f"{program} does not answer"
    return int(text[:9]), ""


def _candidates(answer: Answer[tuple[Candidate, ...]] | None) -> tuple[tuple[str, ...] | None, str]:
    if answer is None:
        return None, "no domain for services is declared, so containers were not compared"
    if isinstance(answer, Unknown):
        return None, answer.reason
    return tuple(f"{one.kind}:{printable(one.name)}" for one in answer.value), ""


def _units(workspace: Workspace, node: str, section: Section) -> tuple[str, ...]:
    """Those that no declared service has."""
    declared = {unit for one in workspace.cluster.services_on(node) for unit in (one.unit, f"{one.name}.service")}
    paths = (printable(line) for line in section.text.splitlines() if line.startswith("/"))
    return tuple(sorted(path for path in paths if path.rpartition("/")[2] not in declared))
