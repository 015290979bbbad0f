"""A link of the documentation that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.readers.markdown import Link, anchors, links, simple
from stems.validation.dotfiles import is_source_name
from stems.validation.files import File, Files
from stems.validation.gitignored import ignores_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM805"
_PAGES = ("*.md", "*.markdown")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/|[?]|$")
_UNKNOWN = re.compile(r"\{\{|\{%|\$\{|[<>*|]|\.\.\.")
# How generators of sites write the page that is `NAME.md`.
_ENDINGS = ("", ".md", ".markdown", "/README.md", "/index.md", "/_index.md", ".mdx", ".adoc", ".rst")

PAGE = Page(
    checks="""Relative links and images in Markdown: whether the file is there, and the heading that `#…` names.
Code, comments, addresses, paths from the root of a site and files that Git ignores are not meant.""",
    why="""The page that says what to do when the gateway is down was moved, and who needs it at night finds a link
to nothing.""",
    instead="Correct the link, or bring the page back.",
    bad={
        "README.md": """
            # Home

            When the gateway is down: [what to do](docs/gateway.md).
            """,
        "docs/nodes.md": "# Nodes\n",
    },
    good={
        "README.md": """
            # Home

            When the gateway is down: [what to do](docs/nodes.md#the-gateway).
            """,
        "docs/nodes.md": "# Nodes\n\n## The gateway\n",
    },
    also_bad=(
        {"README.md": "[a](docs/nodes.md#gone)\n", "docs/nodes.md": "# Nodes\n"},
        {"docs/a.md": "![a plan](images/plan.png)\n"},
        {"docs/a.md": "See [the plan][plan].\n\n[plan]: ../plan.md\n"},
        {"docs/a.md": '<img src="plan.svg" alt="a plan">\n'},
        {"docs/a.md": "[up](../README.md) [own](#nothing)\n", "README.md": "# A\n"},
        {"docs/a.md": "[a b](<my page.md>)\n"},
    ),
    also_good=(
        {"README.md": "[a](https://example.com/x) [b](mailto:a@b.c) [c](/root.md) [d](//x) [e]()\n"},
        {"README.md": "```\n[a](gone.md)\n```\n\n`[b](gone.md)` <!-- [c](gone.md) -->\n"},
        {
            "README.md": "[a](docs/) [b](docs) [c](docs/nodes) [d](./docs/my%20page.md)\n",
            "docs/nodes.md": "",
            "docs/my page.md": "",
        },
        {"README.md": "[a](.env)\n", ".gitignore": ".env\n"},
        {"README.md": "[a](../../issues/4) [b](../other/README.md)\n"},
        {"README.md": '# Über uns & Co.\n\n[a](#über-uns--co) [b](#b-1) [c](#own)\n\n## B\n## B\n<a name="own"></a>\n'},
        {"README.md": "[a](bin/run.sh#L10)\n", "bin/run.sh": "#!/bin/sh\n"},
        {"README.md": "Title\n=====\n\n[a](#title) \n[Note]: this is a text\n[^1]: a note\n"},
        {"README.md": "[a]({{ site.url }}/x.md) [b](nodes/<name>.md)\n"},
        {"vendor/a/README.md": "[a](gone.md)\n"},
        {"README.md": "[a](https\\://example\\.com/x) [b](docs/a\\_b.md) [c](docs/a&#95;b.md)\n", "docs/a_b.md": ""},
        {
            "README.md": """
                <!-- ALL-CONTRIBUTORS-LIST:START - Do not remove or modify this section -->
                <table><tr><td><a href="#infra-ann" title="Infrastructure">x</a></td></tr></table>
                <!-- ALL-CONTRIBUTORS-LIST:END -->
                """
        },
        {"README.md": "f(1) and a(b)[c](docs/nodes.md)\n", "docs/nodes.md": ""},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    pages = [file for file in subject.files.named(*_PAGES) if not file.is_aside and not _is_template(file)]
    there = subject.once(_places)
    known: dict[str, frozenset[str]] = {}
    for page in pages:
        if "](" in page.text or "]:" in page.text or "<" in page.text:
            for link in links(page.text):
                what = _what(link, page, subject.files, there, known)
                if what and not subject.once(ignores_of).line_for(_path(link, page)):
                    place = page.place(link.line, link.column)
                    yield Finding(CODE, place, what, "correct the link, or bring the page back", Severity.WARNING)


def _is_template(file: File) -> bool:
    return "{{" in file.path or any(is_source_name(part) for part in file.path.split("/"))


def _places(subject: Subject) -> frozenset[str]:
    """Every file and folder that a link can lead to."""
    found = {""}
    for file in subject.files:
        path = file.path
        while path and path not in found:
            found.add(path)
            path = dirname(path)
    return frozenset(found)


def _path(link: Link, page: File) -> str:
    path = unquote(link.target.partition("#")[0].partition("?")[0])
    return normpath(join(page.folder, path)) if path else page.path


def _what(link: Link, page: File, files: Files, there: frozenset[str], known: dict[str, frozenset[str]]) -> str:
    """What is wrong with a link, nothing where it leads somewhere or nobody can tell."""
    if _UNKNOWN.search(link.target) or (_ELSEWHERE.match(link.target) and not link.target.startswith("#")):
        return ""
    path = _path(link, page)
    if path.startswith("..") or path == "." or path.startswith("/"):
        return ""
    found = next((path + ending for ending in _ENDINGS if path + ending in there), None)
    if found is None and path.endswith(".html"):
        found = next((name for name in (path[:-5] + ".md", path[:-11] + "/README.md") if name in there), None)
    if found is None:
        return "" if _is_in_module(path, files) else f"no file is called {printable(path)}"
    target = files.get(found)
    anchor = unquote(link.target.partition("#")[2])
    if not anchor or target is None or not found.endswith((".md", ".markdown")) or not target.text:
        return ""
    if found not in known:
        known[found] = anchors(target.text)
    return (
        "" if simple(anchor) in known[found] or _is_of_forge(anchor) else f"{found} has no heading #{printable(anchor)}"
    )


def _is_in_module(path: str, files: Files) -> bool:
    """Whether it is in another repository that belongs to this one, and need not be here."""
    above = dirname(path)
    while above:
        file = files.get(above)
        if file is not None and file.kind is not None and file.is_folder:
            return True
        above = dirname(above)
    return False


def _is_of_forge(anchor: str) -> bool:
    """Whether a forge or browser makes it: a line, a text, the top, a note."""
    return re.match(r"L\d|:~:|top$|fn|user-content-|readme$", anchor) is not None


RULE = Rule(CODE, "dead-link", Stage.STRUCTURE, Principle.O4, PAGE, check, Severity.WARNING)
