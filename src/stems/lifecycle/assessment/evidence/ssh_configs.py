"""Nodes that somebody reaches by a name of an `ssh_config`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import normpath

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength
from stems.model.names import HOST, USER, is_name
from stems.readers.ssh_config import SshBlock, SshConfig, read_ssh_config
from stems.validation.files import File

# `~/.ssh/config` under the names that chezmoi and others give it, and what is included from there.
_FILES = re.compile(
    r"(?:.*/)?(?:(?:\w*_)?(?:\.|dot_)?ssh/(?:(?!sshd)(?:\w*_)?config|conf(?:ig)?\.d/[^/]+)|(?:\w+_)?ssh[_-]config(?:\.d/[^/]+)?)"
    r"(?:\.(?:tmpl|j2|conf|template))?"
)
_FORGES = re.compile(
    r"(?:.*\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|sr\.ht|azure\.com|visualstudio\.com|"
    r"archlinux\.org|huggingface\.co|heroku\.com|gitee\.com|launchpad\.net|sourceforge\.net)",
    re.IGNORECASE,
)
_MOST_FILES = 100


def sightings(look: Look) -> Iterator[Sighting]:
    for config in _configs(look):
        for block in config.blocks:
            if not _is_forge(block):
                yield from _of(block)


def _configs(look: Look) -> Iterator[SshConfig]:
    """Every file once, also those that another one includes from its own folder."""
    waiting = [file for file in look.settled if _FILES.fullmatch(file.path)]
    seen: set[str] = set()
    while waiting and len(seen) < _MOST_FILES:
        file = waiting.pop(0)
        if file.path in seen:
            continue
        seen.add(file.path)
        config = read_ssh_config(file.text, file.path)
        yield config
        waiting += (found for pattern, _ in config.includes for found in _included(look, file, pattern))


def _included(look: Look, file: File, pattern: str) -> Iterator[File]:
    below = pattern.removeprefix("~/.ssh/").removeprefix("/etc/ssh/")
    if not below.startswith(("/", "~")):
        path = normpath(f"{file.folder}/{below}" if file.folder else below)
        yield from (found for found in look.settled if fnmatchcase(found.path, path))


def _is_forge(block: SshBlock) -> bool:
    """Whether it is where code is kept: nobody logs in there."""
    words = (*block.names, block.value("hostname"))
    return block.value("user") == "git" or any(_FORGES.fullmatch(word) for word in words)


def _of(block: SshBlock) -> Iterator[Sighting]:
    names = [name for name in block.names if is_name(HOST, name) and name != "localhost"]
    address, user, port = (block.value(option) for option in ("hostname", "user", "port"))
    address = address if is_name(HOST, address) else ""
    found = {
        "address": address,
        "user": user if is_name(USER, user) else "",
        "port": int(port) if port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536 else 0,
    }
    # Names without an address are each their own; names with one are all for the node that is there.
    groups = [names] if address else [[name] for name in names]
    for first, *others in filter(None, groups):
        yield Sighting(first, block.place, "ssh_config", Strength.NAMED, tuple(others), **found)  # type: ignore[arg-type]  # as the fields are called
