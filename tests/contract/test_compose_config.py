"""What is recorded of `docker compose config` is what the program says. It needs no node and no Docker."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.compose_corpus import RECORDED, Said, ask_all, digest_of, find_program, recorded, version_of


def test_the_recording_is_what_the_program_says() -> None:
    program = find_program()
    if program is None:
        pytest.skip("no docker-compose here: `stems lab up` fetches one, or name it in STEMS_COMPOSE")
    if version_of(program) not in RECORDED.read_text():
        pytest.skip(f"recorded with another version than {version_of(program)}")

    said = {name: {"digest": digest_of(name), **answer} for name, answer in ask_all(program).items()}

    assert _judged(said) == _judged(recorded())


def _judged(answers: Mapping[str, Said]) -> dict[str, Said]:
    """Without the messages: which of several mistakes Compose names first differs from run to run."""
    return {name: {key: part for key, part in said.items() if key != "said"} for name, said in answers.items()}
