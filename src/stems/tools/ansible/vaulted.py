"""The values that come out of a vault during a run, so that nothing that holds one is shown.

The callback plugin loads this file by its path, into the Python of Ansible: it imports nothing of stems.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

REDACTED = "‹redacted›"  # noqa: RUF001  # as stems writes it
_SHORTEST = 4
_NEVER = frozenset({"true", "false", "none", "null", "yes", "no", "on", "off", "present", "absent"})
# Their classes differ between ansible-core 2.15 and later ones; their names do not lie.
_ENCRYPTED = frozenset({"EncryptedString", "AnsibleVaultEncryptedUnicode"})


class Vaulted:
    """What was decrypted so far. `is_blind` says that something was which could not be seen."""

    def __init__(self) -> None:
        self.is_blind = False
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, value: object) -> None:
        """Every text below a value."""
        before = len(self._values)
        for text in _texts(value):
            # Of a text with many lines one may be used alone, or each be indented.
            self._values |= {part for part in (text.strip(), *map(str.strip, text.splitlines())) if _counts(part)}
        if len(self._values) != before:
            ordered = sorted(self._values, key=len, reverse=True)
            self._pattern = re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in ordered))

    def learn_file(self, text: str) -> None:
        """The values of a decrypted file: of variables, or as it is."""
        try:
            found = yaml.load(text, _Loader)  # noqa: S506  # a safe loader that knows no tag
        except yaml.YAMLError:
            found = text
        # Any other text is a YAML scalar, too, with its lines folded.
        self.learn(found if isinstance(found, Mapping | list) else text)

    def learn_of(self, ask: Callable[[], object]) -> None:
        """The same of variables that are only now asked for. Without an answer, anything may be a secret."""
        try:
            variables = ask()
        except Exception:  # noqa: BLE001  # Ansible raises many kinds, and goes on to say them itself
            self.is_blind = True
        else:
            self.learn_encrypted(variables)

    def learn_encrypted(self, variables: object) -> None:
        """The values below variables that are encrypted one by one; decrypts them."""
        try:
            for value in _encrypted(variables):
                self.learn(str(value))
        except Exception:  # noqa: BLE001  # whatever Ansible raises for a vault that it cannot open
            self.is_blind = True

    def is_in(self, value: object) -> bool:
        """Whether something decrypted is in a text or below a value."""
        return self.is_blind or any(self._pattern is not None and self._pattern.search(text) for text in _texts(value))

    def without(self, value: Any) -> Any:
        """The same value, redacted."""
        if isinstance(value, Mapping):
            return {key: self.without(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.without(inner) for inner in value]
        if isinstance(value, str) and self._pattern is not None:
            return self._pattern.sub(REDACTED, value)
        return value


def watch(vaulted: Vaulted) -> None:
    """See what Ansible decrypts in this process from now on."""
    from ansible.parsing.vault import VaultLib  # noqa: PLC0415  # only the Python of Ansible has it

    decrypt = VaultLib.decrypt

    def seen(self: Any, *arguments: Any, **named: Any) -> Any:
        plain = decrypt(self, *arguments, **named)
        vaulted.learn_file(plain.decode("utf-8", "replace") if isinstance(plain, bytes) else str(plain))
        return plain

    VaultLib.decrypt = seen


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_multi_constructor("!", lambda loader, _, node: getattr(node, "value", ""))


def _counts(text: str) -> bool:
    return len(text) >= _SHORTEST and text.lower() not in _NEVER


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _encrypted(value: object) -> Iterator[object]:
    if type(value).__name__ in _ENCRYPTED:
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _encrypted(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _encrypted(inner)
