"""What a name in a chezmoi source says: prefixes count in their order only, and each kind has its own."""

from __future__ import annotations

import pytest

from stems.tools.chezmoi.attributes import Kind, directory_attributes, file_attributes


@pytest.mark.parametrize(
    ("name", "target", "kind", "flags"),
    [
        ("dot_bashrc", ".bashrc", Kind.FILE, ""),
        ("dot_bashrc.tmpl", ".bashrc", Kind.FILE, "template"),
        ("plain", "plain", Kind.FILE, ""),
        ("private_dot_netrc", ".netrc", Kind.FILE, "private"),
        ("encrypted_private_readonly_empty_executable_dot_x.tmpl.age", ".x", Kind.FILE,
         "encrypted private readonly empty executable template"),
        ("encrypted_key.asc", "key", Kind.FILE, "encrypted"),
        ("encrypted_key", "key", Kind.FILE, "encrypted"),
        ("key.age", "key.age", Kind.FILE, ""),
        ("executable_private_x", "private_x", Kind.FILE, "executable"),
        ("create_encrypted_private_dot_x", ".x", Kind.CREATE, "encrypted private"),
        ("create_readonly_empty_executable_x", "x", Kind.CREATE, "readonly empty executable"),
        ("modify_private_executable_dot_x", ".x", Kind.MODIFY, "private executable"),
        ("modify_empty_x", "empty_x", Kind.MODIFY, ""),
        ("remove_dot_x", ".x", Kind.REMOVE, ""),
        ("remove_private_x", "private_x", Kind.REMOVE, ""),
        ("symlink_dot_x.tmpl", ".x", Kind.LINK, "template"),
        ("symlink_executable_x", "executable_x", Kind.LINK, ""),
        ("run_a.sh", "a.sh", Kind.SCRIPT, ""),
        ("run_once_before_a.sh.tmpl", "a.sh", Kind.SCRIPT, "once before template"),
        ("run_onchange_after_a.sh", "a.sh", Kind.SCRIPT, "onchange after"),
        ("run_after_once_a.sh", "once_a.sh", Kind.SCRIPT, "after"),
        ("private_run_a.sh", "run_a.sh", Kind.FILE, "private"),
        ("literal_dot_x", "dot_x", Kind.FILE, ""),
        ("run_literal_once_x", "once_x", Kind.SCRIPT, ""),
        ("dot_literal_x", ".literal_x", Kind.FILE, ""),
        ("dot_x.tmpl.literal", ".x.tmpl", Kind.FILE, ""),
        ("x.literal.tmpl", "x", Kind.FILE, "template"),
        ("exact_x", "exact_x", Kind.FILE, ""),
    ],
)  # fmt: skip
def test_a_file_name(name: str, target: str, kind: Kind, flags: str) -> None:
    found = file_attributes(name)

    assert (found.name, found.kind, found.flags) == (target, kind, frozenset(flags.split()))


@pytest.mark.parametrize(
    ("name", "target", "flags"),
    [
        ("dot_config", ".config", ""),
        ("exact_private_dot_ssh", ".ssh", "exact private"),
        ("remove_external_exact_private_readonly_dot_x", ".x", "remove external exact private readonly"),
        ("private_exact_x", "exact_x", "private"),
        ("literal_dot_x", "dot_x", ""),
        ("x.tmpl", "x.tmpl", ""),
    ],
)
def test_a_directory_name(name: str, target: str, flags: str) -> None:
    found = directory_attributes(name)

    assert (found.name, found.kind, found.flags) == (target, Kind.DIR, frozenset(flags.split()))


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("x", 0o666),
        ("executable_x", 0o777),
        ("private_x", 0o600),
        ("private_executable_x", 0o700),
        ("readonly_x", 0o444),
        ("private_readonly_x", 0o400),
        ("readonly_executable_x", 0o555),
    ],
)
def test_the_mode_of_a_file(name: str, mode: int) -> None:
    assert file_attributes(name).mode == mode


@pytest.mark.parametrize(("name", "mode"), [("x", 0o777), ("private_x", 0o700), ("private_readonly_x", 0o500)])
def test_the_mode_of_a_directory(name: str, mode: int) -> None:
    assert directory_attributes(name).mode == mode
