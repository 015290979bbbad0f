"""Nothing on a node has two owners, however each of them writes its name."""

from __future__ import annotations

import pytest

from stems.model.claim import Certainty, Extent
from stems.model.finding import Finding, Severity
from stems.validation.resource import resource_of
from tests.unit.validation.judged import Claiming, judge

Case = tuple[str, Extent]


def test_two_tools_that_write_one_path_are_named_with_both_places() -> None:
    (found,) = judge(
        Claiming("ansible", {"file:/etc/motd": "ansible/site.yml"}), Claiming("files", {"file:/etc/motd": "dotfiles/m"})
    )

    assert found.message == (
        "file:/etc/motd: has two owners: files here and ansible at ansible/site.yml:1, on one, two"
    )
    assert str(found.place) == "dotfiles/m:1"
    assert [str(place) for place in found.also] == ["ansible/site.yml:1"]
    assert found.remedy == "leave it to one: remove it here or at ansible/site.yml:1"


def test_a_clash_on_one_node_names_that_node() -> None:
    # Only on `one` is the SSH user known to be `owner`.
    (found,) = judge(Claiming("a", {"file:/home/owner/.x": "a"}), Claiming("b", {"file:~/.x": "b"}))

    assert found.message.endswith(", on one")


def test_one_tool_may_touch_one_path_in_several_places() -> None:
    assert judge(Claiming("ansible", {"file:/etc/hosts": "a", "file:/etc/./hosts": "b"})) == ()


@pytest.mark.parametrize("kind", ["port:127.0.0.1:80/tcp", "container:web", "project:web", "unit:web.service"])
def test_two_services_cannot_share_what_only_one_can_have(kind: str) -> None:
    other = kind.replace("127.0.0.1", "*")
    (found,) = judge(
        Claiming("compose", {kind: "services/a/compose.yml"}), Claiming("systemd", {other: "services/b/x"})
    )

    assert found.code == "STM701"


def test_what_two_owners_of_one_tool_have_is_compared_too() -> None:
    class Two(Claiming):
        def claims(self, job, node):  # type: ignore[no-untyped-def]
            yield from Claiming("compose", {"port:*:80/tcp": "a"}, owner="a").claims(job, node)
            yield from Claiming("compose", {"port:127.0.0.1:80/tcp": "b"}, owner="b").claims(job, node)

    assert [found.code for found in judge(Two("compose", {}))] == ["STM701"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("file:/etc/motd", "file:/etc/./x/../motd"),
        ("file:/etc/motd", "file://etc/motd"),
        ("file:~/x", "file:/home/owner/x"),
        ("file:~/x", "file:~owner/x"),
        ("file:~guest/x/y", "file:/home/guest/x/y"),
        ("file:~root/x", "file:/root/x"),
        ("file:~/", "file:/home/owner"),
        ("port:0.0.0.0:80/tcp", "port:127.0.0.1:80/tcp"),
        ("port::80/tcp", "port:127.0.0.1:80/tcp"),
        ("port:*:80/tcp", "port:[::1]:80/tcp"),
        ("port:*:80/tcp", "port:127.0.0.1:80"),
        ("port:[::]:80/tcp", "port:[fd00::1]:80"),
        ("port:[::1]:80/tcp", "port:[0:0:0:0:0:0:0:1]:80"),
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
        ("port:0.0.0.0:80/tcp", "port:[::1]:80/tcp", "owner"),
        ("unit:web", "container:web", "owner"),
    ],
)
def test_other_resources_do_not(one: str, other: str, user: str) -> None:
    assert not resource_of(one, user).meets(resource_of(other, user))


def both(one: Case, other: Case) -> tuple[Finding, ...]:
    return judge(
        Claiming("ansible", {f"file:{one[0]}": "ansible/site.yml"}, extent=one[1]),
        Claiming("files", {f"file:{other[0]}": "dotfiles/m"}, extent=other[1]),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("/etc/foo", Extent.WHOLE), ("/etc/foo/bar", Extent.WHOLE)),
        (("/etc/foo/bar", Extent.PART), ("/etc/foo", Extent.WHOLE)),
        (("/etc/foo", Extent.PART), ("/etc/foo", Extent.WHOLE)),
        (("/etc/foo", Extent.DIRECTORY), ("/etc/foo", Extent.WHOLE)),
        (("/opt/app", Extent.FILLED), ("/opt/app", Extent.WHOLE)),
        (("/home", Extent.TREE), ("~guest/.bashrc", Extent.WHOLE)),
        (("/home/guest/.vim", Extent.GONE), ("~guest/.vim/vimrc", Extent.LINK)),
        (("/opt/old", Extent.GONE), ("/opt/old", Extent.DIRECTORY)),
        (("/opt/app", Extent.EITHER), ("/opt/app", Extent.WHOLE)),
        (("~root/x", Extent.WHOLE), ("/root/x/y", Extent.DIRECTORY)),
        (("/etc/x", Extent.LINK), ("/etc/x", Extent.LINK)),
    ],
)
def test_what_cannot_hold_together_is_an_error(one: Case, other: Case) -> None:
    assert [finding.code for finding in both(one, other)] == ["STM701"]
    assert [finding.code for finding in both(other, one)] == ["STM701"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("/opt/app", Extent.FILLED), ("/opt/app/.env", Extent.WHOLE)),
        (("/opt/app", Extent.LINK), ("/opt/app/.env", Extent.WHOLE)),
        (("/usr/local/bin", Extent.EITHER), ("/usr/local/bin/tool", Extent.WHOLE)),
        (("/opt/app", Extent.FILLED), ("/opt/app", Extent.FILLED)),
        (("/opt/app", Extent.LINK), ("/opt/app", Extent.FILLED)),
    ],
)
def test_what_perhaps_cannot_is_a_note(one: Case, other: Case) -> None:
    (found,) = both(one, other)

    assert (found.code, found.severity) == ("STM703", Severity.NOTE)
    assert str(found.place) == "dotfiles/m:1" and "ansible/site.yml:1" in found.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("/opt/app", Extent.DIRECTORY), ("/opt/app/.env", Extent.WHOLE)),
        (("/opt/app", Extent.DIRECTORY), ("/opt/app", Extent.DIRECTORY)),
        (("/opt/app", Extent.DIRECTORY), ("/opt/app", Extent.FILLED)),
        (("/opt/app", Extent.TREE), ("/opt/application", Extent.WHOLE)),
        (("/opt/old", Extent.GONE), ("/opt/old/x", Extent.GONE)),
    ],
)
def test_what_two_may_share_is_fine(one: Case, other: Case) -> None:
    assert both(one, other) == both(other, one) == ()


def test_a_path_in_another_one_names_both() -> None:
    (found,) = both(("/etc/foo", Extent.GONE), ("/etc/foo/bar", Extent.WHOLE))

    assert found.message == (
        "file:/etc/foo/bar: files writes it here, and ansible removes file:/etc/foo at ansible/site.yml:1, on one, two"
    )


@pytest.mark.parametrize(
    ("pattern", "meets"),
    [("~/.old*", True), ("~/.*", True), ("~/**/rc", True), ("~/.olde", False), ("~/*/.old-rc", False)],
)
def test_a_pattern_means_what_matches_and_lies_below(pattern: str, meets: bool) -> None:
    found = judge(
        Claiming("chezmoi", {f"file:{pattern}": "d/.chezmoiremove"}, extent=Extent.GONE, is_pattern=True),
        Claiming("ansible", {"file:~/.old-rc/rc": "site.yml"}),
    )

    assert [finding.code for finding in found] == (["STM701"] if meets else [])


def test_a_directory_spares_what_it_says() -> None:
    exact = Claiming("chezmoi", {"file:~/.d": "d/exact_dot_d"}, extent=Extent.TREE, sparing=("~/.d/sub",))

    assert judge(exact, Claiming("ansible", {"file:~/.d/sub/x": "site.yml"})) == ()
    assert [found.code for found in judge(exact, Claiming("ansible", {"file:~/.d/subway": "a"}))] == ["STM701"]


def test_a_condition_makes_a_note_of_it_once_for_every_task() -> None:
    (found,) = judge(
        Claiming("ansible", {"file:/etc/a": "site.yml", "file:/etc/b": "site.yml"}, certainty=Certainty.POSSIBLE),
        Claiming("files", {"file:/etc/a": "dotfiles/a", "file:/etc/b": "dotfiles/b"}),
    )

    assert (found.code, found.severity) == ("STM703", Severity.NOTE)
    assert found.message == (
        "file:/etc/a: may have two owners: files here and ansible at site.yml:1, and so may 1 more of files, "
        "on one, two"
    )
    assert [str(place) for place in found.also] == ["site.yml:1", "dotfiles/b:1"]


def test_what_is_unknown_is_one_note_and_meets_nothing() -> None:
    places = {f"file:{{{{ x }}}}/{number}": f"ansible/{number}.yml" for number in range(7)}
    (found,) = judge(
        Claiming("ansible", places, certainty=Certainty.UNKNOWN), Claiming("files", {"file:{{ x }}/1": "dotfiles/a"})
    )

    assert (found.code, found.severity, str(found.place)) == ("STM704", Severity.NOTE, "ansible/0.yml:1")
    assert found.message == (
        "file:{{ x }}/0: here and in 6 more places only the node can tell what ansible owns: it is compared with "
        "nothing (ansible/1.yml:1, ansible/2.yml:1, ansible/3.yml:1, ansible/4.yml:1, ansible/5.yml:1, …)"
    )
    assert len(found.also) == 6
