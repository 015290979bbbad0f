"""What makes `config/cluster.yml` unusable. These are found while it is read, before there is a cluster to judge."""

from __future__ import annotations

from stems.validation import codes
from stems.validation.rule import Rule, Stage, found_on_reading


def _rule(code: str, name: str, why: str) -> Rule:
    return Rule(code, name, Stage.FILE, why, found_on_reading)


RULES = (
    _rule(codes.UNREADABLE, "unreadable-file", "What cannot be read can only be guessed."),
    _rule(codes.UNKNOWN_KEY, "unknown-key", "A misspelt key would silently be without effect."),
    _rule(codes.MISSING_KEY, "missing-key", "stems never guesses a path, an owner or an address."),
    _rule(codes.WRONG_VALUE, "wrong-value", "A value of another kind would mean something else to each tool."),
    _rule(codes.RESERVED_VARIABLE, "reserved-variable", "Templates rely on the names that stems itself sets."),
    _rule(codes.CONFLICTING_GATES, "conflicting-gates", "A class of change either waits for a person or does not."),
    _rule(codes.REPEATED_APPROVER, "repeated-approver", "A signature must name one person."),
    _rule(codes.SHORT_DEADLINE, "short-deadline", "No node could become healthy in time, so every deploy would fail."),
    _rule(codes.REPEATED_ACCOUNT, "repeated-account", "Two trees for one home would undo each other."),
    _rule(codes.CONNECTION_VARIABLE, "connection-variable", "It would turn off the checks of a connection unseen."),
    _rule(codes.PLAYBOOK_WITHOUT_ANSIBLE, "playbook-without-ansible", "The key would silently be without effect."),
    _rule(codes.UNKNOWN_NODE, "unknown-node", "Nothing can be placed on or ordered by a node that does not exist."),
    _rule(
        codes.RESERVED_NODE_NAME,
        "reserved-node-name",
        "A name that means something else already would reach other nodes.",
    ),
    _rule(codes.SERVICE_WITHOUT_TOOL, "service-without-tool", "Nothing would start the service."),
    _rule(codes.UNIT_WITHOUT_SYSTEMD, "unit-without-systemd", "The service would run as something else than it says."),
    _rule(codes.PROJECT_WITHOUT_COMPOSE, "project-without-compose", "The key would silently be without effect."),
    _rule(codes.UNKNOWN_SERVICE, "unknown-service", "A service cannot wait for one that does not exist."),
    _rule(codes.CIRCULAR_AFTER, "circular-after", "Services that wait for each other never start."),
)
