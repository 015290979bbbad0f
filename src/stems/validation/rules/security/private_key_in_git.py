"""A private key that everybody with the repository has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM600"

_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ"
_NEW_LINE = r"(?:\r?\n|\\n)[ \t]*"
_KEY = re.compile(
    rf"-----BEGIN (?:(?:RSA |EC |DSA )?PRIVATE KEY-----{_NEW_LINE}[A-Za-z0-9+/]{{40}}"
    # The head of a key of OpenSSH that no passphrase protects.
    rf"|OPENSSH PRIVATE KEY-----{_NEW_LINE}b3BlbnNzaC1rZXktdjEAAAAABG5vbmU)"
    r"|\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b"
    # The same as base64, in configuration of Kubernetes.
    r"|\bLS0tLS1CRUdJTi(?:BSU0EgUFJJVkFURS|BQUklWQVRFI|BFQyBQUklWQVRF|BPUEVOU1NIIF)[A-Za-z0-9+/=]{40}"
    r"|PuTTY-User-Key-File-\d: [\w-]+\r?\nEncryption: none"
)
_SIGNS = ("PRIVATE KEY", "LS0tLS1CRUdJTi", "AGE-SECRET-KEY", "PuTTY-User-Key")

PAGE = Page(
    checks="""Private keys in files of the repository: of SSH, TLS and age, also inside YAML and JSON. Encrypted
ones, public keys, placeholders and documentation are not meant.""",
    why="""Git keeps what was ever committed: whoever has a clone, a backup or the forge's account has the key, and
taking the file out again does not change that. Keys for deploying and for backups are found like this every day.""",
    instead="""Make a new key and take the old one out of use first: it is known. Then remove the file, let Git
ignore it, and write the new one on the node, or keep it encrypted.""",
    bad={"ansible/files/deploy_key": f"-----BEGIN PRIVATE KEY-----\n{_BODY}\n-----END PRIVATE KEY-----\n"},
    good={"ansible/files/deploy_key.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample me@gate\n"},
    also_bad=(
        {"ansible/files/tls.yml": f"key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  {_BODY}\n"},
        {"files/account.json": f'{{"private_key": "-----BEGIN PRIVATE KEY-----\\n{_BODY}\\n"}}\n'},
        {"kube/config": f"users:\n- user:\n    client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt{'Q' * 60}\n"},
        {"files/key.txt": f"# created: 2026-01-01\nAGE-SECRET-KEY-1{'Q' * 58}\n"},
        {"files/id": f"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU{'A' * 40}\n"},
    ),
    also_good=(
        # With a passphrase: the cipher is aes256-ctr.
        {"files/id": f"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHI{'A' * 40}\n"},
        {"files/id": f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{_BODY}\n"},
        {"files/id": f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{_BODY}\n"},
        {"kube/config": f"- cluster:\n    certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0t{'Q' * 60}\n"},
        {"files/id.j2": "-----BEGIN PRIVATE KEY-----\n{{ deploy_key }}\n-----END PRIVATE KEY-----\n"},
        {"docs/keys.md": f"It looks so:\n\n    -----BEGIN PRIVATE KEY-----\n    {_BODY}\n"},
        {"files/check.sh": "grep -q 'BEGIN PRIVATE KEY-----' \"$1\"\n"},
        {
            "files/deploy_key": f"-----BEGIN PRIVATE KEY-----\n{_BODY}\n",
            ".gitattributes": "files/* filter=git-crypt diff=x\n",
        },
        {"files/secret.age": "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBabVpt\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        # Most files have none of these, which is seen sooner than that they do not match.
        if any(sign in file.text for sign in _SIGNS) and not (file.is_documentation or file.is_encrypted):
            yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    found = _KEY.search(file.text)
    if found:
        remedy = "make a new key, take this one out of use, then remove the file"
        yield Finding(CODE, file.at(found.start()), "a private key, and no passphrase protects it", remedy)


RULE = Rule(CODE, "private-key-in-git", Stage.SECURITY, Principle.P4, PAGE, check)
