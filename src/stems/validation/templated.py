"""Which files are templates, so that nobody calls them broken before they are rendered, and which are encrypted."""

from __future__ import annotations

import re
from posixpath import basename

_ENDINGS = (
    ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".gotmpl", ".ctmpl", ".hbs", ".handlebars", ".mustache", ".erb",
    ".ejs", ".njk", ".tera", ".liquid", ".epp", ".mako", ".template",
)  # fmt: skip
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
_SOPS = re.compile(r"""^(?:sops:\s*$|[ \t]*"sops":\s*\{|\[sops\]|sops_mac=)""", re.MULTILINE)
_ENCRYPTED = (
    "$ANSIBLE_VAULT;",
    "-----BEGIN AGE ENCRYPTED FILE-----",
    "age-encryption.org/v1",
    "-----BEGIN PGP MESSAGE-----",
)
_ENCRYPTED_NAMES = (".age", ".gpg", ".asc", ".pgp")


def is_template_name(path: str) -> bool:
    """Whether a path alone says that its file is rendered before anybody reads it."""
    name = basename(path)
    return (
        name.lower().endswith(_ENDINGS)
        or name.startswith(_CHEZMOI)
        or "/.chezmoitemplates/" in f"/{path}"
        or any(sign in path for sign in _IN_NAMES)
    )


def has_actions(text: str) -> bool:
    """Whether Jinja, Go, Handlebars or ERB stand where the format itself has something else: outside of quotes."""
    return any(sign in text for sign in _SIGNS) and _ACTIONS.search(text) is not None


def is_encrypted(path: str, text: str) -> bool:
    """Whether only who has a key can read it: Ansible's vault, age, gpg, SOPS, or chezmoi with either."""
    name = basename(path)
    return (
        name.endswith(_ENCRYPTED_NAMES)
        or "encrypted_" in name
        or text.startswith(_ENCRYPTED)
        or ("sops" in text and "ENC[" in text and _SOPS.search(text) is not None)
    )
