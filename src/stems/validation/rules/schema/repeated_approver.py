"""A name or a key of an approver that is listed twice."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import REPEATED_APPROVER
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Names and public keys under `approvers`.",
    why="A signature must name one person. With two names for one key nobody can tell later who approved.",
    instead="List each person once, with a key of their own.",
    bad={
        "config/cluster.yml": cluster("""
            approvers:
              - {name: ada, key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"}
              - {name: ada, key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC"}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            approvers:
              - {name: ada, key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"}
              - {name: bob, key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC"}
            """),
    },
)

RULE = Rule(REPEATED_APPROVER, "repeated-approver", Stage.SCHEMA, Principle.D5, PAGE, told(REPEATED_APPROVER))
