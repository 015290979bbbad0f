"""Which tool has which domain, and where its files begin: as it is declared, and as it shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from posixpath import commonpath, dirname, normpath

from stems.lifecycle.assessment.look import Look
from stems.lifecycle.assessment.playbooks import plays_of
from stems.model.assessment import Evidence, FoundDomain, FoundService
from stems.model.change import Domain
from stems.model.finding import Place
from stems.validation.files import File

_CHEZMOI = re.compile(
    r"\.chezmoi(?:root|ignore|remove|version|\.(?:toml|ya?ml|json)\.tmpl|data\..+|external\..+|data|scripts|templates)"
)
_CHEZMOI_NAME = re.compile(r"(?:\w+_)?dot_.+")
_FIRST = re.compile(r"(?:playbooks/)?(?:site|main|playbook|all)\.ya?ml")
_DECLARED = "declared"
_DOTFILE = re.compile(r"\.(?:bashrc|bash_profile|zshrc|profile|vimrc|tmux\.conf|gitconfig|inputrc|aliases|zshenv)")
_ROLE = re.compile(r"(?:.*/)?roles/(?P<name>[^/]+)/(?:tasks|handlers|templates|defaults|meta)/.+")

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
    roots: dict[str, Place] = {}
    for file in look.settled:
        marked = next(((folder, part) for folder, part in _steps(file.path) if _CHEZMOI.fullmatch(part)), None)
        named = next(((folder, part) for folder, part in _steps(file.path) if _CHEZMOI_NAME.fullmatch(part)), None)
        top = marked or named
        if top:
            below = file.text.strip() if file.name == ".chezmoiroot" else ""
            root = _root(f"{top[0]}/{below}".strip("/") if "\n" not in below else top[0])
            roots.setdefault(root, file.place(1))
    for root in _tops(roots):
        count = sum(1 for file in look.files.under("" if root == "." else root) if not file.name.startswith(".chezmoi"))
        yield FoundDomain(Domain.USER, "chezmoi", root, Evidence(roots[root]), f"{count} source files")


def _steps(path: str) -> Iterator[tuple[str, str]]:
    """Each part of a path with the folder that it is in."""
    parts = path.split("/")
    return (("/".join(parts[:number]), part) for number, part in enumerate(parts))


def _tops(roots: Collection[str]) -> list[str]:
    """Those of them that lie in no other one."""
    if "." in roots:
        return ["."]
    return [root for root in sorted(roots) if not any(above in roots for above, _ in _steps(root) if above)]


def _ansible(look: Look) -> Iterator[FoundDomain]:
    roots: dict[str, Place] = {}
    roles: dict[str, set[str]] = {}
    plays: dict[str, int] = {}
    files: dict[str, None] = {}
    for file in look.settled:
        role = _ROLE.fullmatch(file.path)
        if role:
            root = _root(file.path[: role.start("name") - len("roles/")].rstrip("/"))
            roles.setdefault(root, set()).add(role["name"])
            roots.setdefault(root, file.place(1))
        elif file.name == "ansible.cfg":
            roots[_root(file.folder)] = file.place(1)
    for play in plays_of(look):
        folder = _root(dirname(play.place.path).removesuffix("playbooks").rstrip("/"))
        plays[folder] = plays.get(folder, 0) + 1
        roots.setdefault(folder, play.place)
        files[play.place.path] = None
    for root in _tops(roots):
        of = [one for one in roots if root in (one, ".") or one.startswith(f"{root}/")]
        counts = sum(plays.get(one, 0) for one in of), len({name for one in of for name in roles.get(one, ())})
        about = ", ".join(
            f"{number} {word}{'' if number == 1 else 's'}"
            for number, word in zip(counts, ("play", "role"), strict=True)
            if number
        )
        entries = _entries(root, files)
        yield FoundDomain(Domain.SYSTEM, "ansible", root, Evidence(roots[root]), about, entries)


def _entries(root: str, files: Iterable[str]) -> tuple[str, ...]:
    """The playbooks below a root, those first that people start with."""
    prefix = "" if root == "." else f"{root}/"
    below = [path.removeprefix(prefix) for path in files if path.startswith(prefix)]
    return tuple(sorted(below, key=lambda path: (not _FIRST.fullmatch(path), path.count("/"), path)))


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
            yield FoundDomain(Domain.USER, "plain files", _root(folder), Evidence(found[0].place(1)), _files(found))


def _files(found: Sequence[File]) -> str:
    return f"{len(found)} file{'' if len(found) == 1 else 's'}"
