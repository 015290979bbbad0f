"""What is approved is taken as it is or refused; what only people read is cleaned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from stems.model.change import Change, Domain, Group, Risk
from stems.model.claim import Claim
from stems.model.finding import Finding, Place
from stems.tools.base import Preview
from stems.tools.foreign import answers
from stems.tools.foreign.answers import Asked, UnfitError
from stems.tools.redact import MAX_DIFF, redacted_diff
from tests.support.builders import CLUSTER, NODES

NODE = NODES["prtr"]
CHANGE = Change("prtr", Domain.SYSTEM, "etc", "file:/etc/motd", "change", Risk.SYSTEM, "a" * 64, "b" * 64)
ASKED = Asked("etc", Domain.SYSTEM, CLUSTER, NODE)


def judged(change: object, asked: Asked = ASKED) -> Change:
    (found,) = answers.preview(Preview((cast("Change", change),)), asked).changes
    return found


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"node": "drtr"}, "a change of another node, domain or tool"),
        ({"tool": "ansible"}, "a change of another node, domain or tool"),
        ({"domain": Domain.USER}, "a change of another node, domain or tool"),
        ({"resource": "motd"}, "'motd', which is no resource"),
        ({"resource": "file:/etc/a\nb"}, "which is no resource"),
        ({"resource": "file:/etc/\u202e"}, "which is no resource"),
        ({"resource": "file:/" + "x" * 5000}, "which is no resource"),
        ({"action": "Change!"}, "file:/etc/motd with the action 'Change!'"),
        ({"risk": "system"}, "file:/etc/motd without class or undo"),
        ({"undo": None}, "file:/etc/motd without class or undo"),
        ({"before": "the password"}, "file:/etc/motd with a before or after that is no SHA-256 digest"),
        ({"after": None}, "file:/etc/motd with a before or after that is no SHA-256 digest"),
        ({"service": "nginx"}, "file:/etc/motd of no declared service"),
        ({"group": Group.FIRST}, "file:/etc/motd of a group step"),
        ({"risk": Risk.USER}, "file:/etc/motd of class user, in the domain system"),
        ({"resource": "file:/etc/ssh/sshd_config"}, "of class system, and it can cut the way in: that is network"),
        ({"resource": "unit:ssh.service"}, "of class system, and it can cut the way in: that is network"),
    ],
)
def test_what_is_approved_is_refused_when_it_is_not_what_it_must_be(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(UnfitError, match=said.replace("(", r"\(")):
        judged(replace(CHANGE, **wrong))


def test_what_is_no_change_is_refused() -> None:
    with pytest.raises(UnfitError, match="'motd', which is no Change"):
        judged("motd")


def test_a_way_into_a_home_is_of_class_network() -> None:
    asked = replace(ASKED, domain=Domain.USER)
    keys = replace(CHANGE, domain=Domain.USER, resource="file:~/.ssh/authorized_keys", risk=Risk.USER)
    with pytest.raises(UnfitError, match="that is network"):
        judged(keys, asked)

    assert judged(replace(keys, risk=Risk.NETWORK), asked).risk is Risk.NETWORK
    assert judged(replace(keys, resource="file:~/.bashrc"), asked).risk is Risk.USER


@pytest.mark.parametrize("service", ["", "web"])
def test_what_is_approved_stays_as_it_is(service: str) -> None:
    change = replace(CHANGE, before="", service=service)

    assert judged(change) == change


def test_what_people_read_is_cleaned() -> None:
    found = judged(replace(CHANGE, note="a\x1b[2J\nb", source="etc/motd\x07", diff="+a\x1b[2J\n"))

    assert (found.note, found.source, found.diff) == ("a�[2J b", "etc/motd�", "+a�[2J\n")
    preview = answers.preview(Preview(version="1\n2", blocked="no\x00", unmanaged=("a\x1b",), notes=("b\x1b",)), ASKED)
    assert preview == Preview(version="1 2", blocked="no�", unmanaged=("a�",), notes=("b�",))


def test_a_secret_in_a_diff_is_redacted_once_more() -> None:
    assert "hunter2" not in judged(replace(CHANGE, diff="+password: hunter2\n")).diff
    for diff in ("+a\n" * MAX_DIFF, "+-----BEGIN OPENSSH PRIVATE KEY-----\n+abc\n"):
        assert judged(replace(CHANGE, diff=diff)).diff == ""


def test_a_diff_that_was_redacted_stays_as_it_is() -> None:
    before, after = "name: a\npassword: x1\nlist:\n- one\n- two\n", "name: b\npassword: x2\nlist:\n- one\n- three\n"
    diff = redacted_diff(before, after, path="/etc/app.yml")

    assert judged(replace(CHANGE, diff=diff)).diff == diff


def test_a_finding_has_a_code_of_its_own_letters() -> None:
    finding = Finding("ETC1", Place("etc/a", 3), "wrong\x1b", "mend it\nnow")

    assert answers.finding(finding) == Finding("ETC1", Place("etc/a", 3), "wrong�", "mend it now")
    for code in ("STM301", "etc1", "ETC", ""):
        with pytest.raises(UnfitError, match="the code"):
            answers.finding(replace(finding, code=code))
    with pytest.raises(UnfitError, match="which is no Finding"):
        answers.finding("wrong")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"tool": "ansible"}, "a claim of another tool or node"),
        ({"node": "drtr"}, "a claim of another tool or node"),
        ({"resource": "/etc/motd"}, "which is no resource"),
        ({"place": "etc/motd"}, "which is no Place"),
    ],
)
def test_a_claim_is_about_the_node_that_was_asked(wrong: dict[str, Any], said: str) -> None:
    claim = Claim("prtr", "etc", "file:/etc/motd", Place("etc/all/motd"))

    assert answers.claim(claim, "etc", NODE) == claim
    with pytest.raises(UnfitError, match=said):
        answers.claim(replace(claim, **wrong), "etc", NODE)
