"""Which files are templates, so that nobody calls them broken before they are rendered."""

from __future__ import annotations

import re
from posixpath import basename

ENDINGS = (
    ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".gotmpl", ".ctmpl", ".hbs", ".handlebars", ".mustache", ".erb",
    ".ejs", ".njk", ".tera", ".liquid", ".epp", ".mako", ".template",
)  # fmt: skip
"""What ends the name of a file that is rendered, whatever renders it."""

# chezmoi renders these whatever they are called.
_CHEZMOI = (".chezmoiignore", ".chezmoiremove", ".chezmoiexternal")
_IN_NAMES = ("{{", "{%")
_SIGNS = ("{{", "{%", "<%")
# `${{ }}` is for the forge that runs a workflow, and stands in good YAML.
_ACTIONS = re.compile(
    r"""\{%[-+~]?[ \t]*(?:if|for|set|block|include|import|from|extends|macro|call|filter|raw|else|elif|end\w+)\b
    |(?<!\$)\{\{[-~]?[ \t]*(?:if|else|end|range|with|define|template|include|block|toYaml)\b
    |(?<!\$)\{\{-?[ \t]*(?:/\*|\.(?:Values|Release|Chart)\b)
    |(?<!\$)\{\{[{~]?[\#/>^!]
    |<%[=#-]?
    |^[ \t]*(?:-[ \t]+)?(?:[^\s\#'"{][^\n\#'"{]*?[:=][ \t]+)?\{\{
    """,
    re.MULTILINE | re.VERBOSE,
)


def is_template_name(path: str) -> bool:
    """Whether a path alone says that its file is rendered before anybody reads it."""
    name = basename(path)
    return (
        name.lower().endswith(ENDINGS)
        or name.startswith(_CHEZMOI)
        or "/.chezmoitemplates/" in f"/{path}"
        or any(sign in path for sign in _IN_NAMES)
    )


def has_actions(text: str) -> bool:
    """Whether Jinja, Go, Handlebars or ERB stand where the format itself has something else: outside of quotes."""
    return any(sign in text for sign in _SIGNS) and _ACTIONS.search(text) is not None
