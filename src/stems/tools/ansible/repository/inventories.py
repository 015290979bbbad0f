"""Where inventories lie: the files and folders of a site that Ansible would be given as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import basename, dirname, splitext

from stems.tools.ansible.repository.configuration import Configuration
from stems.tools.ansible.repository.content import Content, is_outside, joined
from stems.tools.ansible.repository.ini import check_children, looks_like_ini, read_ini
from stems.tools.ansible.repository.inventory import Draft, Inventory
from stems.tools.ansible.repository.yaml_inventory import looks_like_inventory, read_yaml_inventory

FOLDERS = ("inventory", "inventories", "environments", "hosts")
VARIABLES = ("group_vars", "host_vars")
_NAMES = (
    "hosts",
    "inventory",
    "inventories",
    "hostfile",
    "production",
    "staging",
    "prod",
    "dev",
    "home",
    "homelab",
    "lab",
)
_YAML = (".yml", ".yaml", ".json")
_INI = ("", ".ini", ".inv", ".cfg", ".hosts", ".inventory")
# As Ansible does in a folder, and what people keep beside it.
_IGNORED = (".md", ".txt", ".rst", ".orig", ".retry", ".bak", ".pyc", ".swp", "~", ".example", ".sample", ".dist")
_EXAMPLE = re.compile(r"(?:^|[._-])(?:example|sample|template|dist)(?:$|[._-])")
_MADE = (".j2", ".tpl", ".tmpl", ".tftpl")


def inventories_of(content: Content, root: str, configuration: Configuration, named: str = "") -> tuple[Inventory, ...]:
    """Each inventory of a site. `named` is the one that somebody declared."""
    asked = [named] if named else configuration.paths("inventory", separator=",")
    if any("," in path or path in ("localhost", "") for path in asked):
        asked = []
    found = dict.fromkeys(_sources(content, root) if not named else ())
    inventories = []
    for path in asked:
        if is_outside(path) or not content.exists(path):
            # It is made elsewhere: another machine, a program, a vault.
            inventories.append(Inventory((path,), is_complete=False))
        else:
            found.setdefault(path, None)
    return (*inventories, *(read_inventory(content, path) for path in found))


def is_made_elsewhere(content: Content, root: str) -> bool:
    """Whether something else writes an inventory: a template of Terraform, a Vagrantfile, whoever copies an example."""
    return any(basename(path) == "Vagrantfile" or _is_model(basename(path).lower()) for path in content.under(root))


def _is_model(name: str) -> bool:
    is_named = "inventor" in name or name.startswith("hosts.")
    return is_named and (name.endswith(_MADE) or _EXAMPLE.search(name) is not None)


def _sources(content: Content, root: str) -> Iterator[str]:
    for path in content.files_in(root):
        if path not in content.aside and _is_inventory(content, path):
            yield path
    for name in content.folders_in(root):
        folder = joined(root, name)
        if name in FOLDERS:
            yield from _in_folder(content, folder)


def _in_folder(content: Content, folder: str) -> Iterator[str]:
    """The folder itself where files lie in it, otherwise each folder below it."""
    files = [path for path in _files(content, folder) if _is_file_of_inventory(content, path)]
    inner = [joined(folder, name) for name in content.folders_in(folder) if name not in VARIABLES]
    if files and basename(folder) != "inventories" and not any(_has_variables(content, path) for path in inner):
        yield folder
        return
    yield from files
    for path in inner:
        if any(_is_file_of_inventory(content, file) for file in _files(content, path)):
            yield path


def _has_variables(content: Content, folder: str) -> bool:
    return any(content.is_folder(joined(folder, name)) for name in VARIABLES)


def _files(content: Content, folder: str) -> list[str]:
    return [path for path in content.files_in(folder) if path not in content.aside]


def _is_inventory(content: Content, path: str) -> bool:
    """Whether a file beside playbooks is one."""
    stem, ending = splitext(basename(path))
    if _EXAMPLE.search(basename(path).lower()):
        return False
    if ending in _YAML:
        document = content.document(path) if _may_be_groups(content.text(path)) else None
        return document is not None and (looks_like_inventory(document) or (stem in _NAMES and _groups(document.value)))
    if stem in _NAMES and ending in _INI:
        return looks_like_ini(content.text(path)) or content.text(path).startswith("#!")
    return (
        ending in (".ini", ".inv", ".hosts") and looks_like_ini(content.text(path)) and "ansible_" in content.text(path)
    )


def _may_be_groups(text: str) -> bool:
    return "hosts:" in text or "children:" in text or "plugin:" in text


def _groups(value: object) -> bool:
    return isinstance(value, dict) and (
        "plugin" in value or any(isinstance(one, dict) and set(one) & {"hosts", "children"} for one in value.values())
    )


def _is_file_of_inventory(content: Content, path: str) -> bool:
    """Whether a file in a folder for inventories is one."""
    name = basename(path)
    if name.startswith(".") or name.endswith((*_IGNORED, *_MADE)) or _EXAMPLE.search(name.lower()):
        return False
    if name.endswith(_YAML):
        document = content.document(path) if not content.is_encrypted(path) else None
        return document is None or _groups(document.value)
    text = content.text(path)
    return looks_like_ini(text) or text.startswith("#!") or content.is_encrypted(path) or splitext(name)[1] in _INI[:3]


def read_inventory(content: Content, path: str) -> Inventory:
    """What a file, or a folder of files, says as an inventory."""
    folder = content.is_folder(path)
    paths = list(_all(content, path)) if folder else [path]
    draft = Draft((path, *paths) if folder else paths)
    for each in paths:
        _add(draft, content, each)
    check_children(draft, ((each, content.text(each)) for each in paths if _is_ini(content, each)))
    return draft.finished()


def _all(content: Content, folder: str) -> Iterable[str]:
    for path in content.under(folder):
        between = dirname(path)[len(folder) :].strip("/").split("/")
        if not set(between) & set(VARIABLES) and _is_file_of_inventory(content, path):
            yield path


def _is_ini(content: Content, path: str) -> bool:
    text = content.text(path)
    return not path.endswith((*_YAML, ".toml")) and not text.startswith(("#!", "$ANSIBLE_VAULT"))


def _add(draft: Draft, content: Content, path: str) -> None:
    text = content.text(path)
    if content.is_encrypted(path) or text.startswith("#!") or path.endswith((".py", ".sh", ".toml", ".pl", ".rb")):
        draft.is_complete = False
    elif path.endswith(_YAML):
        document = content.document(path)
        if document is None:
            draft.is_complete = draft.is_complete and not text.strip()
        else:
            read_yaml_inventory(draft, document)
    elif text.lstrip().startswith(("---\n", "all:\n")):
        # YAML without its ending: Ansible tries both.
        draft.is_complete = False
    elif text or path in content:
        read_ini(draft, text, path)
