"""The checkout: the clone that a node keeps of the repository, moved to a commit and back, losing nobody's work."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote

from stems.errors import StemsError, ToolError
from stems.infrastructure import before
from stems.infrastructure.command import Command, Effect, script
from stems.infrastructure.probe import Section
from stems.model.change import ADOPT, Change, Domain, Risk, Undo
from stems.model.names import printable
from stems.tools.base import Site
from stems.tools.git.checkout_state import DIGEST, Edit, Kind, State, digest_of, look, parse_look
from stems.tools.git.command import prelude
from stems.tools.git.repository import Repository, full
from stems.tools.git.stage import TIMEOUT, ref_of
from stems.tools.origin import REPAIR, Origin, refused

NAME = "git"


def preview(site: Site, *, target: str) -> State:
    """How the checkout is, and what is in the way of `target`, which is staged on the node."""
    result = site.runner.run(script(look(site.checkout, site.state, target=target), Effect.READS, timeout=60))
    if not result.ok:
        raise ToolError(
            f"{site.node.name}: the checkout {site.checkout} cannot be read",
            said=printable(result.errors),
            remedy="see what `git status` says in it",
        )
    return parse_look(site.node.name, Section(result.status, result.text))


def changes(
    site: Site, state: State, *, target: str, tree: Path, repository: Repository, deployed: str = ""
) -> tuple[Change, ...]:
    """What moving the checkout to `target` changes. Raises when somebody's work would be lost or hidden.

    `tree` holds the files of the target; `deployed` is the commit that the journal names, so that a checkout that
    somebody moved is told from one that is behind.
    """
    for error in problems(site, state, repository=repository):
        raise error
    found = [_of_edit(site, edit, tree=tree) for edit in state.edits]
    if state.head != target:
        found.append(_move(site, state, target=target, by_hand=bool(deployed) and state.head != deployed))
    return tuple(found)


def _move(site: Site, state: State, *, target: str, by_hand: bool) -> Change:
    branch = state.branch.removeprefix("refs/heads/")
    return Change(
        node=site.node.name,
        domain=Domain.SERVICES,
        tool=NAME,
        resource=f"checkout:{site.checkout}",
        action="move" if state.head else "create",
        risk=Risk.USER,
        before=state.head,
        after=target,
        by_hand=by_hand,
        note=f"leaves branch {branch}, which stays as it is" if state.head and branch else "",
    )


def _of_edit(site: Site, edit: Edit, *, tree: Path) -> Change:
    after = digest_of(tree / edit.path)
    restored = Change(
        node=site.node.name,
        domain=Domain.SERVICES,
        tool=NAME,
        resource=f"checkout:{site.checkout}/{edit.path}",
        action="restore",
        risk=Risk.DESTRUCTIVE,
        before=edit.digest,
        after=after,
        source=edit.path,
        undo=Undo.BY_BACKUP,
        by_hand=True,
        note="" if edit.digest else "removed",
    )
    if edit.digest == after and not edit.is_staged:
        how = "edited" if edit.digest else "removed"
        return replace(restored, action=ADOPT, risk=Risk.USER, note=f"{how} by hand, and so in the commit")
    return restored


def origin(site: Site, change: Change) -> Origin:
    """The file of the checkout that a difference is about: whatever is in it is a file of the repository."""
    if not change.source:
        remedy = f"fetch from it what was committed there, or {REPAIR}"
        raise refused(change, "is at another commit than the one that was deployed", remedy)
    return Origin(f"{site.checkout}/{change.source}", change.source, executable=True)


def problems(site: Site, state: State, *, repository: Repository) -> list[StemsError]:
    """Why the checkout must not be touched."""
    checks: tuple[tuple[bool, str, str, Sequence[str]], ...] = (
        (
            site.is_local and state.common == str(repository.common.resolve()),
            "is the working tree that you run stems from",
            "set `checkout` in config/cluster.yml to another folder",
            (),
        ),
        (state.kind is Kind.FILE, "is a file", "move it away", ()),
        (bool(state.during), "is in the middle of a merge or rebase", "finish it there", state.during),
        (
            bool(state.head) and not state.known and not repository.has(state.head),
            f"has a commit that this repository does not have: {state.head[:12]}",
            f"push it from {site.node.name} and fetch it here, or move the checkout away",
            (),
        ),
        (
            bool(state.in_the_way),
            "has files that Git does not track where the new commit has its own",
            "move them away, or remove them from the commit",
            state.in_the_way,
        ),
        (bool(state.locked), "cannot be written", "give the folders back to the SSH user", state.locked),
    )
    return [
        ToolError(f"{site.node.name}: {site.checkout} {problem}", remedy=remedy, said="\n".join(said))
        for broken, problem, remedy, said in checks
        if broken
    ]


_REMEMBER = r"""
[ -d "$kept" ] || mkdir -p "$kept" || exit 1
if [ ! -f "$kept/from" ]; then
  if [ ! -e "$checkout" ] && [ ! -L "$checkout" ]; then from=absent
  elif [ ! -e "$checkout/.git" ]; then from=folder
  else from="$(run -C "$checkout" rev-parse -q --verify 'HEAD^{commit}') $(run -C "$checkout" symbolic-ref -q HEAD)"
  fi
  printf '%s\n' "$target" >"$kept/to" || exit 1
  printf '%s\n' "$from" >"$kept/.from" && mv "$kept/.from" "$kept/from" || exit 1
fi
"""

_FETCH = r"""
umask 022
mkdir -p "$checkout" && cd "$checkout" || exit 1
[ -e .git ] || run init -q --template= . || exit 1
run fetch -q --no-tags --no-write-fetch-head --no-auto-maintenance --recurse-submodules=no "$repo" "$ref:$ref" || exit 1
"""

_MOVE = r"""
run -c submodule.recurse=false checkout -q --detach --no-overwrite-ignore "$target" || exit 1
[ "$(run rev-parse HEAD)" = "$target" ] || exit 1
"""


def apply_command(site: Site, *, target: str, deployment: str, edited: Sequence[str] = ()) -> Command:
    """Move the checkout to a staged commit, after keeping where it was and each of the `edited` files."""
    kept = site.before(deployment, NAME)
    keep = [_keep(site, path, kept=kept) for path in edited]
    paths = " ".join(quote(path) for path in edited)
    # Only files that the plan names, and that have been kept, are given back the content of their commit.
    clean = f"run checkout -q HEAD -- {paths} || exit 1\n" if edited else ""
    start = prelude(
        checkout=site.checkout, repo=f"{site.state}/repo.git", target=full(target), ref=ref_of(target), kept=kept
    )
    return script(start + _REMEMBER + DIGEST + "".join(keep) + _FETCH + clean + _MOVE, Effect.WRITES, timeout=TIMEOUT)


def _keep(site: Site, path: str, *, kept: str) -> str:
    """Copy a hand edit, and note its digest and path, so that a later edit is told from it."""
    whole, folder = f"{site.checkout}/{path}", _edit_folder(kept, path)
    note, part = quote(f"{folder}.note"), quote(f"{folder}.part")
    noting = f"{{ digest_of {quote(whole)} && printf '%s\\n' {quote(path)}; }} >{part} && mv {part} {note}"
    return before.keep(folder, [whole]) + f"[ -f {note} ] || {{ {noting}; }} || exit 1\n"


def apply(site: Site, found: Sequence[Change], *, target: str, deployment: str) -> None:
    """Make the approved changes of the checkout on one node."""
    edited = [change.source for change in found if change.action in ("restore", ADOPT)]
    command = apply_command(site, target=target, deployment=deployment, edited=edited)
    result = site.runner.run(command)
    if not result.ok:
        raise ToolError(
            f"{site.node.name}: {site.checkout} cannot be moved to {target[:12]}",
            said=printable(result.errors),
            remedy=f"see what `git status` says in it on {site.node.name}",
        )


_NOTES = r"""
for note in "$kept"/edits/*.note; do
  [ -f "$note" ] || continue
  paste -s -d ' ' "$note"
done
"""

_BEFORE_MOVE = r"""
[ -f "$kept/from" ] || exit 0
read -r from branch <"$kept/from" || exit 1
read -r to <"$kept/to" || exit 1
stays() { printf 'kept %s: %s\n' "$checkout" "$1"; exit 0; }
# What was never made, or is gone already, needs no taking back.
[ -e "$checkout/.git" ] || exit 0
cd "$checkout" || exit 1
head=$(run rev-parse -q --verify 'HEAD^{commit}') || head=
case $from in
  absent|empty|folder|refs/*|"")
    [ -z "$head" ] || [ "$head" = "$to" ] || stays "somebody moved it"
    edited=$(run status --porcelain --untracked-files=no --ignore-submodules=all) || exit 1
    [ -z "$edited" ] || stays "files of the commit were edited"
    [ -z "$(run for-each-ref --format='%(refname)' | grep -v '^refs/stems/')" ] || stays "it has branches of its own"
    case $from in absent|empty|folder) ;; *) stays "it had no commit before" ;; esac
    # What Git does not track stays: it was there before, or a service wrote it as its data.
    nothing=$(run hash-object -t tree -w /dev/null) && run read-tree -u --reset "$nothing" && rm -rf .git || exit 1
    if [ "$from" = absent ] && [ -z "$(ls -A)" ]; then cd / && rmdir "$checkout" || exit 1; fi
    exit 0 ;;
esac
is_edited() { ! run diff --no-ext-diff --no-textconv --ignore-submodules=all --quiet HEAD -- "$1"; }
"""

_MOVE_BACK = r"""
umask 022
if [ "$head" != "$from" ]; then
  [ "$head" = "$to" ] || stays "somebody moved it"
  run -c submodule.recurse=false checkout -q --detach --no-overwrite-ignore "$from" 2>"$kept/.said" ||
    stays "$(head -n 1 "$kept/.said")"
fi
if [ -n "$branch" ] && [ "$(run rev-parse -q --verify "$branch")" = "$from" ]; then
  run symbolic-ref HEAD "$branch" || exit 1
fi
"""


def restore(site: Site, *, deployment: str) -> tuple[str, ...]:
    """Take the checkout back to where a deployment found it; returns what stays, a line each. Safe to repeat."""
    kept = site.before(deployment, NAME)
    start = prelude(checkout=site.checkout, kept=kept)
    notes = [line.partition(" ") for line in _said(site, script(start + _NOTES, Effect.READS))]
    seen = "".join(f"edited{n}=; ! is_edited {quote(path)} || edited{n}=yes\n" for n, (_, _, path) in enumerate(notes))
    back = "".join(
        _put_back(_edit_folder(kept, path), f"{site.checkout}/{path}", was=was, edited=f"$edited{n}")
        for n, (was, _, path) in enumerate(notes)
    )
    text = start + DIGEST + _BEFORE_MOVE + seen + _MOVE_BACK + back
    return tuple(line.removeprefix("kept ") for line in _said(site, script(text, Effect.WRITES)))


def _put_back(folder: str, path: str, *, was: str, edited: str) -> str:
    """The edit comes back unless somebody edited the file again since; one that is back already stays."""
    return (
        f'if [ "$(digest_of {quote(path)})" = {quote(was)} ]; then :\n'
        f"elif [ -n \"{edited}\" ]; then printf 'kept %s\\n' {quote(path)}\n"
        f"else\n{before.put_back(folder)}fi\n"
    )


def _said(site: Site, command: Command) -> list[str]:
    result = site.runner.run(command)
    if not result.ok:
        raise ToolError(
            f"{site.node.name}: {site.checkout} cannot be taken back",
            said=printable(result.errors),
            remedy=f"see what `git status` says in it on {site.node.name}",
        )
    return [printable(line) for line in result.text.splitlines() if line]


def _edit_folder(kept: str, path: str) -> str:
    return f"{kept}/edits/{hashlib.sha256(path.encode()).hexdigest()[:16]}"
