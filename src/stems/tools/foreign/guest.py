"""A tool of another package as the rest of stems meets it: its answers are judged, and what breaks is its error."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from shlex import quote

from stems.errors import StemsError, ToolError
from stems.model.change import Change, Domain
from stems.model.claim import Claim
from stems.model.cluster import Cluster
from stems.model.finding import Finding
from stems.model.names import printable
from stems.model.node import Node
from stems.model.observation import Answer, Present, Unknown
from stems.model.state import ServiceState
from stems.tools.base import Job, Preview, ServiceLook, ServiceTool, Site, Tool
from stems.tools.foreign import answers
from stems.tools.foreign.answers import UnfitError

_FRAMES = 4


class Guest:
    """One tool of another package."""

    def __init__(self, module: Tool, package: str) -> None:
        self.NAME: str = module.NAME
        self.DOMAIN: Domain = module.DOMAIN
        self.NEEDS_STAGE: bool = module.NEEDS_STAGE
        self._module = module
        self._package = package

    def check(self, job: Job) -> Iterable[Finding]:
        with self._blamed("check"):
            return [answers.finding(found) for found in self._module.check(job)]

    def claims(self, job: Job, node: Node) -> Iterable[Claim]:
        with self._blamed("claims"):
            return [answers.claim(claim, self.NAME, node) for claim in self._module.claims(job, node)]

    def preview(self, job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
        with self._blamed("preview"):
            told = dict(self._module.preview(job, sites))
        return {site.node.name: self._judged(job, site.node, told.get(site.node.name)) for site in sites}

    def apply(self, job: Job, site: Site, changes: Sequence[Change]) -> None:
        with self._blamed("apply"):
            self._module.apply(job, site, changes)

    def restore(self, job: Job, site: Site) -> Sequence[str]:
        with self._blamed("restore"):
            return [answers.line(text) for text in self._module.restore(job, site)]

    def __getattr__(self, name: str) -> object:
        """What the protocol lets a tool have without asking for it."""
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(self._module, name)
        return self._asked(name, found) if callable(found) else found

    def _asked(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        def ask(*words: object, **named: object) -> object:
            with self._blamed(name):
                return function(*words, **named)

        return ask

    def _judged(self, job: Job, node: Node, answer: Answer[Preview] | None) -> Answer[Preview]:
        try:
            with self._blamed("preview"):
                if isinstance(answer, Unknown) and isinstance(answer.error, StemsError):
                    return answer
                if not isinstance(answer, Present):
                    raise UnfitError(f"nothing about {node.name}")
                asked = answers.Asked(self.NAME, self.DOMAIN, job.cluster, node)
                found = answers.preview(answer.value, asked)
        except ToolError as error:
            return Unknown(error)
        version = f"{self._package}, {found.version}" if found.version else self._package
        return Present(replace(found, version=version))

    @contextmanager
    def _blamed(self, function: str) -> Iterator[None]:
        with blamed(self.NAME, self._package, function):
            yield


class ServiceGuest(Guest):
    """One for services."""

    def __init__(self, module: ServiceTool, package: str) -> None:
        super().__init__(module, package)
        self._service_module = module

    def last_lines(self, job: Job, site: Site, service: str) -> str:
        with self._blamed("last_lines"):
            return answers.text(self._service_module.last_lines(job, site, service))


class GuestLook:
    """How one for services looks at them. What breaks in it makes its services unknown, and nothing else."""

    def __init__(self, module: ServiceLook, package: str) -> None:
        self.NAME: str = module.NAME
        self._module = module
        self._package = package

    def look(self, cluster: Cluster, node: Node) -> str:
        try:
            with blamed(self.NAME, self._package, "look"):
                snippet = answers.text(self._module.look(cluster, node))
        except StemsError as error:
            return f"printf '%s\\n' {quote(error.problem)}; exit 1"
        # In a shell of its own: what cannot be parsed would end the whole probe.
        return f"/bin/sh -c {quote(snippet)}"

    def parse_look(self, cluster: Cluster, node: Node, output: str) -> Sequence[ServiceState]:
        try:
            with blamed(self.NAME, self._package, "parse_look"):
                return answers.states(self._module.parse_look(cluster, node, output), self.NAME, cluster, node)
        except StemsError as error:
            raise ValueError(error.problem) from None


@contextmanager
def blamed(name: str, package: str, function: str) -> Iterator[None]:
    """Name the package for whatever is no expected failure of stems."""
    try:
        yield
    except StemsError:
        raise
    except Exception as error:  # noqa: BLE001  # foreign code may break in any way, and the traceback is its makers'
        told = f"answered {error}" if isinstance(error, UnfitError) else f"broke: {type(error).__name__}: {error}"
        raise ToolError(
            printable(f"{name} of {package}: `{function}` {told}").replace("\n", " "),
            said="" if isinstance(error, UnfitError) else where_it_broke(error),
            remedy=f"show this to the makers of {package.split(' ', maxsplit=1)[0]}",
        ) from None


def where_it_broke(error: BaseException) -> str:
    """The innermost places outside of this module, the last one first."""
    frames = [frame for frame in reversed(traceback.extract_tb(error.__traceback__)) if frame.filename != __file__]
    return "\n".join(f"at {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[:_FRAMES])
