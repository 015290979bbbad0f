"""What the source becomes on one node: templates rendered with the node's variables, everything else as it is.

A template may include any tracked file of the source by its name there. Line ends of templates become `\\n`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError

from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place
from stems.tools.files.bounds import BoundedEnvironment, render
from stems.tools.files.source import Item, Source
from stems.tools.files.state import Kind, State, sha256


@dataclass(frozen=True, slots=True)
class Entry:
    """What a path in the home is to be: its state, content or link target, and where the repository says so."""

    state: State
    content: bytes
    place: Place


Wanted = Mapping[str, Entry]
"""Entries by path, relative to the home, every directory on the way included."""


class TemplateError(Exception):
    """A template that cannot be rendered, and where."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


class Renderer:
    """Makes the content of items; each file is read once and each template compiled once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._plain: dict[str, bytes] = {}
        self._environment = BoundedEnvironment(
            loader=FunctionLoader(lambda name: _load(source, name)),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            autoescape=False,  # dotfiles are not HTML
            auto_reload=False,
        )
        # Two previews of one commit are the same: nothing random.
        del self._environment.filters["random"], self._environment.globals["lipsum"]

    def content(self, item: Item, variables: Mapping[str, object]) -> bytes:
        """The content of a file, or what a symlink points to. Raises `TemplateError`."""
        if item.is_template:
            return self._rendered(item, variables)
        if item.name not in self._plain:
            self._plain[item.name] = (
                str(item.local.readlink()).encode("utf-8", "surrogateescape")
                if item.kind is Kind.LINK
                else item.local.read_bytes()
            )
        return self._plain[item.name]

    def _rendered(self, item: Item, variables: Mapping[str, object]) -> bytes:
        try:
            return render(self._environment.get_template(item.name), variables).encode()
        except Exception as error:  # noqa: BLE001  # an expression in a template can raise anything
            raise _explained(error, self.source, item) from None


def wanted(renderer: Renderer, variables: Mapping[str, object]) -> Wanted:
    """Everything that the source puts into the home of one node. Raises `TemplateError`."""
    source = renderer.source
    entries = {
        folder: Entry(State(Kind.DIR, source.modes.get(f"{folder}/", "")), b"", item.place)
        for folder, item in source.folders().items()
    }
    for item in source.items:
        content = renderer.content(item, variables)
        entries[item.target] = Entry(State(item.kind, item.mode, sha256(content)), content, item.place)
    return entries


def require_renderer(source: Source) -> Renderer:
    """For phases that come after `check`."""
    if source.findings:
        first = source.findings[0]
        raise ConfigurationError(f"{first.place}: {first.message}", remedy=first.remedy)
    return Renderer(source)


def wanted_on(renderer: Renderer, variables: Mapping[str, object], *, node: str) -> Wanted:
    """The same, with an error that people read."""
    try:
        return wanted(renderer, variables)
    except TemplateError as error:
        problem = f"{error.place}: {error.message} (on {node})"
        raise ConfigurationError(problem, remedy=f"see `stems variables {node}`") from None


def template_findings(source: Source, variables: Mapping[str, Mapping[str, object]]) -> list[Finding]:
    """Every template, rendered for every node: one finding a place and message, with the nodes it concerns."""
    renderer = Renderer(source)
    nodes: dict[tuple[Place, str], list[str]] = {}
    for item in (item for item in source.items if item.is_template):
        for node, values in variables.items():
            try:
                renderer.content(item, values)
            except TemplateError as error:
                nodes.setdefault((error.place, error.message), []).append(node)
    return [
        Finding("STM301", place, f"{message} (on {', '.join(names)})", f"see `stems variables {names[0]}`")
        for (place, message), names in nodes.items()
    ]


def _load(source: Source, name: str) -> tuple[str, str, Callable[[], bool]] | None:
    local = source.files.get(name)
    if local is None or local.is_symlink() or not local.is_file():
        return None
    return local.read_text("utf-8"), str(source.place(name)), lambda: True


def _explained(error: Exception, source: Source, item: Item) -> TemplateError:
    """Jinja2 gives compiled templates the names of their files, so that a traceback has the line."""
    if isinstance(error, TemplateSyntaxError):
        return TemplateError(source.place(error.name or item.name, error.lineno), error.message or "a syntax error")
    if isinstance(error, UnicodeDecodeError):
        return TemplateError(item.place, "not UTF-8 text, and so not a template")
    if isinstance(error, TemplateNotFound):
        message = f"includes {error.name or 'something'}, which is no tracked file of the source"
        return TemplateError(_last_place(error, source, item), message)
    return TemplateError(_last_place(error, source, item), str(error) or type(error).__name__)


def _last_place(error: Exception, source: Source, item: Item) -> Place:
    paths = {str(source.place(name)) for name in source.files}
    lines = [
        Place(frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in paths
    ]
    return lines[-1] if lines else item.place
