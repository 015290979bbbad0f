"""What a tool let out: what it returned and raised, as people and programs read it, and the words of its commands."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from stems.errors import StemsError
from stems.infrastructure.command import Command, Result, Watch
from stems.infrastructure.runner import Runner
from stems.model.change import Change
from stems.model.observation import Present, Unknown
from stems.tools.base import Job, Preview, Site


@dataclass
class Heard:
    """Texts that must not hold a secret."""

    texts: list[str] = field(default_factory=list)

    def note(self, *answers: object) -> None:
        for answer in answers:
            self.texts += _texts(answer)

    def listening(self, job: Job, site: Site) -> tuple[Job, Site]:
        """The same, with runners that also tell what is run: everybody on a machine sees the words of a command."""
        return (
            replace(job, local=Listening(job.local, self)),
            replace(site, runner=Listening(site.runner, self)),
        )


@dataclass
class Listening:
    """Passes commands on and notes their words. What comes on standard input may hold secrets."""

    runner: Runner
    heard: Heard

    @property
    def place(self) -> str:
        return self.runner.place

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        self.heard.note(str(command))
        return self.runner.run(command, watch=watch)


def forms(secret: str) -> set[str]:
    """A secret as it may be written: plain, quoted, in base64, and the digests that could be tried for."""
    lines = (secret, f"{secret}\n")
    encoded = {base64.b64encode(line.encode()).decode().rstrip("=") for line in lines}
    digests = {hashlib.sha256(line.encode()).hexdigest() for line in lines}
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], *encoded, *digests}


def _texts(answer: object) -> list[str]:
    """As Python shows it, and as it is printed or written."""
    match answer:
        case Present(value):
            parts: list[object] = [value]
        case Unknown(error):
            parts = [error]
        case StemsError():
            parts = [answer.problem, answer.said, answer.ran, answer.remedy]
        case Preview():
            parts = list(answer.changes)
        case Change():
            parts = [json.dumps(answer.to_json())]
        case str():
            return [answer]
        case _:
            parts = list(answer) if isinstance(answer, Iterable) else []
    return [repr(answer), *(text for part in parts for text in _texts(part))]
