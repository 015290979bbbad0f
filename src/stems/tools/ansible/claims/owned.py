"""What each module of Ansible would own with the arguments of a task."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stems.model.claim import Extent
from stems.model.names import USER, is_name, is_node_path
from stems.readers.ports import published
from stems.tools.ansible.claims.expression import Evaluator, UnknownError, switch
from stems.tools.ansible.claims.sources import Sources
from stems.tools.ansible.subject import UNITS, normal, unit_name

PARTS = frozenset({"lineinfile", "blockinfile", "replace", "ini_file", "xml"})
FOLDERS = frozenset({"unarchive", "git", "subversion", "hg"})
DOCKER = frozenset({"docker_container", "docker_compose_v2", "docker_compose"})
OTHERS = frozenset({
    "copy", "template", "file", "get_url", "assemble", "synchronize", "authorized_key", "cron", "apt_repository",
})  # fmt: skip
MODULES = PARTS | FOLDERS | DOCKER | OTHERS | UNITS
"""Every module whose claims are known."""

_PATHS = ("path", "dest", "destfile", "name", "file")
_ABSENT = ("absent", "removed")
_MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class Owned:
    """A resource, and what is meant of a path; not `is_sure` where the node decides."""

    resource: str
    extent: Extent = Extent.WHOLE
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of one run of a task. `account` tells whose home `~` is there, None
    where it is not known."""

    arguments: Mapping[str, object]
    evaluator: Evaluator
    sources: Sources
    account: Callable[[], str | None]

    def text(self, *names: str) -> str:
        """The first of these arguments that is there, or nothing. Raises `UnknownError`."""
        written = next((self.arguments[name] for name in names if self.arguments.get(name) not in (None, "")), "")
        found = self.evaluator.value(written)
        if isinstance(found, list | dict):
            raise UnknownError
        return str(found)

    def is_on(self, *names: str) -> bool:
        found = switch(self.text(*names) or "no")
        if found is None:
            raise UnknownError
        return found

    def path(self, text: str) -> str:
        """An absolute path, or one below a home. Raises `UnknownError` for what depends on the node."""
        if text == "~" or text.startswith("~/"):
            account = self.account()
            if account is None:
                raise UnknownError
            text = f"~{account}{text[1:]}"
        if not text.startswith(("/", "~")) or "$" in text or not is_node_path(f"/{text}"):
            raise UnknownError
        return normal(text) if text.startswith("/") else posixpath.normpath(text)


def owned(module: str, given: Given) -> Iterator[Owned]:
    """Raises `UnknownError` where only the node can tell."""
    if module in UNITS:
        yield from _unit(given)
    elif module in DOCKER:
        yield from _docker(module, given)
    elif module in PARTS:
        yield _file(given.path(given.text(*_PATHS)), Extent.PART)
    elif module in FOLDERS:
        yield _file(given.path(given.text("dest")), Extent.FILLED)
    else:
        yield from _OTHERS[module](given)


def _file(path: str, extent: Extent = Extent.WHOLE, *, is_sure: bool = True) -> Owned:
    return Owned(f"file:{path}", extent, is_sure)


def _copy(given: Given) -> Iterator[Owned]:
    dest = given.text("dest")
    if given.arguments.get("content") is not None:
        yield _file(given.path(dest))
        return
    source = _source(given)
    found = None if given.is_on("remote_src") else given.sources.found(source)
    if found and found.is_dir():
        yield from _tree_of(given, found, is_inside=source.endswith("/"))
    else:
        yield from _landed(given, dest, posixpath.basename(source))


def _template(given: Given) -> Iterator[Owned]:
    yield from _landed(given, given.text("dest"), posixpath.basename(_source(given)))


def _source(given: Given) -> str:
    """What is copied, or nothing where only the node knows: the destination may be known all the same."""
    try:
        return given.text("src")
    except UnknownError:
        return ""


def _get_url(given: Given) -> Iterator[Owned]:
    name = posixpath.basename(given.text("url").partition("?")[0])
    for each in _landed(given, given.text("dest"), name):
        # The server may name the file.
        yield Owned(each.resource, each.extent, each.is_sure and not given.text("dest").endswith("/"))


def _landed(given: Given, dest: str, name: str) -> Iterator[Owned]:
    """A file at `dest`, or called `name` in it when it is a directory."""
    path = given.path(dest)
    if dest.endswith("/"):
        if not name:
            raise UnknownError
        yield _file(posixpath.join(path, name))
    elif posixpath.basename(path).lstrip(".") == name.removesuffix(".j2").lstrip("."):
        # Nobody means a directory that is called like the file.
        yield _file(path)
    else:
        yield _file(path, Extent.EITHER)
        if name:
            yield _file(posixpath.join(path, name), is_sure=False)


def _tree_of(given: Given, folder: Path, *, is_inside: bool) -> Iterator[Owned]:
    """Every file of a folder of the repository; with a slash behind it, what is in it."""
    dest = given.path(given.text("dest"))
    root = dest if is_inside else posixpath.join(dest, folder.name)
    files = sorted(path for path in folder.rglob("*") if not path.is_dir())
    if len(files) > _MOST_FILES:
        yield _file(root, Extent.FILLED)
        return
    for file in files:
        yield _file(posixpath.join(root, file.relative_to(folder).as_posix()))


def _synchronize(given: Given) -> Iterator[Owned]:
    if given.text("mode") == "pull":
        return
    source, path = given.text("src"), given.path(given.text("dest"))
    found = given.sources.found(source)
    if found and not found.is_dir():
        yield from _landed(given, given.text("dest"), found.name)
    elif given.is_on("delete"):
        root = path if source.endswith("/") else posixpath.join(path, posixpath.basename(source))
        # Options may leave something alone.
        yield _file(root, Extent.TREE, is_sure=not given.arguments.get("rsync_opts"))
    elif found:
        yield from _tree_of(given, found, is_inside=source.endswith("/"))
    else:
        yield _file(path, Extent.FILLED)


def _of_file(given: Given) -> Iterator[Owned]:
    path, state = given.path(given.text(*_PATHS)), given.text("state")
    if state in _ABSENT:
        yield _file(path, Extent.GONE)
    elif state == "link":
        yield _file(path, Extent.LINK)
    elif state in ("hard", "touch"):
        yield _file(path)
    else:
        # Without a state it is the mode of what is there; of all below it may be the same that others want.
        yield _file(path, Extent.FILLED if given.is_on("recurse") else Extent.DIRECTORY)


def _assemble(given: Given) -> Iterator[Owned]:
    yield _file(given.path(given.text("dest")))


def _authorized_key(given: Given) -> Iterator[Owned]:
    account = given.text("user")
    if not is_name(USER, account):
        raise UnknownError
    path = given.path(given.text("path") or f"~{account}/.ssh/authorized_keys")
    yield _file(path, Extent.WHOLE if given.is_on("exclusive") else Extent.PART)


def _cron(given: Given) -> Iterator[Owned]:
    name = given.text("cron_file")
    if name:
        yield _file(given.path(posixpath.join("/etc/cron.d", name)), Extent.PART)


def _apt_repository(given: Given) -> Iterator[Owned]:
    name = given.text("filename")
    if name and "/" not in name:
        yield _file(given.path(f"/etc/apt/sources.list.d/{name}.list"), Extent.PART)


def _unit(given: Given) -> Iterator[Owned]:
    """Only who says how a unit is to be owns it: a restart, as handlers do it, leaves that to others."""
    says = given.text("state") not in ("", "restarted", "reloaded")
    if given.text("scope") not in ("", "system") or not (says or {"enabled", "masked"} & given.arguments.keys()):
        return
    name = given.text("name", "service", "unit")
    if name:
        yield Owned(f"unit:{unit_name(name)}")


def _docker(module: str, given: Given) -> Iterator[Owned]:
    if module != "docker_container":
        name = given.text("project_name")
        # Without a name, the file on the node may give another one than its folder.
        folder = posixpath.basename(posixpath.normpath(given.text("project_src")))
        yield Owned(f"project:{name or folder}", is_sure=bool(name))
        return
    yield Owned(f"container:{given.text('name')}")
    ports = given.evaluator.value(given.arguments.get("published_ports", given.arguments.get("ports")) or [])
    if given.text("state") not in ("absent", "stopped", "present") and isinstance(ports, list):
        for port in (port for text in ports for port in published(str(text))):
            yield Owned(f"port:{port}", is_sure=port.is_certain)


_OTHERS = {
    "copy": _copy, "template": _template, "file": _of_file, "get_url": _get_url, "assemble": _assemble,
    "synchronize": _synchronize, "authorized_key": _authorized_key, "cron": _cron, "apt_repository": _apt_repository,
}  # fmt: skip
