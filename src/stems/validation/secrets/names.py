"""Names of settings: which of them have a secret as their value."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_BEHIND = frozenset({"value", "plain", "plaintext", "prod", "production", "old", "new", "current", "main"})
_HASHES = frozenset({"hash", "hashed", "crypt", "crypted", "bcrypt"})
_PASSWORDS = ("password", "passwd", "passphrase")
_PASSWORD_WORDS = frozenset(
    ["pass", "pwd", "pw", "psk", "passcode", "requirepass", "masterauth", "bindpw", "rootpw", "passwort"]
)  # fmt: skip
_TOKENS = ("token", "secret", "apikey", "secretkey", "authkey", "privatekey", "encryptionkey", "accesskey")
_KEYS = frozenset(
    ["api", "secret", "private", "access", "encryption", "encrypt", "auth", "signing", "sign", "master", "hmac", "jwt",
     "app", "session", "cookie", "admin", "service", "account", "shared", "preshared", "webhook", "storage",
     "wireguard",
     "tailscale", "license", "aes", "join"]
)  # fmt: skip
# What they are about is something that is done with a password, or that there is none.
_ABOUT = frozenset(
    ["update", "no", "ask", "use", "show", "has", "is", "allow", "allowed", "enable", "enabled", "disable", "require",
     "requires", "required", "forgot", "reset", "change", "remember", "need", "needs", "with", "without", "hide",
     "max",
     "min", "random", "generate", "generated", "store", "save", "verify", "validate", "check", "permit", "public",
     "pub",
     "expire", "next", "page", "cancel", "set", "get", "create", "rotate", "confirm", "empty", "reuse"]
)  # fmt: skip


@lru_cache(maxsize=4096)
def secret_kind(name: str) -> str:
    """`password`, `token` or `hash` where a name promises one, nothing otherwise."""
    words = [word.lower() for word in _WORDS.findall(name)]
    is_hash = bool(words) and words[-1] in _HASHES
    if is_hash:
        words.pop()
    while words and (words[-1] in _BEHIND or words[-1].isdigit()):
        words.pop()
    if not words or not _ABOUT.isdisjoint(words):
        return ""
    last = words[-1]
    if last.endswith(_PASSWORDS) or last in _PASSWORD_WORDS:
        return "hash" if is_hash else "password"
    if last.endswith(_TOKENS) or (last == "key" and len(words) > 1 and words[-2] in _KEYS):
        return "" if is_hash else "token"
    return ""
