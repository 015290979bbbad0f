"""Every finding can be explained, and whoever asks for something near it is told."""

from __future__ import annotations

import json

import pytest

from stems.__main__ import run
from stems.model.principle import Principle
from stems.validation.asked import asked, words
from stems.validation.catalogue import RULES
from stems.validation.stage import Stage


@pytest.mark.parametrize("word", ["STM510", "stm510", "floating-tag", "Floating-Tag"])
def test_a_rule_has_its_page_by_code_and_name(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", word]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[0] == "STM510 floating-tag"
    assert lines[1].startswith("warning · stage service · serves P3: ")
    titles = ["what it checks", "why it matters", "what is found", "what is not", "what to do instead"]
    assert [line for line in lines if line in titles] == titles
    assert "  services/web/compose.yml" in lines and "        image: nginx" in lines
    assert max(map(len, lines[2:])) <= 100


def test_a_principle_is_said_with_the_rules_that_serve_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "d4"]) == 0
    out = capsys.readouterr().out

    assert out.startswith(f"D4  {Principle.D4.value}\n")
    assert "\nownership\n" in out and "  STM701  error    D4  two-owners\n" in out and "STM510" not in out


@pytest.mark.parametrize("principle", Principle)
def test_every_principle_and_stage_can_be_asked_for(principle: Principle, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", principle.name]) == 0
    assert principle.value in capsys.readouterr().out
    assert all(rule.principle is principle for rule in asked(principle.name).rules)


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_is_said_with_its_rules(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", stage.value]) == 0
    assert capsys.readouterr().out.startswith(f"{stage.value}  {stage.about}\n")
    assert asked(stage.value).rules == tuple(rule for rule in RULES if rule.stage is stage)


def test_a_pattern_and_a_word_are_lists() -> None:
    assert {rule.code[:4] for rule in asked("STM5*").rules} == {"STM5"}
    assert {rule.code for rule in asked("stm70").rules} == {f"STM70{digit}" for digit in range(6)}
    assert [rule.name for rule in asked("*-owners").rules] == ["perhaps-two-owners", "two-default-owners", "two-owners"]
    assert all("chezmoi" in rule.name for rule in asked("chezmoi").rules)
    assert asked("*").rules == RULES


def test_without_a_word_every_rule_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0
    out = capsys.readouterr().out

    assert [rule.code for rule in RULES if rule.code not in out] == []


@pytest.mark.parametrize(
    ("word", "meant"), [("floatng-tag", "floating-tag"), ("STM999", ""), ("secrity", "security"), ("zzz", "")]
)
def test_what_does_not_exist_is_wrong_usage(word: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", word]) == 2
    error = capsys.readouterr().err

    assert f"no rule, principle or stage is called '{word}'" in error
    assert ("did you mean" in error, f"`{meant}`" in error) == (bool(meant), bool(meant))


def test_a_document_has_the_whole_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "STM600", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (rule,) = document["rules"]

    assert document["schema"] == "stems.explain/1" and "stage" not in document
    assert (rule["name"], rule["stage"], rule["severity"]) == ("private-key-in-git", "security", "error")
    assert list(rule["bad"]) == ["ansible/files/deploy_key"] and rule["instead"].endswith(".")


def test_what_can_be_completed_can_be_asked_for() -> None:
    assert all(asked(word).rules or word in Principle.__members__ or Stage(word) for word in words())
