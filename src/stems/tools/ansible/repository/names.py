"""The variables of an Ansible tree: which names anything defines, and which names something uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname

from stems.model.finding import Place
from stems.readers.document import Document
from stems.tools.ansible.repository.content import is_below, joined
from stems.tools.ansible.repository.given_names import is_given
from stems.tools.ansible.repository.jinja import Parsed, parse_expression, parse_template, parse_text
from stems.tools.ansible.repository.keywords import short
from stems.tools.ansible.repository.roles import folder_of
from stems.tools.ansible.repository.search import found
from stems.tools.ansible.repository.strings import conditions_in, texts_in
from stems.tools.ansible.repository.tasks import Task, listed
from stems.tools.ansible.repository.tree import AnsibleTree

_NOT_VARIABLES = ("requirements.yml", "requirements.yaml", "galaxy.yml", "argument_specs.yml")
_PLUGINS = ("library", "vars_plugins", "action_plugins", "plugins", "module_utils", "lookup_plugins")
_SPEC_KEYS = ("options",)
_TEMPLATES = (".j2", ".jinja2", ".jinja")
_VARIABLES = re.compile(r"(?:^|/)(?:group|host)_vars(?:/|$)|(?:vault|secret|vars|private|local)[^/]*\.ya?ml$")
_MOST_DEEP = 60
_EXPRESSION = re.compile(r"\{[{%][^}]*+")
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Use:
    """A name where it is used."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Names:
    """`optional` are names that something checks before it uses them. `is_closed` where nobody else can define any."""

    defined: frozenset[str]
    optional: frozenset[str]
    uses: tuple[Use, ...]
    is_closed: bool

    def unknown(self) -> dict[str, list[Use]]:
        """What is used and that nothing defines, by name."""
        found: dict[str, list[Use]] = {}
        for use in self.uses:
            if use.name not in self.defined and use.name not in self.optional and not is_given(use.name):
                found.setdefault(use.name, []).append(use)
        return found


def names_of(tree: AnsibleTree) -> Names:
    defined: set[str] = set()
    for inventory in tree.inventories:
        defined.update(name for name, _ in inventory.variables())
    content = tree.content
    # Whoever might define it counts, also what lies aside and other people's roles.
    for path in content.under(tree.root):
        if path.endswith((".yml", ".yaml")):
            document = content.document(path)
            if document is not None:
                defined.update(_defined(document.value, 0))
                if isinstance(document.value, dict) and basename(path) not in _NOT_VARIABLES:
                    defined.update(document.value)
    uses, optional = _used(tree)
    is_closed = not _is_made(defined) and _is_closed(tree) and (not has_vault(tree) or _keeps_to_vault(uses, defined))
    return Names(frozenset(defined), frozenset(optional), tuple(uses), is_closed)


def _keeps_to_vault(uses: list[Use], defined: set[str]) -> bool:
    """Whether what is in encrypted files is called `vault_NAME`, as Ansible's own pages have it."""
    return any(use.name.startswith("vault_") and use.name not in defined for use in uses)


def _defined(value: object, depth: int) -> Iterator[str]:
    """Names that plays, tasks and specifications of arguments define, wherever they stand."""
    if depth > _MOST_DEEP:
        return
    if isinstance(value, list):
        for inner in value:
            yield from _defined(inner, depth + 1)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _of_key(short(str(key)), inner)
            if isinstance(inner, dict | list):
                yield from _defined(inner, depth + 1)


def _of_key(key: str, value: object) -> Iterator[str]:
    if key in ("vars", "set_fact", "add_host", "data", *_SPEC_KEYS) and isinstance(value, dict):
        yield from map(str, value)
    elif key in ("register", "loop_var", "index_var") and isinstance(value, str):
        yield value
    elif key == "include_vars" and isinstance(value, dict) and isinstance(value.get("name"), str):
        yield value["name"]
    elif key in ("set_fact", "add_host", "action") and isinstance(value, str):
        yield from re.findall(r"([A-Za-z_]\w*)=", value[:4000])
    elif key in ("vars_prompt", "roles", "dependencies") and isinstance(value, list):
        for entry in value:
            if isinstance(entry, dict):
                yield from map(str, entry)
                if key == "vars_prompt":
                    yield str(entry.get("name"))


def _used(tree: AnsibleTree) -> tuple[list[Use], set[str]]:
    uses: list[Use] = []
    optional: set[str] = set()
    for document in written(tree):
        for at, parsed in parsed_in(document):
            optional |= parsed.guarded
            uses += [Use(name, document.place(*at)) for name in sorted(parsed.names)]
    for path in templates(tree):
        if not _is_rendered(path):
            continue
        text = tree.content.text(path)
        parsed = parse_template(text)
        optional |= parsed.guarded
        places = _places(text, path) if parsed.names else {}
        uses += [Use(name, places.get(name, Place(path, 1, 1))) for name in sorted(parsed.names)]
    return uses, optional


def _is_rendered(path: str) -> bool:
    """Whether it is a template of Ansible for sure: other programs use the same ending."""
    return "templates" in path.split("/")[:-1] and "{" not in path


def _places(text: str, path: str) -> dict[str, Place]:
    """Where a template first names each word of its expressions."""
    found: dict[str, Place] = {}
    line, start, at = 1, 0, 0
    for part in _EXPRESSION.finditer(text):
        for word in _WORD.finditer(text, part.start(), part.end()):
            line += text.count("\n", at, word.start())
            start = max(start, text.rfind("\n", at, word.start()) + 1)
            at = word.start()
            found.setdefault(word[0], Place(path, line, at - start + 1))
    return found


def parsed_in(document: Document) -> Iterator[tuple[tuple[str | int, ...], Parsed]]:
    """Each template and condition of a document, read."""
    for at, text in texts_in(document, document.value):
        yield at, parse_text(text)
    for at, text in conditions_in(document.value):
        yield at, parse_expression(text)


def written(tree: AnsibleTree) -> Iterator[Document]:
    """The documents that Ansible takes for templates: playbooks, tasks, variables of nodes and roles."""
    named = {file.path for file in tree.variable_files}
    tasks = set(tree.task_files)
    for path in tree.yaml:
        is_one = path in named or path in tasks or path in tree.playbooks or _is_variables_of_role(path)
        document = tree.content.document(path) if is_one and folder_of(path) not in tree.foreign_folders else None
        if document is not None:
            yield document


def _is_variables_of_role(path: str) -> bool:
    folder = folder_of(path)
    return folder is not None and path[len(folder) :].startswith(("/defaults/", "/vars/"))


def templates(tree: AnsibleTree) -> Iterator[str]:
    """Files that are templates by their ending, but for those of roles that other people wrote."""
    found = (path for path in tree.paths if path.endswith(_TEMPLATES))
    return (path for path in found if folder_of(path) not in tree.foreign_folders)


def _is_closed(tree: AnsibleTree) -> bool:
    content = tree.content
    return (
        (tree.is_declared or tree.has_all_inventories)
        and "" not in tree.roles
        and not any(use.is_dynamic for use in tree.foreign_uses)
        and not any(content.is_folder(joined(tree.root, name)) for name in _PLUGINS)
        and not any(is_below(path, tree.root) for path in tree.submodules)
        and not _reads_elsewhere(tree)
        and not hides_variables(tree)
    )


def hides_variables(tree: AnsibleTree) -> bool:
    """Whether Git ignores files of variables: nobody sees here which names they give a value."""
    return any(_VARIABLES.search(rule) for rule in tree.content.ignored)


def _is_made(names: set[str]) -> bool:
    """Whether a variable says the name of another one."""
    return any("{{" in name for name in names)


def has_vault(tree: AnsibleTree) -> bool:
    """Whether an encrypted file may hold variables: nobody sees here which."""
    content = tree.content
    return any(
        content.is_encrypted(path) and not {"files", "templates"} & set(dirname(path).split("/"))
        for path in content.under(tree.root)
    )


def _reads_elsewhere(tree: AnsibleTree) -> bool:
    """Whether variables come from a file whose name a variable says, or that is not there, or from a node's facts."""
    named = ((play.file, name) for play in tree.plays for name in listed(play.keys.get("vars_files")))
    if not all(isinstance(name, str) and joined(dirname(file), name) in tree.content for file, name in named):
        return True
    return any(_may_give_facts(task.module) or _includes_elsewhere(tree, task) for task in tree.tasks)


def _includes_elsewhere(tree: AnsibleTree, task: Task) -> bool:
    """Whether `include_vars` may read what is not here: a role's own variables are, whichever of them it takes."""
    if task.module != "include_vars":
        return False
    name = task.free_text().partition(" ")[0]
    if task.role is not None and "/" not in name and any(tree.content.files_in(joined(task.role, "vars"))):
        return False
    return found(tree, task, "vars", name) is not True


def _may_give_facts(module: str) -> bool:
    return "facts" in module and module not in ("set_fact", "gather_facts", "service_facts", "package_facts")
