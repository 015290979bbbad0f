"""One path, unit, container, port or project that two tools would write on one node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stems.model.claim import Extent
from stems.model.finding import Finding, Place
from stems.model.principle import Principle
from stems.validation.codes import TWO_OWNERS
from stems.validation.ownership import Clash
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="One path, unit, container, port or project that two tools, or two projects of one, would have on one node.",
    why="""Two owners undo each other: what one writes is a hand edit to the other, and every plan shows a change. Two
projects that publish one port cannot both start.""",
    instead="Leave it to one owner: remove it in one of the two places that the finding names.",
    bad={
        "dotfiles/.tmux.conf": "set -g mouse on\n",
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy:
                    content: set -g mouse off
                    dest: /home/owner/.tmux.conf
            """,
    },
    good={
        "dotfiles/.tmux.conf": "set -g mouse on\n",
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy:
                    content: set -g mouse off
                    dest: /etc/tmux.conf
            """,
    },
    also_bad=(
        {
            "services/a/compose.yml": """
                services:
                  web: {image: "nginx:1.27", ports: ["8080:80"]}
                """,
            "services/b/compose.yml": """
                services:
                  web: {image: "caddy:2.8", ports: ["127.0.0.1:8080:80"]}
                """,
        },
    ),
    also_good=(
        {
            "services/a/compose.yml": """
                services:
                  web: {image: "nginx:1.27", ports: ["192.0.2.1:53:53/udp"]}
                """,
            "services/b/compose.yml": """
                services:
                  web: {image: "caddy:2.8", ports: ["127.0.0.1:53:53/udp", "192.0.2.1:53:53"]}
                """,
        },
    ),
)

_DOES = {
    Extent.PART: "edits",
    Extent.LINK: "links",
    Extent.DIRECTORY: "makes the directory",
    Extent.FILLED: "fills",
    Extent.TREE: "owns all of",
    Extent.GONE: "removes",
}


def check(subject: Subject) -> Iterator[Finding]:
    nodes: dict[tuple[Place, Place, str], list[str]] = defaultdict(list)
    for clash in subject.clashes:
        if clash.is_certain:
            here, there = clash.second.claim, clash.first.claim
            nodes[here.place, there.place, _message(clash)].append(clash.node)
    for (here_at, there_at, message), names in nodes.items():
        said = f"{message}, on {', '.join(dict.fromkeys(names))}"
        remedy = f"leave it to one: remove it here or at {there_at}"
        yield Finding(TWO_OWNERS, here_at, said, remedy, also=(there_at,))


def _message(clash: Clash) -> str:
    here, there = clash.second.claim, clash.first.claim
    if clash.is_one_resource:
        return f"{here.resource}: has two owners: {here.tool} here and {there.tool} at {there.place}"
    does, did = (_DOES.get(each.extent, "writes") for each in (here, there))
    return f"{here.resource}: {here.tool} {does} it here, and {there.tool} {did} {there.resource} at {there.place}"


RULE = Rule(TWO_OWNERS, "two-owners", Stage.OWNERSHIP, Principle.D4, PAGE, check)
