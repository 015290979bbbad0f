"""Values as people write them: what is a placeholder, what a hash, and what looks as if a machine had made it."""

from __future__ import annotations

import math
import re
from collections import Counter
from enum import Enum


class Worth(Enum):
    """What a value is, where a secret is meant."""

    NOTHING = "a placeholder, a reference, or no value"
    WORD = "something that a person chose"
    RANDOM = "something that a machine made"
    HASH = "the hash of a password"


_DULL = re.compile(
    r"change.?(?:me|it|this)|replace|your|xxx|placeholder|example|todo|fixme|insert|redacted|dummy|sample|\bfake|random|generate|"
    r"not.?(?:a.?)?(?:real|secret)|(?:super|my|top)?.?secret.?(?:here|goes)|0{8}|1234567890|abcdefgh|\.\.\.|…|\*\*\*|fill.?(?:me|in)|"
    r"to.?be.?(?:set|written|defined)|set.?me|edit.?me|\benter|unset|undefined",
    re.IGNORECASE,
)
_WEAK = frozenset(
    [
        "password", "passwd", "pass", "passphrase", "pwd", "secret", "secrets", "token", "key", "admin", "root",
        "user",
        "username", "postgres", "mysql", "mariadb", "mongo", "redis", "test", "testing", "default", "guest",
        "demo", "none",
        "null", "nil", "string", "str", "text", "bool", "boolean", "integer", "number", "true", "false", "yes",
        "no", "on",
        "off", "foo", "bar", "foobar", "value", "optional", "required", "never", "always", "auto", "manual",
        "prompt", "ask",
        "on_create", "plain", "plaintext", "basic", "bearer", "file", "env", "hidden", "empty", "disabled",
        "enabled", "any",
        "oauth", "oauth2", "jwt", "static", "internal", "external", "opaque", "readonly", "write", "read", "md5",
        "sha256",
        "scram-sha-256", "bcrypt", "pgpass", "gopass", "keyring", "prohibit-password", "without-password",
        "secretsmanager",
        "masked", "hunter", "vault", "local", "ldap", "pam", "cache", "session", "cookie", "header",
    ]
)  # fmt: skip
_REFERENCE = re.compile(
    r"\$[\w{(]|\{\{|\{%|<%|\[\[|%\(|%\{|^<.*>$|^%\w+%$|^@\w+@$|^__\w+__(?:$|/)|ENC\[|^!|^[|>&*]|`"
    r"|^(?:op|vault|ref\+|env|file|secret|keyring|pass|bws?|doppler|ssm|aws|gcp|awssm|sops|data|var|local|module|lookup|config)"
    r"(?::|\.|\+\w*:)|^/|^\.{1,2}/|^~/|-----BEGIN|(?:os\.environ|process\.env|getenv|secrets\.|inputs\.|vars\.)|^https?://[^@]*$"
)
_NAME_OF = re.compile(
    r"[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+",
)
_ABOUT_SECRETS = re.compile(r"pass|pwd|secret|token|key|cred|auth|vault|cert|psk", re.IGNORECASE)
_HASH = re.compile(
    r"\$(?:1|2[abxy]?|5|6|7|y|gy|argon2\w*|apr1|scrypt|pbkdf2[\w-]*|sha1)\$|\{(?:S?SHA\d*|CRYPT|BCRYPT|ARGON2)\}|"
    r"(?:pbkdf2_sha256|argon2i?d?|scram-sha-256)\$|SCRAM-SHA-256\$|sha(?:1|256|512):[\w+/=:$]{20,}"
)
_PUBLIC = re.compile(r"^(?:ssh-\w+|ecdsa-\S+|sk-ssh\S+)\s|^sha(?:256|512)[-~]|^age1|^MCowBQ|^MFkwEw|^MIIBI")
_MADE = re.compile(r"[A-Za-z0-9+/=_.~!@#$%^&*:?-]+")
_HEX = re.compile(r"[0-9a-f-]+|[0-9A-F-]+")
_SHORTEST, _LONGEST, _SHORTEST_MADE = 4, 400, 16
_ENTROPY = 3.4


def is_dull(value: str) -> bool:
    """Whether it only stands for a value: `changeme`, `xxxx`, `your-token-here`."""
    return _DULL.search(value) is not None or len(set(value.lower())) <= 2


def worth(value: str, *, is_password: bool) -> Worth:
    """What the value of a secret is. `is_password` says that people choose such values themselves."""
    value = value.strip()
    if not _SHORTEST <= len(value) <= _LONGEST or value.lower() in _WEAK or _PUBLIC.match(value):
        return Worth.NOTHING
    if _HASH.match(value):
        return Worth.HASH if not is_dull(value) else Worth.NOTHING
    if is_dull(value) or _REFERENCE.search(value) or _names_a_secret(value):
        return Worth.NOTHING
    if is_random(value):
        return Worth.RANDOM
    return Worth.WORD if _is_chosen(value, is_password=is_password) else Worth.NOTHING


def is_random(value: str) -> bool:
    """Whether a machine made it: long, of several kinds of characters, without words or folders in it."""
    if len(value) < _SHORTEST_MADE or not _MADE.fullmatch(value) or "://" in value:
        return False
    has_digits, has_letters = any(c.isdigit() for c in value), any(c.isalpha() for c in value)
    if not (has_digits and has_letters) or value.count("/") > len(value) / 12 or value.count(".") > 2:
        return False
    if _HEX.fullmatch(value):
        return len(value) >= 20
    digits = sum(c.isdigit() for c in value)
    mixed = any(c.islower() for c in value) and any(c.isupper() for c in value)
    return entropy(value) >= _ENTROPY and (mixed or (len(value) >= 20 and digits >= 4))


def entropy(text: str) -> float:
    """Bits that a character of the text carries."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def _names_a_secret(value: str) -> bool:
    """Whether it is the name of a secret that is elsewhere: `db_password`, `grafana-admin-secret`, `DB_PASSWORD`."""
    return _NAME_OF.fullmatch(value) is not None and _ABOUT_SECRETS.search(value) is not None


def _is_chosen(value: str, *, is_password: bool) -> bool:
    if any(character.isspace() for character in value) or set(value) & set("(){}<>[]\\") or value[0] in "-.*=%+,:/":
        return False
    if is_password:
        return True
    # A token that a person chose cannot be told from a name, unless it has letters and digits in one piece.
    return len(value) >= 12 and value.isalnum() and not value.isalpha() and not value.isdigit()
