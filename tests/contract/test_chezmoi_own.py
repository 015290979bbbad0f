"""What the user's own chezmoi is told counts, and is not changed: configuration, data, encryption, secrets."""

from __future__ import annotations

import json

import pytest

from stems.model.observation import Present, Unknown
from stems.tools.chezmoi import tool as chezmoi
from stems.tools.chezmoi.changes import LEADS
from stems.tools.chezmoi.contents import ASKED, ENCRYPTED
from stems.tools.chezmoi.source import read_source
from stems.tools.chezmoi.templated import Ignored
from tests.support.chezmoi import FIRST_RELEASE, Target, adapter, guest, needs_chezmoi, on_node
from tests.support.dotfiles import Files

__all__ = ["adapter", "guest", "on_node"]

pytestmark = needs_chezmoi

SECRET = "hunter2-correct-horse"  # of a test
ODD_NAMES: Files = {
    "dot_bashrc": "x", "private_dot_netrc": "x", "readonly_executable_dot_r": "x", "empty_dot_e": "",
    "create_private_dot_c": "x", "literal_dot_l": "x", "dot_literal_l": "x", "dot_x.tmpl.literal": "x",
    "x.literal.tmpl": "x", "private_empty_executable_all": "x", "executable_private_order": "x",
    "symlink_dot_s": "x\n", "modify_settings.json.py": "print(1)\n", "remove_dot_gone": "",
    "run_once_before_a.sh": "x", "run_onchange_after_b.sh": "x", ".chezmoiscripts/exact_dot_f/run_c.sh": "x",
    "exact_private_dot_d/readonly_f": "x", "exact_private_dot_d/exact_sub/.keep": "",
    "external_dot_v/dot_a": "x", "external_dot_v/.hidden/run_b": "x", ".hidden/x": "x", ".chezmoidata.toml": "",
    ".chezmoitemplates/p": "x", "dot_config/.chezmoiignore": "/a\nb/**\n", "dot_config/a": "x", "dot_config/b/c": "x",
    "dot_config/d": "x", ".chezmoiignore": "*.md\ndocs\n**/*.bak\n!KEEP.md\n{x,y}z # why\n#dot_bashrc\n",
    "README.md": "x", "KEEP.md": "x", "docs/a": "x", "sub/a.bak": "x", "sub/a": "x", "xz": "x",
}  # fmt: skip


def test_names_and_modes_are_read_as_chezmoi_reads_them(adapter: Target) -> None:
    job = adapter.job_of(ODD_NAMES)
    run = f"chezmoi --source {adapter.site.stage}/dotfiles"
    managed = adapter.ask(f"{run} managed --path-style=relative").splitlines()
    entries = [entry for entry in read_source(job).entries if entry.ignored is Ignored.NO]

    assert sorted(entry.target for entry in entries) == sorted(managed)
    dumped = json.loads(adapter.ask(f"{run} dump --format=json --exclude=scripts"))
    modes = {path: each["perm"] for path, each in dumped.items() if "perm" in each}
    assert modes and modes == {each.target: each.attributes.mode & ~0o022 for each in entries if each.target in modes}


@pytest.mark.parametrize("text", ["!keep\n", "*\n!keep\n", "keep/**\n", "[!k]*\n", "**\n", "k**\n!other\n"])
def test_patterns_mean_what_they_mean_to_chezmoi(adapter: Target, text: str) -> None:
    files: Files = {".chezmoiignore": text, "keep/a": "x", "other/a": "x", "dot_z": "x"}
    job = adapter.job_of(files)
    managed = adapter.ask(f"chezmoi --source {adapter.site.stage}/dotfiles managed --path-style=relative").splitlines()

    entries = read_source(job).entries
    assert sorted(entry.target for entry in entries if entry.ignored is Ignored.NO) == sorted(managed)


def test_data_of_the_cluster_wins_over_that_of_the_node_and_that_over_the_sources(adapter: Target) -> None:
    adapter.configure('[data]\nnode_name = "own"\nmine = "yes"\nshared = "config"')
    adapter.variables["tree"] = {"a": 1}
    before = adapter.ask("cat .config/chezmoi/chezmoi.toml")
    files: Files = {
        ".chezmoidata.toml": 'node_name = "data"\nshared = "data"\nonly = "data"\n[tree]\na = 0\nb = 2\n',
        "dot_a.tmpl": "{{ .node_name }} {{ .mine }} {{ .shared }} {{ .only }} {{ .tree.a }} {{ .tree.b }}\n",
    }
    adapter.deployed(files, deployment="1")

    assert adapter.ask("cat .a") == "prtr yes config data 1 2\n"
    assert adapter.ask("cat .config/chezmoi/chezmoi.toml") == before


def test_what_the_configuration_says_of_reports_does_not_count(adapter: Target) -> None:
    adapter.configure(
        'verbose = true\ncolor = true\ndestDir = "/nowhere"\n[status]\npathStyle = "absolute"\nexclude = ["files"]\n'
        '[diff]\ncommand = "false"\npager = "false"\nexclude = ["files"]\nreverse = true\nscriptContents = false'
    )
    files: Files = {"dot_a": "one\n", "run_once_s.sh": "#!/bin/sh\ntrue\n"}
    approved = adapter.deployed(files, deployment="1")

    assert {name: bool(change.diff) for name, change in approved.items()} == {"file:~/.a": True, "script:s.sh": True}
    assert adapter.previewed(files) == {} and adapter.ask("cat .a") == "one\n"


def test_a_link_into_the_source_leads_to_the_checkout(adapter: Target) -> None:
    """With .chezmoiroot, too; what a template writes of the path beside it is the same one."""
    checkout = f"{adapter.site.checkout}/dotfiles"
    files: Files = {
        "symlink_dot_vimrc.tmpl": "{{ .chezmoi.sourceDir }}/vimrc\n", "vimrc": "x\n",
        "dot_a.tmpl": "{{ .chezmoi.sourceDir }} {{ .chezmoi.workingTree }} {{ .chezmoi.homeDir }}\n",
    }  # fmt: skip
    adapter.deployed(files, deployment="1")
    written = f"{checkout} {adapter.site.checkout} {adapter.home}\n"
    assert adapter.ask("readlink .vimrc; cat .a") == f"{checkout}/vimrc\n{written}"
    assert set(adapter.previewed({**files, "dot_b": "b\n"})) == {"file:~/.b"}

    below: Files = {".chezmoiroot": "home\n", **{f"home/{name}": content for name, content in files.items()}}
    adapter.deployed(below, deployment="2")
    assert adapter.ask("readlink .vimrc") == f"{checkout}/home/vimrc\n"


def test_where_a_template_reads_the_source_the_path_is_the_real_one(adapter: Target) -> None:
    files: Files = {
        "symlink_dot_vimrc.tmpl": "{{ .chezmoi.sourceDir }}/vimrc\n", "vimrc": "x\n",
        "dot_a.tmpl": '{{ include (joinPath .chezmoi.sourceDir "vimrc") }}',
    }  # fmt: skip
    approved = adapter.deployed(files, deployment="1")

    assert adapter.ask("cat .a") == "x\n" and approved["link:~/.vimrc"].note == LEADS


def test_an_empty_file_removes_its_target(adapter: Target) -> None:
    adapter.ask("echo mine >.a; echo mine >.b")
    files: Files = {"dot_a": "", "dot_b": " \n", "empty_dot_c": ""}
    approved = adapter.deployed(files, deployment="1")

    actions = {name: change.action for name, change in approved.items()}
    assert actions == {"file:~/.a": "remove", "file:~/.b": "remove", "file:~/.c": "create"}
    assert adapter.ask("ls -d .a .b .c 2>/dev/null || true") == ".c\n"


def test_what_hooks_write_is_no_answer(adapter: Target) -> None:
    says = 'command = "echo"\nargs = [" M .hooked"]'
    names = ("read-source-state.pre", "read-source-state.post", "status.post", "diff.post", "apply.pre", "apply.post")
    adapter.configure("\n".join(f"[hooks.{name}]\n{says}" for name in names))
    files: Files = {"dot_a": "one\n", "dot_b": "two\n"}

    assert set(adapter.deployed(files, deployment="1")) == {"file:~/.a", "file:~/.b"}
    assert adapter.previewed(files) == {}
    adapter.ask("echo mine >>.a")
    (edited,) = adapter.previewed(files).values()
    assert edited.by_hand and edited.diff.endswith(" one\n-mine\n")
    assert list(chezmoi.restore(adapter.job_of(files, "1"), adapter.site)) == [
        f"{adapter.home}/.a: changed since, left as it is"
    ]


def test_prompts_of_the_configuration_are_not_waited_for(adapter: Target) -> None:
    adapter.configure("interactive = true\nlessInteractive = true")
    files: Files = {"dot_a": "one\n", "run_b.sh": "#!/bin/sh\necho ran >>~/ran\n"}
    for number in "12":
        adapter.deployed(files, deployment=number)

    assert adapter.ask("cat .a ran") == "one\nran\nran\n"


def test_a_template_of_the_configuration_is_a_note_and_makes_none(adapter: Target) -> None:
    files: Files = {"dot_a": "a\n", ".chezmoi.toml.tmpl": '[data]\nmail = {{ promptString "mail" | quote }}\n'}
    answer = adapter.answer(files)

    assert isinstance(answer, Present) and any("dotfiles init`" in note for note in answer.value.notes)
    adapter.deployed(files, deployment="1")
    assert adapter.ask("ls -A .config/chezmoi") == "chezmoistate.boltdb\n"


def test_a_node_without_configuration_is_told_what_makes_one(adapter: Target) -> None:
    files: Files = {"dot_a.tmpl": "{{ .mail }}\n", ".chezmoi.toml.tmpl": '[data]\nmail = "a@b"\n'}
    answer = adapter.answer(files)

    assert isinstance(answer, Unknown)
    adapter.ask(answer.error.remedy.split("`")[1])
    assert adapter.deployed(files, deployment="1") and adapter.ask("cat .a") == "a@b\n"


def test_what_is_encrypted_is_written_and_never_shown(adapter: Target) -> None:
    adapter.encrypting()
    sealed = adapter.ask(f"echo {SECRET} | chezmoi encrypt")
    files: Files = {"encrypted_private_dot_key.age": sealed, "run_once_encrypted_x.sh": "#!/bin/sh\n"}
    approved = adapter.deployed(files, deployment="1")

    assert adapter.ask("cat .key; stat -c %a .key") == f"{SECRET}\n600\n"
    adapter.ask(f"echo {SECRET}2 >>.key")
    shown = [*approved.values(), *adapter.previewed(files).values()]
    assert approved["file:~/.key"].note == ENCRYPTED
    assert SECRET not in json.dumps([change.to_json() for change in shown])


@pytest.mark.parametrize("text", ['{{ output "cat" .path }}', "{{ secret .path }}", "{{ include .path | decrypt }}"])
def test_what_a_template_asks_for_is_never_shown(adapter: Target, text: str) -> None:
    adapter.ask(f"echo {SECRET} >kept")
    adapter.configure('[secret]\ncommand = "cat"')
    adapter.variables["path"] = f"{adapter.home}/kept"
    answer = adapter.answer({"dot_a.tmpl": f"{text}\n"})

    if isinstance(answer, Present):
        (change,) = answer.value.changes
        assert (change.diff, change.note) == ("", ASKED)
    assert SECRET not in repr(answer)


def test_an_archive_is_one_change_and_comes_and_goes_whole(adapter: Target) -> None:
    files: Files = {".chezmoiexternal.toml.tmpl": (
        '[".zsh"]\ntype = "archive"\nexact = true\nurl = "file://{{ .chezmoi.homeDir }}/zsh.tar"\n'
    )}  # fmt: skip
    adapter.ask("mkdir -p made/sub && echo 1 >made/a && echo 1 >'made/sub/b c' && tar cf zsh.tar -C made .")
    assert set(adapter.deployed(files, deployment="1")) == {"external:~/.zsh"}
    first = adapter.photograph()
    assert adapter.ask("cat .zsh/a '.zsh/sub/b c'") == "1\n1\n" and adapter.previewed(files) == {}

    adapter.ask("cp zsh.tar kept.tar; rm -r made/sub; echo 2 >made/a; echo 2 >made/new; tar cf zsh.tar -C made .")
    approved = adapter.deployed(files, deployment="2")
    assert set(approved) == {"external:~/.zsh"} and adapter.previewed(files) == {}
    assert list(chezmoi.restore(adapter.job_of(files, "2"), adapter.site)) == []
    adapter.ask("mv kept.tar zsh.tar; mkdir -p made/sub; echo 1 >made/a; echo 1 >'made/sub/b c'; rm made/new")
    assert adapter.photograph() == first and adapter.previewed(files) == {}

    adapter.ask("echo mine >>.zsh/a")
    (edited,) = adapter.previewed(files).values()
    assert edited.by_hand
    adapter.deployed(files, deployment="3")
    assert adapter.photograph() == first
    assert list(chezmoi.restore(adapter.job_of(files, "1"), adapter.site)) == []
    assert ".zsh" not in adapter.ask("ls -A").split()


def test_a_repository_is_cloned_once_and_not_pulled_unseen(adapter: Target) -> None:
    adapter.ask("git init -q repo && cd repo && git config user.email a@b && git config user.name a")
    adapter.ask("cd repo && echo 1 >a && git add a && git commit -qm one")
    external = f'[".plugin"]\ntype = "git-repo"\nurl = "file://{adapter.home}/repo"\nrefreshPeriod = "1ns"\n'
    files: Files = {".chezmoiexternal.toml": external, **FIRST_RELEASE}
    approved = adapter.deployed(files, deployment="1")
    assert "external:~/.plugin" in approved and adapter.ask("cat .plugin/a") == "1\n"

    adapter.ask("cd repo && echo 2 >a && git commit -qam two")
    assert set(adapter.deployed({**files, "dot_newer": "new\n"}, deployment="2")) == {"file:~/.newer"}
    assert adapter.ask("cat .plugin/a .newer") == "1\nnew\n"
    for number in "21":
        assert list(chezmoi.restore(adapter.job_of(files, number), adapter.site)) == []
    assert ".plugin" not in adapter.ask("ls -A").split()


def test_a_repository_comes_again_after_it_was_taken_back_or_removed(adapter: Target) -> None:
    """With the period that most have, none: chezmoi then clones once, and remembers it."""
    adapter.ask("git init -q repo && cd repo && git config user.email a@b && git config user.name a")
    adapter.ask("cd repo && echo 1 >a && git add a && git commit -qm one")
    external = f'[".config/deep/plugin"]\ntype = "git-repo"\nurl = "file://{adapter.home}/repo"\n'
    files: Files = {".chezmoiexternal.toml": external, **FIRST_RELEASE}
    adapter.deployed(files, deployment="1")
    assert list(chezmoi.restore(adapter.job_of(files, "1"), adapter.site)) == []
    assert adapter.ask("ls -d .config/deep 2>/dev/null || true") == ""

    adapter.deployed(files, deployment="2")
    assert adapter.ask("cat .config/deep/plugin/a") == "1\n" and adapter.previewed(files) == {}
    adapter.ask("rm -rf .config/deep/plugin")
    (lost,) = adapter.previewed(files).values()
    assert (lost.resource, lost.by_hand) == ("external:~/.config/deep/plugin", True)
    adapter.deployed(files, deployment="3")
    assert adapter.ask("cat .config/deep/plugin/a") == "1\n" and adapter.previewed(files) == {}


def test_one_approved_external_pulls_no_other(adapter: Target) -> None:
    for name in ("one", "two"):
        adapter.ask(f"git init -q {name} && cd {name} && git config user.email a@b && git config user.name a")
        adapter.ask(f"cd {name} && echo 1 >a && git add a && git commit -qm one")
    about = f'type = "git-repo"\nrefreshPeriod = "1ns"\nurl = "file://{adapter.home}'
    first = f'[".one"]\n{about}/one"\n'
    adapter.deployed({".chezmoiexternal.toml": first, "dot_a": "a\n"}, deployment="1")

    adapter.ask("cd one && echo 2 >a && git commit -qam two")
    files: Files = {".chezmoiexternal.toml": f'{first}[".two"]\n{about}/two"\n', "dot_a": "a\n"}
    assert set(adapter.deployed(files, deployment="2")) == {"external:~/.two"}
    assert adapter.ask("cat .one/a .two/a") == "1\n1\n"
