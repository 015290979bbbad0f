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
        ("external_x", "external_x", Kind.FILE, ""),
        ("private_encrypted_x.age", "encrypted_x.age", Kind.FILE, "private"),
        ("readonly_private_x", "private_x", Kind.FILE, "readonly"),
        ("empty_readonly_x", "readonly_x", Kind.FILE, "empty"),
        ("private_create_x", "create_x", Kind.FILE, "private"),
        ("create_modify_x", "modify_x", Kind.CREATE, ""),
        ("encrypted_empty_dot_x.age", ".x", Kind.FILE, "encrypted empty"),
        ("encrypted_x.tmpl.asc", "x", Kind.FILE, "encrypted template"),
        ("encrypted_x.age.tmpl", "x.age", Kind.FILE, "encrypted template"),
        ("encrypted_x.age.age", "x.age", Kind.FILE, "encrypted"),
        ("encrypted_x.tmpl.literal.age", "x.tmpl", Kind.FILE, "encrypted"),
        ("dot_x.tmpl.tmpl", ".x.tmpl", Kind.FILE, "template"),
        ("dot_x.literal.literal", ".x.literal", Kind.FILE, ""),
        ("literal_literal_x", "literal_x", Kind.FILE, ""),
        ("dot_dot_x", ".dot_x", Kind.FILE, ""),
        ("executable_dot_x.sh", ".x.sh", Kind.FILE, "executable"),
        ("create_private_readonly_empty_executable_dot_x.tmpl", ".x", Kind.CREATE,
         "private readonly empty executable template"),
        ("modify_encrypted_private_readonly_executable_x.tmpl.age", "x", Kind.MODIFY,
         "encrypted private readonly executable template"),
        ("modify_settings.json.py", "settings.json", Kind.MODIFY, ""),
        ("modify_dot_x.PL.tmpl", ".x", Kind.MODIFY, "template"),
        ("modify_x.sh", "x.sh", Kind.MODIFY, ""),
        ("modify_py", "py", Kind.MODIFY, ""),
        ("remove_encrypted_x", "encrypted_x", Kind.REMOVE, ""),
        ("symlink_private_dot_x", "private_dot_x", Kind.LINK, ""),
        ("symlink_dot_x.literal", ".x", Kind.LINK, ""),
        ("run_encrypted_x.sh", "encrypted_x.sh", Kind.SCRIPT, ""),
        ("run_before_x.py", "x.py", Kind.SCRIPT, "before"),
        ("run_once_onchange_x", "onchange_x", Kind.SCRIPT, "once"),
        ("run_onchange_before_after_x", "after_x", Kind.SCRIPT, "onchange before"),
        ("once_x", "once_x", Kind.FILE, ""),
        ("after_x", "after_x", Kind.FILE, ""),
        ("dot_", ".", Kind.FILE, ""),
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
        ("x.literal", "x.literal", ""),
        ("external_dot_x", ".x", "external"),
        ("external_remove_x", "remove_x", "external"),
        ("exact_external_x", "external_x", "exact"),
        ("readonly_private_x", "private_x", "readonly"),
        ("remove_dot_x", ".x", "remove"),
        ("create_x", "create_x", ""),
        ("encrypted_x", "encrypted_x", ""),
        ("run_x", "run_x", ""),
        ("dot_literal_x", ".literal_x", ""),
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
        ("private_readonly_executable_x", 0o500),
        ("encrypted_private_x.age", 0o600),
        ("create_executable_x", 0o777),
        ("modify_private_x", 0o600),
    ],
)
def test_the_mode_of_a_file(name: str, mode: int) -> None:
    assert file_attributes(name).mode == mode


@pytest.mark.parametrize(("name", "mode"), [("x", 0o777), ("private_x", 0o700), ("private_readonly_x", 0o500)])
def test_the_mode_of_a_directory(name: str, mode: int) -> None:
    assert directory_attributes(name).mode == mode
