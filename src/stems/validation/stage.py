"""The stages of judgement, in their order."""

from __future__ import annotations

from enum import Enum


class Stage(Enum):
    """When a rule is checked: a stage that fails ends the judgement, because later ones build on it."""

    SYNTAX = "syntax"
    SCHEMA = "schema"
    DEPENDENCIES = "dependencies"
    OWNERSHIP = "ownership"
    PLACEMENT = "placement"
    SERVICE = "service"
    SECURITY = "security"
    STRUCTURE = "structure"
    SIMULATION = "simulation"

    @property
    def about(self) -> str:
        return _ABOUT[self]


_ABOUT = {
    Stage.SYNTAX: "Can every file be read as what it is?",
    Stage.SCHEMA: "Does every file say what its reader understands?",
    Stage.DEPENDENCIES: "Is everything there that is named, and is there an order that works?",
    Stage.OWNERSHIP: "Does everything have one owner?",
    Stage.PLACEMENT: "Does every node have what is put on it?",
    Stage.SERVICE: "Will services start, stay and be seen?",
    Stage.SECURITY: "Is anything open or told that should not be?",
    Stage.STRUCTURE: "Does everything lie where people look for it?",
    Stage.SIMULATION: "Can it be shown beforehand what would change?",
}
