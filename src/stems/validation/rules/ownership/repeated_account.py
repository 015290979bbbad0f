"""Two trees of dotfiles for one home."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import REPEATED_ACCOUNT
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Entries of `domains.user` with one `account`, or without any.",
    why="Two trees for one home undo each other: what is not in one is removed by it after the other wrote it.",
    instead="Give each entry an `account` of its own, or put both trees together.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              user:
                - {tool: files, source: dotfiles}
                - {tool: files, source: more}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              user:
                - {tool: files, source: dotfiles}
                - {tool: files, source: more, account: guest}
            """),
        "dotfiles/.tmux.conf": "set -g mouse on\n",
        "more/.tmux.conf": "set -g mouse off\n",
    },
)

RULE = Rule(REPEATED_ACCOUNT, "repeated-account", Stage.OWNERSHIP, Principle.D4, PAGE, told(REPEATED_ACCOUNT))
