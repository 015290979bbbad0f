"""What only the node may know is not in a change: neither content, nor a digest that could be guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.tools.chezmoi.contents import ASKED, PRIVATE
from stems.tools.chezmoi.tool import apply
from tests.support.dotfiles import Files
from tests.unit.tools.chezmoi.replay import SCRIPT, Replay, bashrc, only, remembers
from tests.unit.tools.chezmoi.test_blocks import GONE, NEW


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    return Replay(tmp_path).install()


def test_an_encrypted_file_is_not_shown(node: Replay) -> None:
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW)
    change = only(node, node.job({"dot_config/encrypted_private_a b.age": "x"}))

    assert change.diff == "" and "encrypted" in change.note


@pytest.mark.parametrize(
    "files",
    [
        {"dot_config/private_a b.tmpl": '{{ (bitwarden "item" "x").login.password }}'},
        {"dot_config/private_a b.tmpl": 'key: {{ $x := pass "a" }}{{ $x }}'},
        {"dot_config/private_a b.tmpl": '{{ output "op" "read" "x" | trim }}'},
        {"dot_config/private_a b.tmpl": '{{- includeTemplate "x" . }}', ".chezmoitemplates/x": "{{ passRaw .y }}"},
        {"dot_config/private_a b.tmpl": '# chezmoi:template:left-delimiter=[[\n[[ secret "x" }}'},
    ],
)  # fmt: skip
def test_what_a_template_asks_a_password_manager_for_is_not_shown(node: Replay, files: Files) -> None:
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW)
    change = only(node, node.job(files))

    assert (change.diff, change.note, bool(change.after)) == ("", ASKED, True)


@pytest.mark.parametrize("text", ["{{ .pass }} bitwarden", '{{ "pass" }}', '{{ template "x" }}', "{{ passage }}"])
def test_another_template_is_shown(node: Replay, text: str) -> None:
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW)

    assert "+one" in only(node, node.job({"dot_config/private_a b.tmpl": text, ".chezmoitemplates/x": "y"})).diff


def test_a_script_that_asks_for_a_secret_is_not_shown(node: Replay) -> None:
    node.says("status", " R a.sh\n")
    node.says("diff", SCRIPT)
    change = only(node, node.job({"run_once_a.sh.tmpl": "{{ vault .x }}"}))

    assert change.diff == "" and change.note == f"runs once, effect not predictable; {ASKED}"


def test_a_digest_tells_nothing_without_the_nodes_key(node: Replay) -> None:
    job = bashrc(node)
    first = only(node, job)
    (Path(node.site.state) / "key").write_text("another key\n")

    assert only(node, job).after != first.after
    assert only(node, job).identity == only(node, job).identity


def test_what_a_script_said_before_it_failed_is_redacted(node: Replay) -> None:
    said = "trying\nDB_PASSWORD=hunter2-correct\nchezmoi: a.sh: exit status 3\n"
    node.says("apply", err=said, code=1)

    with pytest.raises(ToolError) as raised:
        apply(node.job({"run_a.sh": "x"}, deployment="1"), node.site, ())
    assert raised.value.problem == "red: a.sh: exit status 3"
    assert "DB_PASSWORD" in raised.value.said and "hunter2" not in raised.value.said


@pytest.mark.parametrize(("mode", "note"), [(0o600, PRIVATE), (0o400, PRIVATE), (0o640, ""), (0o644, "")])
def test_a_private_file_that_goes_is_not_shown(node: Replay, mode: int, note: str) -> None:
    """It may be one that was encrypted in the source, which has it no more; a diff shows 644 for 600."""
    (node.home / ".old").write_text("x\n")
    (node.home / ".old").chmod(mode)
    remembers(node, ".old")
    node.says("status", " D .old\n")
    node.says("diff", GONE)
    change = only(node, node.job({"dot_a": "a", ".chezmoiremove": ".old\n"}))

    assert (change.note, change.diff == "", bool(change.before)) == (note, bool(note), True)
