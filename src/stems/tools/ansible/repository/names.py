"""The variables of a site: which names anything defines, and which names something uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname

from stems.model.finding import Place
from stems.readers.document import Document
from stems.tools.ansible.repository.content import is_below, joined
from stems.tools.ansible.repository.jinja import Parsed, parse_expression, parse_template, parse_text
from stems.tools.ansible.repository.keywords import short
from stems.tools.ansible.repository.roles import folder_of
from stems.tools.ansible.repository.site import Site
from stems.tools.ansible.repository.strings import conditions_in, texts_in
from stems.tools.ansible.repository.tasks import listed

_GIVEN = frozenset({
    "item", "omit", "lookup", "query", "q", "now", "undef", "range", "dict", "lipsum", "cycler", "joiner", "namespace",
    "vars", "environment", "hostvars", "groups", "group_names", "inventory_hostname", "inventory_hostname_short",
    "inventory_dir", "inventory_file", "playbook_dir", "play_hosts", "role_path", "role_name", "role_names",
    "role_uuid", "template_host", "template_path", "template_uid", "template_mtime", "template_fullpath",
    "template_run_date", "template_destpath", "services", "packages", "failed", "changed", "_", "molecule_yml",
})  # fmt: skip
_NOT_VARIABLES = ("requirements.yml", "requirements.yaml", "galaxy.yml", "argument_specs.yml")
_PLUGINS = ("library", "vars_plugins", "action_plugins", "plugins", "module_utils", "lookup_plugins")
_SPEC_KEYS = ("options",)
_TEMPLATES = (".j2", ".jinja2", ".jinja")
_VARIABLES = re.compile(r"(?:^|/)(?:group|host)_vars(?:/|$)|(?:vault|secret|vars|private|local)[^/]*\.ya?ml$")
_MOST_DEEP = 60


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
            if use.name not in self.defined and use.name not in self.optional and not _is_given(use.name):
                found.setdefault(use.name, []).append(use)
        return found


def names_of(site: Site) -> Names:
    defined: set[str] = set()
    for inventory in site.inventories:
        defined.update(name for name, _ in inventory.variables())
    content = site.content
    # Whoever might define it counts, also what lies aside and other people's roles.
    for path in content.under(site.root):
        if path.endswith((".yml", ".yaml")):
            document = content.document(path)
            if document is not None:
                defined.update(_defined(document.value, 0))
                if isinstance(document.value, dict) and basename(path) not in _NOT_VARIABLES:
                    defined.update(document.value)
    uses, optional = _used(site)
    return Names(frozenset(defined), frozenset(optional), tuple(uses), not _is_made(defined) and _is_closed(site))


def _is_given(name: str) -> bool:
    return name in _GIVEN or name.startswith(("ansible_", "getent_", "molecule_"))


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
    elif key in ("set_fact", "add_host", "action") and isinstance(value, str):
        yield from re.findall(r"([A-Za-z_]\w*)=", value[:4000])
    elif key in ("vars_prompt", "roles", "dependencies") and isinstance(value, list):
        for entry in value:
            if isinstance(entry, dict):
                yield from map(str, entry)
                if key == "vars_prompt":
                    yield str(entry.get("name"))


def _used(site: Site) -> tuple[list[Use], set[str]]:
    uses: list[Use] = []
    optional: set[str] = set()
    for document in written(site):
        for at, parsed in parsed_in(document):
            optional |= parsed.guarded
            uses += [Use(name, document.place(*at)) for name in sorted(parsed.names)]
    for path in templates(site):
        if not _is_rendered(path):
            continue
        text = site.content.text(path)
        parsed = parse_template(text)
        optional |= parsed.guarded
        uses += [Use(name, _place(text, path, name)) for name in sorted(parsed.names)]
    return uses, optional


def _is_rendered(path: str) -> bool:
    """Whether it is a template of Ansible for sure: other programs use the same ending."""
    return "templates" in path.split("/")[:-1] and "{" not in path


def _place(text: str, path: str, name: str) -> Place:
    """Where a template first names it."""
    found = re.search(rf"\{{[{{%][^}}]{{0,300}}?\b{re.escape(name)}\b", text)
    if not found:
        return Place(path, 1, 1)
    start = found.end() - len(name)
    return Place(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))


def parsed_in(document: Document) -> Iterator[tuple[tuple[str | int, ...], Parsed]]:
    """Each template and condition of a document, read."""
    for at, text in texts_in(document, document.value):
        yield at, parse_text(text)
    for at, text in conditions_in(document.value):
        yield at, parse_expression(text)


def written(site: Site) -> Iterator[Document]:
    """The documents that Ansible takes for templates: playbooks, tasks, variables of nodes and roles."""
    named = {file.path for file in site.variable_files}
    tasks = set(site.task_files)
    for path in site.yaml:
        is_one = path in named or path in tasks or path in site.playbooks or _is_variables_of_role(path)
        document = site.content.document(path) if is_one and folder_of(path) not in site.foreign_folders else None
        if document is not None:
            yield document


def _is_variables_of_role(path: str) -> bool:
    folder = folder_of(path)
    return folder is not None and path[len(folder) :].startswith(("/defaults/", "/vars/"))


def templates(site: Site) -> Iterator[str]:
    """Files that are templates by their ending, but for those of roles that other people wrote."""
    found = (path for path in site.paths if path.endswith(_TEMPLATES))
    return (path for path in found if folder_of(path) not in site.foreign_folders)


def _is_closed(site: Site) -> bool:
    content = site.content
    return (
        (site.is_declared or site.has_all_inventories)
        and "" not in site.roles
        and not site.foreign_uses
        and not any(content.is_folder(joined(site.root, name)) for name in _PLUGINS)
        and not any(content.is_encrypted(path) for path in content.under(site.root))
        and not any(is_below(path, site.root) for path in site.submodules)
        and not _reads_elsewhere(site)
        and not hides_variables(site)
    )


def hides_variables(site: Site) -> bool:
    """Whether Git ignores files of variables: nobody sees here which names they give a value."""
    return any(_VARIABLES.search(rule) for rule in site.content.ignored)


def _is_made(names: set[str]) -> bool:
    """Whether a variable says the name of another one."""
    return any("{{" in name for name in names)


def _reads_elsewhere(site: Site) -> bool:
    """Whether variables come from a file whose name a variable says, or that is not there, or from a node's facts."""
    named = ((play.file, name) for play in site.plays for name in listed(play.keys.get("vars_files")))
    if not all(isinstance(name, str) and joined(dirname(file), name) in site.content for file, name in named):
        return True
    return any(task.module == "include_vars" or _may_give_facts(task.module) for task in site.tasks)


def _may_give_facts(module: str) -> bool:
    return "facts" in module and module not in ("set_fact", "gather_facts", "service_facts", "package_facts")
