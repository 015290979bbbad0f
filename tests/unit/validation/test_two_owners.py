"""Nothing on a node has two owners, however each of them writes its name."""

from __future__ import annotations

import pytest

from stems.validation.resource import resource_of
from tests.unit.validation.judged import Claiming, judge


def test_two_tools_that_write_one_path_are_named_with_both_places() -> None:
    (found,) = judge(
        Claiming("ansible", {"file:/etc/motd": "ansible/site.yml"}), Claiming("files", {"file:/etc/motd": "dotfiles/m"})
    )

    assert found.message == (
        "file:/etc/motd: has two owners: files here and ansible at ansible/site.yml:1, on one, two"
    )
    assert str(found.place) == "dotfiles/m:1"
    assert found.remedy == "leave it to one: remove it here or at ansible/site.yml:1"


def test_a_clash_on_one_node_names_that_node() -> None:
    # Only on `one` is the SSH user known to be `owner`.
    (found,) = judge(Claiming("a", {"file:/home/owner/.x": "a"}), Claiming("b", {"file:~/.x": "b"}))

    assert found.message.endswith(", on one")


def test_one_tool_may_touch_one_path_in_several_places() -> None:
    assert judge(Claiming("ansible", {"file:/etc/hosts": "a", "file:/etc/./hosts": "b"})) == ()


@pytest.mark.parametrize("kind", ["port:127.0.0.1:80/tcp", "container:web", "project:web"])
def test_two_services_cannot_share_what_only_one_can_have(kind: str) -> None:
    other = kind.replace("127.0.0.1", "0.0.0.0")
    claims = Claiming("compose", {kind: "services/a/compose.yml"})
    second = Claiming("compose", {other: "services/b/compose.yml"})

    (found,) = judge(claims, second)
    assert found.code == "STM701"


def test_one_file_may_name_its_project_for_each_service() -> None:
    assert judge(Claiming("compose", {"project:web": "services/web/compose.yml"})) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("file:/etc/motd", "file:/etc/./x/../motd"),
        ("file:~/x", "file:/home/owner/x"),
        ("file:~/x", "file:~owner/x"),
        ("file:~guest/x/y", "file:/home/guest/x/y"),
        ("file:~root/x", "file:/root/x"),
        ("file:~/", "file:/home/owner"),
        ("port:0.0.0.0:80/tcp", "port:127.0.0.1:80/tcp"),
        ("port::80/tcp", "port:127.0.0.1:80/tcp"),
        ("port:[::]:80/tcp", "port:127.0.0.1:80"),
        ("unit:caddy.service", "unit:caddy.service"),
    ],
)
def test_equal_resources_meet(one: str, other: str) -> None:
    assert resource_of(one, "owner").meets(resource_of(other, "owner"))
    assert resource_of(other, "owner").meets(resource_of(one, "owner"))


@pytest.mark.parametrize(
    ("one", "other", "user"),
    [
        ("file:~/x", "file:~guest/x", "owner"),
        ("file:~/x", "file:/home/owner/x", ""),
        ("file:/etc/x", "file:/etc/x/y", "owner"),
        ("port:127.0.0.1:80/tcp", "port:127.0.0.2:80/tcp", "owner"),
        ("port:0.0.0.0:80/tcp", "port:0.0.0.0:80/udp", "owner"),
        ("unit:web", "container:web", "owner"),
    ],
)
def test_other_resources_do_not(one: str, other: str, user: str) -> None:
    assert not resource_of(one, user).meets(resource_of(other, user))
