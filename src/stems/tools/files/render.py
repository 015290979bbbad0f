"""What the source becomes on one node: templates rendered with the node's variables, everything else as it is.

A template may include any tracked file of the source by its name there. Line ends of templates become `\\n`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place
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

Render = Callable[[Item, Mapping[str, object]], bytes]


class TemplateError(Exception):
    """A template that cannot be rendered, and where."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def renderer(source: Source) -> Render:
    """A function that renders items of the source; each template is compiled once."""
    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: _load(source, name)),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # dotfiles are not HTML
        auto_reload=False,
    )

    def render(item: Item, variables: Mapping[str, object]) -> bytes:
        try:
            return environment.get_template(item.name).render(variables).encode()
        except Exception as error:  # noqa: BLE001  # an expression in a template can raise anything
            raise _explained(error, source, item) from None

    return render


def wanted(source: Source, variables: Mapping[str, object], render: Render) -> Wanted:
    """Everything that the source puts into the home of one node. Raises `TemplateError`."""
    entries = {
        folder: Entry(State(Kind.DIR, source.modes.get(f"{folder}/", "")), b"", item.place)
        for folder, item in source.folders().items()
    }
    for item in source.items:
        content = _content(item, variables, render)
        entries[item.target] = Entry(State(item.kind, item.mode, sha256(content)), content, item.place)
    return entries


def wanted_on(source: Source, variables: Mapping[str, object], *, node: str) -> Wanted:
    """The same, for phases that come after `check`."""
    if source.findings:
        first = source.findings[0]
        raise ConfigurationError(f"{first.place}: {first.message}", remedy=first.remedy)
    try:
        return wanted(source, variables, renderer(source))
    except TemplateError as error:
        problem = f"{error.place}: {error.message} (on {node})"
        raise ConfigurationError(problem, remedy=f"see `stems variables {node}`") from None


def template_findings(source: Source, variables: Mapping[str, Mapping[str, object]]) -> list[Finding]:
    """Every template, rendered for every node: one finding a place and message, with the nodes it concerns."""
    render = renderer(source)
    nodes: dict[tuple[Place, str], list[str]] = {}
    for item in (item for item in source.items if item.is_template):
        for node, values in variables.items():
            try:
                render(item, values)
            except TemplateError as error:
                nodes.setdefault((error.place, error.message), []).append(node)
    return [
        Finding("STM301", place, f"{message} (on {', '.join(names)})", f"see `stems variables {names[0]}`")
        for (place, message), names in nodes.items()
    ]


def _content(item: Item, variables: Mapping[str, object], render: Render) -> bytes:
    if item.kind is Kind.LINK:
        return str(item.local.readlink()).encode("utf-8", "surrogateescape")
    return render(item, variables) if item.is_template else item.local.read_bytes()


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
    paths = {str(source.place(name)) for name in source.files}
    lines = [
        Place(frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in paths
    ]
    return TemplateError(lines[-1] if lines else item.place, str(error) or type(error).__name__)
