"""What is encrypted is no leak, and what only speaks of it is not excused."""

from __future__ import annotations

import pytest

from stems.readers.encrypted import is_encrypted


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a", "$ANSIBLE_VAULT;1.1;AES256\n6238\n"),
        ("a", "-----BEGIN AGE ENCRYPTED FILE-----\n"),
        ("a.yml", "a: ENC[AES256_GCM,data:x]\nsops:\n    mac: ENC[x]\n"),
        ("a.json", '{"a": "ENC[x]",\n\t"sops": {\n"mac": "ENC[x]"}}\n'),
        (".env", "A=ENC[x]\nsops_mac=ENC[x]\n"),
        ("home/encrypted_private_dot_netrc", ""),
        ("a.gpg", ""),
    ],
)
def test_encrypted_files_are_recognised(path: str, text: str) -> None:
    assert is_encrypted(path, text)
    assert not is_encrypted("a.txt", "sops is a tool, ENC[ is a sign\n")
