"""chezmoi keeps the promises of a tool on a real node, for the SSH user and for another account."""

from __future__ import annotations

import pytest

from stems.errors import ToolError
from stems.model.change import Risk
from stems.model.observation import Present, Unknown
from stems.tools.chezmoi import tool as chezmoi
from stems.tools.chezmoi.failure import CONFLICT
from tests.contract.suite import FIRST, SECOND, ToolSuite, changes, deploy, predictable
from tests.support.chezmoi import Target, adapter, guest, needs_chezmoi, on_node
from tests.support.dotfiles import Files

__all__ = ["adapter", "guest", "on_node"]

pytestmark = needs_chezmoi


class Suite(ToolSuite):
    def test_a_preview_leaves_the_configuration_and_what_chezmoi_remembers(self, adapter: Target) -> None:
        """The photographs leave them out: a deployment changes them, and taking back does not undo all of it."""
        listed = "find .config/chezmoi 2>/dev/null | LC_ALL=C sort | xargs -r stat -c '%F %a %Y %n'"
        look = f"{listed}; cat .config/chezmoi/* 2>/dev/null | sha256sum"
        before = adapter.ask(look)
        assert changes(adapter, FIRST) and adapter.ask(look) == before

        deploy(adapter, FIRST, deployment="1")
        deployed = adapter.ask(look)
        assert deployed != before and changes(adapter, SECOND) and adapter.ask(look) == deployed


class TestChezmoi(Suite):
    pass


class TestForAnotherAccount(Suite):
    @pytest.fixture
    def adapter(self, guest: Target) -> Target:
        return guest


def test_modes_are_those_of_the_names(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")

    assert adapter.ask("stat -c '%a %n' .bashrc bin bin/run .config .config/app/settings") == (
        "644 .bashrc\n755 bin\n755 bin/run\n700 .config\n644 .config/app/settings\n"
    )


def test_what_others_write_into_a_created_file_stays(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")
    adapter.ask("echo more >>.local-only")

    assert changes(adapter, FIRST) == ()
    deploy(adapter, SECOND, deployment="2")
    assert adapter.ask("cat .local-only") == "mine\nmore\n"


def test_what_others_write_into_a_modified_file_stays(adapter: Target) -> None:
    """And its script is looked through for the plan: it runs, and changes nothing."""
    adapter.ask("printf 'a = 0\\nb = 2\\n' >settings")
    files: Files = {"modify_settings": "#!/bin/sh\nsed 's/^a = .*/a = 1/'\n"}
    (change,) = adapter.deployed(files, deployment="1").values()

    assert (change.resource, "-a = 0\n+a = 1" in change.diff) == ("file:~/settings", True)
    adapter.ask("echo 'c = 3' >>settings")
    assert adapter.previewed(files) == {}
    assert adapter.ask("cat settings") == "a = 1\nb = 2\nc = 3\n"


def test_a_file_that_was_there_is_shown_as_destructive(adapter: Target) -> None:
    adapter.ask("echo mine >.bashrc")
    risks = {change.resource: change.risk for change in changes(adapter, FIRST)}

    assert (risks["file:~/.bashrc"], risks["file:~/.old"]) == (Risk.DESTRUCTIVE, Risk.USER)


def test_hand_edits_are_drift_that_somebody_must_give_up(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")
    adapter.ask("echo mine >>.bashrc; chmod 600 'a b'; rm .old; ln -sfn /etc .vimrc")
    drift = {change.resource: (change.action, change.by_hand, change.risk) for change in changes(adapter, FIRST)}

    assert drift == {
        "file:~/.bashrc": ("change", True, Risk.DESTRUCTIVE),
        "file:~/a b": ("change", True, Risk.DESTRUCTIVE),
        "file:~/.old": ("create", True, Risk.USER),
        "link:~/.vimrc": ("change", True, Risk.DESTRUCTIVE),
    }
    deploy(adapter, FIRST, deployment="2")
    assert changes(adapter, FIRST) == ()
    assert adapter.ask("cat .bashrc; stat -c %a 'a b'; cat .old") == "# prtr\nfirst\n644\nold\n"


def test_an_edit_that_came_after_the_plan_stops_the_deployment(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")
    approved = changes(adapter, SECOND)
    adapter.ask("echo mine >>.bashrc")

    with pytest.raises(ToolError) as raised:
        chezmoi.apply(adapter.job(SECOND, deployment="2"), adapter.site, approved)
    assert raised.value.problem == f"prtr: {CONFLICT}"
    assert adapter.ask("cat .bashrc") == "# prtr\nfirst\nmine\n"


def test_an_edit_of_what_was_to_be_overwritten_stops_the_deployment(adapter: Target) -> None:
    """Of a file that chezmoi never wrote, of one that was edited before, and of one that was not there."""
    deploy(adapter, FIRST, deployment="1")
    files: Files = {"dot_a": "a\n", "dot_old": "old\n", "dot_c": "c\n"}
    adapter.ask("echo mine >.a; chmod 600 .a; echo mine >>.old; ln -s /etc/hosts .c")
    approved = list(adapter.previewed(files).values())
    chezmoi.apply(adapter.job_of(files, "2"), adapter.site, approved)
    assert adapter.ask("cat .a .old .c") == "a\nold\nc\n"

    for number, (edit, path) in enumerate(
        {"echo more >>.b": ".b", "echo more >>.old": ".old", "echo d >.d": ".d"}.items()
    ):
        adapter.ask("echo mine >.b; echo mine >.old; rm -f .d")
        files = {"dot_b": "b\n", "dot_old": "old\n", "dot_d": "d's\n"}
        approved = list(adapter.previewed(files).values())
        adapter.ask(edit)
        with pytest.raises(ToolError) as raised:
            chezmoi.apply(adapter.job_of(files, f"3{number}"), adapter.site, approved)
        assert raised.value.problem == f"prtr: {CONFLICT}" and path in raised.value.said


def test_an_approved_conflict_is_not_the_approval_of_another(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")
    adapter.ask("echo mine >>.bashrc; echo mine >>.old")
    approved = [change for change in changes(adapter, FIRST) if change.resource == "file:~/.bashrc"]

    with pytest.raises(ToolError):
        chezmoi.apply(adapter.job(FIRST, deployment="2"), adapter.site, approved)
    assert adapter.ask("cat .bashrc .old") == "# prtr\nfirst\nold\nmine\n"


def test_an_exact_directory_loses_what_it_does_not_know(adapter: Target) -> None:
    """That is shown as destructive, and comes back with what was in it."""
    adapter.ask("mkdir -p .config .d/sub && echo mine >.d/mine && echo deep >.d/sub/deep")
    before = adapter.photograph()
    files: Files = {"exact_dot_d/known": "known\n"}
    approved = adapter.deployed(files, deployment="1")

    assert {name: change.risk for name, change in approved.items() if change.action == "remove"} == {
        "file:~/.d/mine": Risk.DESTRUCTIVE, "dir:~/.d/sub": Risk.DESTRUCTIVE,
    }  # fmt: skip
    assert adapter.ask("ls .d") == "known\n"
    assert list(chezmoi.restore(adapter.job_of(files, "1"), adapter.site)) == []
    assert adapter.photograph() == before


@pytest.mark.parametrize(
    ("name", "runs"), [("run_once_a.sh", "ran\n"), ("run_onchange_a.sh", "ran\n"), ("run_a.sh", "ran\nran\n")]
)
def test_a_script_is_shown_and_runs_as_often_as_its_name_says(adapter: Target, name: str, runs: str) -> None:
    files: Files = {name: "#!/bin/sh\necho ran >>~/ran\n"}
    change = adapter.previewed(files)["script:a.sh"]
    assert (change.risk, "+echo ran" in change.diff) == (Risk.UNKNOWN, True)

    for number in "12":
        adapter.deployed(files, deployment=number)
    assert adapter.ask("cat ran") == runs


def test_that_a_script_ran_once_stays_true_after_taking_back(adapter: Target) -> None:
    files: Files = {"run_once_a.sh": "#!/bin/sh\necho ran >>~/ran\n", "dot_a": "a\n"}
    adapter.deployed(files, deployment="1")

    assert list(chezmoi.restore(adapter.job_of(files, "1"), adapter.site)) == []
    assert set(adapter.previewed(files)) == {"file:~/.a"}


def test_after_taking_back_nothing_looks_edited(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")
    deploy(adapter, SECOND, deployment="2")
    chezmoi.restore(adapter.job(FIRST, deployment="2"), adapter.site)

    assert [change.resource for change in changes(adapter, SECOND) if change.by_hand] == []


def test_a_removed_directory_leaves_no_change_for_ever(adapter: Target) -> None:
    """chezmoi makes it, and removes it again where it is empty."""
    files: Files = {"remove_dot_d/.keep": "", "dot_a": "a\n"}
    adapter.deployed(files, deployment="1")

    assert adapter.previewed(files) == {} and ".d" not in adapter.ask("ls -A").split()


def test_an_unmet_version_says_what_to_do(adapter: Target) -> None:
    """Beside .chezmoiroot, too."""
    answer = adapter.answer({".chezmoiversion": "99.0.0\n", ".chezmoiroot": "home\n", "home/dot_a": "a\n"})

    assert isinstance(answer, Unknown) and "99.0.0" in answer.reason
    assert "upgrade chezmoi on prtr" in answer.error.remedy


def test_an_error_of_a_template_names_it(adapter: Target) -> None:
    answer = adapter.answer({"dot_a.tmpl": "{{ .nowhere }}\n"})

    assert isinstance(answer, Unknown) and "dot_a.tmpl" in answer.reason and "nowhere" in answer.reason


def test_a_foreign_account_sees_nothing_of_the_ssh_user(guest: Target) -> None:
    deploy(guest, FIRST, deployment="1")

    assert predictable(guest, FIRST) == []
    assert isinstance(guest.answer({"dot_a": "a\n"}), Present)
    assert guest.ask("stat -c '%U %a' .bashrc .local/state/stems/contract") == "guest 644\nguest 700\n"
