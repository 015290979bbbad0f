"""A path that two domain entries own by default."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.cluster import Domains
from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.codes import TWO_DEFAULTS
from stems.validation.page import Page, cluster
from stems.validation.resource import resource_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="A path that two domain entries own by default, that is by their `owns`.",
    why="""`owns` says whose a path is when no tool claims it: who is asked when somebody finds a stray file in
`/etc`. Two answers are no answer.""",
    instead="Let one domain own the path.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: files, source: dotfiles, owns: ["~/", /usr/local/bin]}
              system: {tool: ansible, source: ansible, owns: [/etc, /usr/local/bin]}
            """),
        "dotfiles/.tmux.conf": "set -g mouse on\n",
        "ansible/site.yml": "- {hosts: all, tasks: []}\n",
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: files, source: dotfiles, owns: ["~/"]}
              system: {tool: ansible, source: ansible, owns: [/etc, /usr/local/bin]}
            """),
        "dotfiles/.tmux.conf": "set -g mouse on\n",
        "ansible/site.yml": "- {hosts: all, tasks: []}\n",
    },
)

Entry = tuple[tuple[str | int, ...], str]


def check(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, tuple[str | int, ...]] = {}
    for (keys, path), account in _owned(subject.cluster.domains):
        name = resource_of(f"file:{path}", account).name
        first = seen.setdefault(name, keys)
        if first != keys:
            place, other = subject.cluster.written.place(*keys), subject.cluster.written.place(*first)
            yield Finding(TWO_DEFAULTS, place, f"{path}: already owned at {other}", "let one domain own it")


def _owned(domains: Domains) -> Iterator[tuple[Entry, str]]:
    for index, entry in enumerate(domains.user):
        for position, path in enumerate(entry.owns):
            yield (("domains", "user", index, "owns", position), path), entry.account
    for position, path in enumerate(domains.system.owns if domains.system else ()):
        yield (("domains", "system", "owns", position), path), ""


RULE = Rule(TWO_DEFAULTS, "two-default-owners", Stage.OWNERSHIP, Principle.D4, PAGE, check)
