"""Telling people who are not at the terminal: Apprise when it is installed, a plain JSON POST otherwise."""

from __future__ import annotations

import importlib.util
import json
import os
import urllib.request
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit, urlunsplit

VARIABLE = "STEMS_ALERTS"
"""More addresses, separated by spaces: those that hold a token do not belong into Git."""

TIMEOUT = 10.0
_PLAIN = {"json": "http", "jsons": "https"}


def addresses(declared: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*declared, *os.environ.get(VARIABLE, "").split()]))


def send(urls: Sequence[str], *, title: str, body: str) -> tuple[str, ...]:
    """Send to every address. Returns the kinds of address (never the address: it may hold a token) that failed."""
    return tuple(kind(url) for url in urls if not _is_sent(url, title=title, body=body))


def kind(url: str) -> str:
    try:
        return urlsplit(url).scheme or "address without a scheme"
    except ValueError:
        return "address that is no URL"


def _is_sent(url: str, *, title: str, body: str) -> bool:
    deliver = _notify if importlib.util.find_spec("apprise") else _post
    try:
        return deliver(url, title=title, body=body)
    except Exception:  # noqa: BLE001  # whatever a receiver does, it must not take the place of what it is told
        return False


def _notify(url: str, *, title: str, body: str) -> bool:
    import apprise  # noqa: PLC0415  # the extra `stems-cluster[alerts]`, and slow to import

    target = apprise.Apprise()
    return bool(target.add(url) and target.notify(title=title, body=body))


def _post(url: str, *, title: str, body: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme not in _PLAIN:
        return False
    target = urlunsplit(parts._replace(scheme=_PLAIN[parts.scheme]))
    content = json.dumps({"version": "1.0", "title": title, "message": body, "type": "failure"}).encode()
    request = urllib.request.Request(target, content, {"Content-Type": "application/json"})  # noqa: S310  # scheme is checked
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310  # scheme is checked
        return bool(200 <= answer.status < 300)
