"""The principles of the methodology: what rules serve."""

from __future__ import annotations

from enum import Enum


class Principle(Enum):
    """A principle by its stable name, with what it says."""

    P1 = "The nodes are one logical machine."
    P2 = "Configuration is data: it can be read, compared and checked without being run."
    P3 = "What matters is written down: state, dependencies and changes are explicit, never implied."
    P4 = "Safety comes from validation: a dry run is the default, and a person approves what counts."
    P5 = "Hardware sets the limits of uniformity: architecture, GPU, memory, storage and network differ."
    D1 = "Templates give parity: nodes are the same but for variables that everybody can see."
    D2 = "Version control is the truth: what is not in Git does not count, and what counts is in Git."
    D3 = "Everything is safe to repeat: a second run changes nothing."
    D4 = "Everything has one owner: what one tool writes, no other one touches."
    D5 = "Automation serves people: judgement and approval stay with them."
    O1 = "Fail fast and safely: a mistake stops early, and where it does no harm."
    O2 = "Simple things stay simple: nobody has to know what they do not use."
    O3 = "Test locally, apply globally: what goes to every node was tried on one."
    O4 = "The system explains itself: what runs, why, and how it is doing can be seen."
    O5 = "Recovery beats prevention: going back is fast, and a failure stays where it is."
