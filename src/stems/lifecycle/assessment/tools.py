"""Which tool has which domain, and where its files begin: as it is declared, and as it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from posixpath import commonpath, dirname, normpath

from stems.lifecycle.assessment.look import Look
from stems.lifecycle.assessment.own_inventory import own_inventory
from stems.model.assessment import Evidence, FoundDomain, FoundService
from stems.model.change import Domain
from stems.tools.ansible.repository.content import is_below, joined
from stems.tools.ansible.repository.find import CONFIGURATION
from stems.tools.ansible.repository.plays import Play
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.tools.chezmoi.attributes import Kind
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.dotfiles import sources_of
from stems.validation.files import File

_CHEZMOI = (
    re.compile(
        r"\.chezmoi(?:root|ignore|remove|version|\.(?:toml|ya?ml|json)\.tmpl|data\..+|external\..+|data|scripts|templates)"
    ),
    # A script may be called as chezmoi calls them, and a dotfile seldom.
    re.compile(r"(?:\w+_)?dot_.+"),
)
_FIRST = re.compile(r"(?:playbooks/)?(?:site|main|playbook|all)\.ya?ml")
_DECLARED = "declared"
_DOTFILE = re.compile(r"\.(?:bashrc|bash_profile|zshrc|profile|vimrc|tmux\.conf|gitconfig|inputrc|aliases|zshenv)")

_OTHERS: tuple[tuple[str, Domain, re.Pattern[str]], ...] = (
    ("stow", Domain.USER, re.compile(r"(?:.*/)?\.stow(?:rc|-local-ignore|-global-ignore)")),
    ("dotbot", Domain.USER, re.compile(r"(?:.*/)?(?:install|dotbot)\.conf\.ya?ml")),
    ("yadm", Domain.USER, re.compile(r"(?:.*/)?\.(?:config/)?yadm/.+")),
    ("rcm", Domain.USER, re.compile(r"(?:.*/)?\.?rcrc")),
    ("home-manager", Domain.USER, re.compile(r"(?:.*/)?home\.nix|(?:.*/)?home-manager/.+\.nix")),
    ("nix", Domain.SYSTEM, re.compile(r"(?:.*/)?(?:flake|configuration)\.nix")),
    ("salt", Domain.SYSTEM, re.compile(r"(?:.*/)?top\.sls")),
    ("puppet", Domain.SYSTEM, re.compile(r"(?:.*/)?(?:manifests/site\.pp|Puppetfile)")),
    ("cloud-init", Domain.SYSTEM, re.compile(r"(?:.*/)?(?:cloud-init/.+|cloud-init\.ya?ml|user-data(?:\.ya?ml)?)")),
    ("terraform", Domain.SYSTEM, re.compile(r".*\.tf")),
    ("kubernetes", Domain.SERVICES, re.compile(r"(?:.*/)?(?:kustomization\.ya?ml|Chart\.yaml|helmfile\.ya?ml)")),
    ("nomad", Domain.SERVICES, re.compile(r".*\.nomad(?:\.hcl)?")),
)


def domains_of(look: Look, services: Sequence[FoundService]) -> tuple[FoundDomain, ...]:
    """Declared ones first; a root that is declared is not found once more."""
    found = list(_declared(look))
    for one in (*_chezmoi(look), *_ansible(look), *_of_services(services), *_others(look), *_bare(look)):
        roots = {each.root for each in found if each.tool == one.tool}
        if not any(one.root == root or one.root.startswith(f"{root}/") or root == "." for root in roots):
            found.append(one)
    if any(one.domain is Domain.USER and one.tool != "plain files" for one in found):
        found = [one for one in found if one.tool != "plain files"]
    return tuple(sorted(found, key=lambda one: (tuple(Domain).index(one.domain), one.tool, one.root)))


def _declared(look: Look) -> Iterator[FoundDomain]:
    domains, place = look.cluster.domains, look.cluster.written.place
    for number, user in enumerate(domains.user):
        at = max(place("domains", "user"), place("domains", "user", number))
        yield FoundDomain(
            Domain.USER, user.tool, _root(user.source), Evidence(at, _DECLARED), user.account, is_declared=True
        )
    if domains.system:
        system = domains.system
        about = f"playbook {system.playbook}" if system.tool == "ansible" else ""
        at = place("domains", "system")
        yield FoundDomain(
            Domain.SYSTEM, system.tool, _root(system.source), Evidence(at, _DECLARED), about, is_declared=True
        )
    if domains.services:
        tool, source, at = domains.services.tool, domains.services.source, place("domains", "services")
        yield FoundDomain(Domain.SERVICES, tool, _root(source), Evidence(at, _DECLARED), is_declared=True)


def _root(path: str) -> str:
    return normpath(path) if path else "."


def _chezmoi(look: Look) -> Iterator[FoundDomain]:
    settled = frozenset(file.path for file in look.settled)
    for found in look.subject.once(sources_of):
        files = [file for file in look.files.under(found.top) if file.path in settled]
        start = len(f"{found.top}/") if found.top else 0
        marks = (file for pattern in _CHEZMOI for file in files if _has_part(file.path[start:], pattern))
        mark = next(marks, None)
        if mark:
            count = sum(1 for entry in found.source.entries if entry.kind is not Kind.DIR)
            about = f"{count} source file{'' if count == 1 else 's'}"
            yield FoundDomain(Domain.USER, "chezmoi", _root(found.source.root), Evidence(mark.place(1)), about)


def _has_part(path: str, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(part) for part in path.split("/"))


def _ansible(look: Look) -> Iterator[FoundDomain]:
    settled = frozenset(file.path for file in look.settled)
    for tree in look.subject.once(ansible_trees_of):
        configuration = joined(tree.root, CONFIGURATION)
        plays = [play for play in tree.plays if play.file in settled]
        roles = [role for role in tree.own_roles if any(is_below(path, role.folder) for path in tree.paths)]
        places = (
            [look.files[configuration].place(1)] if configuration in settled else [],
            [play.place for play in plays],
            [look.files[path].place(1) for role in roles[:1] for path in tree.content.files_in(role.part("tasks"))],
        )
        found = next(chain.from_iterable(places), None)
        if found:
            numbers = (sum(not play.imported for play in plays), len(roles))
            about = ", ".join(
                f"{number} {word}{'' if number == 1 else 's'}"
                for number, word in zip(numbers, ("play", "role"), strict=True)
                if number
            )
            entries = _entries(tree, plays)
            inventory = own_inventory(tree, entries[0]) if entries else None
            root = _root(tree.root)
            yield FoundDomain(Domain.SYSTEM, "ansible", root, Evidence(found), about, entries, inventory=inventory)


def _entries(tree: AnsibleTree, plays: Sequence[Play]) -> tuple[str, ...]:
    """The playbooks of an Ansible tree, those first that people start with, those last that another one imports."""
    far = {play.file for play in plays if play.imported or not play.is_local}
    imported = {joined(dirname(play.file), play.imported) for play in plays if play.imported}
    prefix = f"{tree.root}/" if tree.root else ""
    below = sorted(
        {play.file for play in plays},
        key=lambda path: (
            not _FIRST.fullmatch(path.removeprefix(prefix)),
            path not in far,
            path in imported,
            path.count("/"),
            path,
        ),
    )
    return tuple(path.removeprefix(prefix) for path in below)


def _of_services(services: Sequence[FoundService]) -> Iterator[FoundDomain]:
    for tool, word in (("compose", "project"), ("systemd", "unit")):
        tops: dict[str, list[FoundService]] = {}
        for service in services:
            if service.tool == tool:
                top = service.folder.split("/", maxsplit=1)[0] if "/" in service.folder else ""
                tops.setdefault(top, []).append(service)
        # Folders at the top with a project each have nothing in common but the repository.
        groups = [[one for found in tops.values() for one in found]] if "" in tops else list(tops.values())
        for found in groups:
            root = "" if "" in tops else commonpath([dirname(service.folder) for service in found])
            about = f"{len(found)} {word}{'' if len(found) == 1 else 's'}"
            yield FoundDomain(Domain.SERVICES, tool, _root(root), Evidence(found[0].place), about)


def _others(look: Look) -> Iterator[FoundDomain]:
    for tool, domain, pattern in _OTHERS:
        found = [file for file in look.settled if pattern.fullmatch(file.path)]
        if found:
            root = commonpath([file.folder for file in found]) if all(file.folder for file in found) else ""
            yield FoundDomain(domain, tool, _root(root), Evidence(found[0].place(1)), _files(found))


def _bare(look: Look) -> Iterator[FoundDomain]:
    """Dotfiles that lie there under their own names, and no tool that is known to bring them."""
    folders: dict[str, list[File]] = {}
    for file in look.settled:
        if _DOTFILE.fullmatch(file.name):
            folders.setdefault(file.folder, []).append(file)
    for folder, found in sorted(folders.items()):
        if len(found) > 1:
            # A folder for them has more than the names that tell; at the top there is everything else, too.
            below = [file for file in look.settled if file.path.startswith(f"{folder}/")] if folder else found
            yield FoundDomain(Domain.USER, "plain files", _root(folder), Evidence(found[0].place(1)), _files(below))


def _files(found: Sequence[File]) -> str:
    return f"{len(found)} file{'' if len(found) == 1 else 's'}"
