"""Which text only somebody with a key can read: Ansible's vault, age, gpg, SOPS, or chezmoi with either."""

from __future__ import annotations

import re
from posixpath import basename

VAULT = "$ANSIBLE_VAULT;"
_STARTS = (
    VAULT,
    "-----BEGIN AGE ENCRYPTED FILE-----",
    "age-encryption.org/v1",
    "-----BEGIN PGP MESSAGE-----",
)
_NAMES = (".age", ".gpg", ".asc", ".pgp")
_SOPS = re.compile(r"""^(?:sops:(?:\s|$)|[ \t]*"sops":\s*\{|\[sops\]|sops_mac=)""", re.MULTILINE)


def is_encrypted(path: str, text: str) -> bool:
    name = basename(path)
    return (
        name.endswith(_NAMES)
        or "encrypted_" in name
        or text.startswith(_STARTS)
        or ("sops" in text and "ENC[" in text and _SOPS.search(text) is not None)
    )
