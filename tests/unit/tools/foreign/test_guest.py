"""What breaks in a tool of another package is an error that names the package, and never a bug of stems."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stems.errors import StemsError, ToolError
from stems.model.change import Change, Domain, Risk
from stems.model.observation import Present, Unknown
from stems.model.service import Service
from stems.model.state import Health, ServiceState
from stems.tools.base import Preview, ServiceLook, ServiceTool, Tool
from stems.tools.foreign.guest import Guest, GuestLook, ServiceGuest
from tests.support.builders import CLUSTER, NODES
from tests.support.dotfiles import NODE, Dotfiles, site

CHANGE = Change(NODE.name, Domain.USER, "cron", "line:backup", "create", Risk.USER, after="a" * 64)


def breaks(*_: object) -> Any:
    raise KeyError("no\nsuch key")


def guest(**functions: Callable[..., object]) -> Guest:
    module = SimpleNamespace(NAME="cron", DOMAIN=Domain.USER, NEEDS_STAGE=False, **functions)
    return Guest(cast("Tool", module), "stems-cron 2.1")


@pytest.mark.parametrize("function", ["check", "claims", "apply", "restore"])
def test_what_breaks_names_the_package_and_the_place(tmp_path: Path, function: str) -> None:
    job = Dotfiles(tmp_path).job({})
    words = {"check": (job,), "claims": (job, NODE), "apply": (job, None, ()), "restore": (job, None)}
    with pytest.raises(ToolError) as broken:
        getattr(guest(**{function: breaks}), function)(*words[function])

    assert broken.value.problem == f"cron of stems-cron 2.1: `{function}` broke: KeyError: 'no\\nsuch key'"
    (place,) = broken.value.said.splitlines()
    assert place.startswith(f"at {__file__}:") and place.endswith("in breaks")
    assert broken.value.remedy == "show this to the makers of stems-cron"


def test_what_a_tool_refuses_with_an_error_of_stems_stays_its_own(tmp_path: Path) -> None:
    def refuses(*_: object) -> Any:
        raise StemsError("red: no cron there", remedy="install it")

    with pytest.raises(StemsError, match=r"^red: no cron there$"):
        guest(check=refuses).check(Dotfiles(tmp_path).job({}))


def test_what_breaks_while_it_is_read_counts_as_well(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="`check` broke: KeyError"):
        guest(check=lambda job: (breaks() for _ in "a")).check(Dotfiles(tmp_path).job({}))


def test_a_preview_names_the_version_of_its_package(tmp_path: Path) -> None:
    job, asked = Dotfiles(tmp_path).job({}), [site(tmp_path)]
    for version, said in (("", "stems-cron 2.1"), ("cron 3.0", "stems-cron 2.1, cron 3.0")):
        told = {"red": Present(Preview((CHANGE,), version=version)), "blue": None}

        answers = guest(preview=lambda *_, told=told: told).preview(job, asked)

        assert answers == {"red": Present(Preview((CHANGE,), version=said))}


def test_a_node_without_an_answer_is_unknown(tmp_path: Path) -> None:
    job, asked = Dotfiles(tmp_path).job({}), [site(tmp_path)]
    unknown = Unknown(StemsError("red: silent"))
    problems = {}
    for name, told in {
        "nothing": {},
        "odd": {"red": Present(3)},
        "unfit": {"red": Present(Preview((replace(CHANGE, node="blue"),)))},
    }.items():
        answer = guest(preview=lambda *_, told=told: told).preview(job, asked)["red"]
        assert isinstance(answer, Unknown)
        problems[name] = answer.reason

    assert guest(preview=lambda *_: {"red": unknown}).preview(job, asked) == {"red": unknown}
    assert problems["nothing"] == "cron of stems-cron 2.1: `preview` answered nothing about red"
    assert problems["odd"] == "cron of stems-cron 2.1: `preview` answered 3, which is no Preview"
    assert "a change of another node, domain or tool" in problems["unfit"]


def test_what_the_protocol_only_allows_is_asked_the_same_way() -> None:
    with pytest.raises(ToolError, match="`more` broke: KeyError"):
        guest(more=breaks).more()  # type: ignore[operator]  # a function that not every tool has
    assert guest(more=lambda: 3).more() == 3  # type: ignore[operator]
    assert not hasattr(guest(), "more")


# --- services


def test_what_a_service_said_is_text(tmp_path: Path) -> None:
    def of(said: object) -> str:
        functions = {"NAME": "cron", "DOMAIN": Domain.SERVICES, "NEEDS_STAGE": False, "last_lines": lambda *_: said}
        found = ServiceGuest(cast("ServiceTool", SimpleNamespace(**functions)), "stems-cron 2.1")
        return found.last_lines(Dotfiles(tmp_path).job({}), site(tmp_path), "web")

    assert of("one\ntwo\x1b[0m\n") == "one\ntwo�[0m\n"
    with pytest.raises(ToolError, match="`last_lines` answered b'one', which is no text"):
        of(b"one")


WEB = Service("web", ("red",), "cron")
SERVICES = replace(CLUSTER, nodes={**NODES, "red": NODE}, services={"web": WEB})


def guest_look(**functions: Callable[..., object]) -> GuestLook:
    return GuestLook(cast("ServiceLook", SimpleNamespace(NAME="cron", **functions)), "stems-cron 2.1")


def test_a_look_that_breaks_makes_its_services_unknown() -> None:
    snippet = guest_look(look=breaks).look(SERVICES, NODE)
    done = subprocess.run(("/bin/sh", "-c", snippet), capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stdout == "cron of stems-cron 2.1: `look` broke: KeyError: 'no\\nsuch key'\n"
    with pytest.raises(ValueError, match="`parse_look` broke: KeyError"):
        guest_look(parse_look=breaks).parse_look(SERVICES, NODE, "")


def test_a_look_that_no_shell_can_read_breaks_nothing_but_itself() -> None:
    snippet = guest_look(look=lambda *_: "echo 'never closed; echo (").look(SERVICES, NODE)
    done = subprocess.run(("/bin/sh",), input=f"(\n{snippet}\n)\necho $?\n", capture_output=True, text=True, check=True)

    assert done.stdout.strip() not in ("", "0")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((), "`parse_look` answered about nothing, asked was web"),
        ((ServiceState("web", Health.HEALTHY),) * 2, "answered about web, web, asked was web"),
        (("web",), "`parse_look` answered 'web', which is no ServiceState"),
    ],
)
def test_every_service_has_one_state(told: tuple[object, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        guest_look(parse_look=lambda *_: told).parse_look(SERVICES, NODE, "")
    states = [ServiceState("web", Health.DOWN, "no\x1b[0m")]
    found = guest_look(parse_look=lambda *_: states).parse_look(SERVICES, NODE, "")
    assert found == [ServiceState("web", Health.DOWN, "no�[0m")]
