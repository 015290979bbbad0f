"""An assessment: what a repository has, how it is configured, and what it lacks by the methodology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from stems.model.change import Domain
from stems.model.finding import Finding, Place


class Strength(Enum):
    """How much a place says that a node exists: whether somebody manages it, reaches it, or only mentions it."""

    DECLARED = "declared"
    NAMED = "named"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place, and what it says."""

    place: Place
    says: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place that speaks of a node, and what it says of it; empty is what it does not say.

    `says` is what the place is, as in `inventory host in group gateway`. `others` are more names of the same node.
    `facts` are further words with their values: `role`, `arch`, `memory`, `gpu`.
    """

    name: str
    place: Place
    says: str
    strength: Strength
    others: tuple[str, ...] = ()
    address: str = ""
    user: str = ""
    port: int = 0
    groups: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundNode:
    """A node with every place that speaks of it, the strongest first."""

    name: str
    others: tuple[str, ...]
    sightings: tuple[Sighting, ...]

    @property
    def strength(self) -> Strength:
        return self.sightings[0].strength

    def said(self, what: str) -> Evidence | None:
        """The address, user or port that the strongest place says, or another fact of it."""
        for sighting in self.sightings:
            value = getattr(sighting, what) if what in ("address", "user", "port") else sighting.facts.get(what)
            if value:
                return Evidence(sighting.place, str(value))
        return None


@dataclass(frozen=True, slots=True)
class OwnInventory:
    """The inventory that a playbook goes with: its path below the root of the domain, the names of its nodes.

    `uses` are places that name a group of it.
    """

    path: str
    nodes: frozenset[str]
    uses: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class FoundDomain:
    """A part of a node that a tool owns, where the tool finds it, and how that is known.

    `about` says how it is configured: a playbook, how many roles. `entries` are what the tool could be started with,
    the likeliest first, as paths below the root. `is_declared` is for `config/cluster.yml`.
    """

    domain: Domain
    tool: str
    root: str
    evidence: Evidence
    about: str = ""
    entries: tuple[str, ...] = ()
    is_declared: bool = False
    inventory: OwnInventory | None = None


@dataclass(frozen=True, slots=True)
class FoundService:
    """Something that runs: its folder or file, what it consists of, and where it runs as far as that is known.

    `wanted` are nodes that its own files name, `trouble` is why its tool would refuse it.
    """

    name: str
    tool: str
    folder: str
    place: Place
    parts: tuple[str, ...] = ()
    images: tuple[Evidence, ...] = ()
    nodes: tuple[str, ...] = ()
    why: Evidence | None = None
    has_page: bool = False
    wanted: tuple[str, ...] = ()
    keeps_data: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a repository has some of, with the first places."""

    what: str
    count: int
    evidence: tuple[Evidence, ...] = ()


class Pillar(Enum):
    """The five pillars of the methodology."""

    DECLARATIVE = "Declarative"
    GIT = "Git is the source of truth"
    VALIDATION = "Validation first"
    PARITY = "Parity through templates"
    SEPARATION = "One tool for each domain"


class Question(Enum):
    """The four questions about gaps that the methodology asks first."""

    VALIDATION = "Missing validation?"
    TEMPLATES = "No templates?"
    MANUAL = "Manual processes?"
    CHANGES = "Undocumented changes?"


class Rating(Enum):
    """How far a pillar stands, in words: nobody is served by a score."""

    STANDS = "stands"
    PARTLY = "stands in part"
    MISSING = "is missing"
    UNKNOWN = "cannot be told"


class Effort(Enum):
    """How long a step takes somebody who knows the repository; smallest first."""

    MINUTES = "minutes"
    HOUR = "an hour"
    EVENING = "an evening"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: a command to type or a file to write. `worth` orders steps by what they bring."""

    title: str
    how: str
    effort: Effort
    worth: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the methodology asks for and the repository does not have, with the places that show it."""

    question: Question
    pillar: Pillar
    message: str
    evidence: tuple[Evidence, ...] = ()
    count: int = 0
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class PillarView:
    """One pillar: what is there of it, what is missing."""

    pillar: Pillar
    rating: Rating
    there: tuple[Part, ...]
    missing: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class StageView:
    """What the rules of one stage found, by severity, and the worst of it with the name of its rule."""

    stage: str
    errors: int
    warnings: int
    notes: int
    worst: Finding
    rule: str


@dataclass(frozen=True, slots=True)
class LiveNode:
    """What a node says of itself; `reason` and `remedy` where it is unknown. Empty lists are what was looked for.

    `dotfiles` is how many files chezmoi manages there, `units` are those that somebody put into /etc, `undeclared` are
    the projects and containers that `stems adopt` would take. None is what could not be looked at, which `notes` say;
    of a chezmoi that is not there and that nobody declared they say nothing.
    """

    name: str
    is_known: bool
    reason: str = ""
    remedy: str = ""
    hostname: str = ""
    arch: str = ""
    memory: int = 0
    deployed: str = ""
    dotfiles: int | None = None
    containers: int | None = None
    units: tuple[str, ...] | None = None
    undeclared: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """All of it. `source` says what was read, `notes` what of it was not."""

    name: str
    source: str
    files: int
    nodes: tuple[FoundNode, ...]
    domains: tuple[FoundDomain, ...]
    services: tuple[FoundService, ...]
    templates: tuple[Part, ...]
    variables: tuple[Part, ...]
    checks: tuple[Part, ...]
    pages: tuple[Part, ...]
    gaps: tuple[Gap, ...]
    pillars: tuple[PillarView, ...]
    stages: tuple[StageView, ...]
    steps: tuple[Step, ...]
    commit: str = ""
    is_declared: bool = False
    notes: tuple[str, ...] = ()
    live: tuple[LiveNode, ...] | None = None
    timezone: Evidence | None = None

    def of(self, question: Question) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.question is question)
