"""The stage on a node: the commit in a bare repository of stems, and its files in a private folder."""

from __future__ import annotations

from stems.errors import StemsError, ToolError, UnknownError
from stems.infrastructure.command import Command, Effect, Result, script
from stems.infrastructure.runner import Runner
from stems.model.names import printable
from stems.tools.base import Site
from stems.tools.git.command import NO_USER_CONFIG, git_command, prelude
from stems.tools.git.remote import environment, repository_of
from stems.tools.git.repository import Repository, full
from stems.tools.keyed import REQUIRE_KEY

KEPT = 5
LEAST_GIT = (2, 30)
TIMEOUT = 300.0


def folder(state: str, sha: str) -> str:
    """Where the files of a commit lie on a node."""
    return f"{state}/stage/{full(sha)}"


def ref_of(sha: str) -> str:
    return f"refs/stems/commits/{full(sha)}"


_PREPARE = (
    r"""
command -v git >/dev/null || { echo missing; exit 0; }
version=$(git --version)
version=${version#git version }
major=${version%%.*} rest=${version#*.}
minor=${rest%%[!0-9]*}
if [ "$major" -lt "$least_major" ] || { [ "$major" -eq "$least_major" ] && [ "$minor" -lt "$least_minor" ]; }; then
  printf 'old %s\n' "$version"
  exit 0
fi
mkdir -p "$state/stage" && chmod 700 "$state" "$state/stage" || exit 1
"""
    + REQUIRE_KEY
    + r"""
if [ ! -f "$repo/HEAD" ]; then
  made=$(mktemp -d "$state/.repo.XXXXXX") && run init -q --bare --template= "$made" || exit 1
  mv -T "$made" "$repo" 2>/dev/null || rm -rf "$made"
  [ -f "$repo/HEAD" ] || exit 1
fi
if ! run --git-dir="$repo" rev-parse -q --verify "$ref^{commit}" >/dev/null; then echo wanted; exit 0; fi
"""
)

# Files get the modes of the commit, the folder above them is private. An edited stage is built again, aside.
_UNPACK = r"""
on_stage() { tree=$1 index=$2; shift 2; GIT_DIR=$repo GIT_WORK_TREE=$tree GIT_INDEX_FILE=$index run -C "$tree" "$@"; }
is_clean() {
  [ -d "$1" ] && listed=$(on_stage "$1" "$1.index" ls-files --modified --deleted --others) && [ -z "$listed" ]
}
if ! is_clean "$stage"; then
  build=$(mktemp -d "$state/stage/.build.XXXXXX") || exit 1
  trap 'rm -rf "$build"' EXIT
  mkdir "$build/tree" && on_stage "$build/tree" "$build/index" read-tree "$ref" || exit 1
  (umask 022; on_stage "$build/tree" "$build/index" checkout-index --all --index) || exit 1
  chmod 700 "$build/tree"
  if [ -d "$stage" ] && ! is_clean "$stage"; then mv -T "$stage" "$build/edited" 2>/dev/null; fi
  mv -f "$build/index" "$stage.index" || exit 1
  mv -T "$build/tree" "$stage" 2>/dev/null || is_clean "$stage" || exit 1
fi
touch "$stage"
cd "$state/stage" || exit 1
ls -1t | while IFS= read -r name; do
  [ -d "$name" ] || continue
  kept=$((${kept:-0} + 1))
  [ "$kept" -le "$most" ] || [ -z "$(find "$name" -prune -mmin +120)" ] || rm -rf "$name" "$name.index"
done
find . -name '.build.*' -prune -mmin +1440 -exec rm -rf {} +
echo staged
"""


_LOOK = r"""
if run --git-dir="$repo" rev-parse -q --verify "$ref^{commit}" >/dev/null 2>&1; then echo there; else echo wanted; fi
"""


def stage_command(state: str, sha: str) -> Command:
    """Make what is missing on the node; answers `staged`, or `wanted` when the commit has to be pushed first."""
    start = prelude(
        env=NO_USER_CONFIG,
        state=state,
        repo=f"{state}/repo.git",
        stage=folder(state, sha),
        ref=ref_of(sha),
        most=str(KEPT),
        least_major=str(LEAST_GIT[0]),
        least_minor=str(LEAST_GIT[1]),
    )
    return script(start + _PREPARE + _UNPACK, Effect.STAGES, timeout=TIMEOUT)


def push_command(repository: Repository, sha: str, *, site: Site) -> Command:
    """Send the commit to the node, over the same SSH as everything else."""
    arguments = (
        "push", "--quiet", "--porcelain", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no",
        "--", repository_of(site), f"{full(sha)}:{ref_of(sha)}",
    )  # fmt: skip
    return git_command(repository.root, *arguments, effect=Effect.STAGES, env=environment(site), timeout=TIMEOUT)


def stage(repository: Repository, sha: str, *, site: Site, local: Runner) -> str:
    """Have the files of a commit on a node; returns their folder there."""
    if _staged(site, sha):
        return folder(site.state, sha)
    command = push_command(repository, sha, site=site)
    result = local.run(command)
    # A push that lost against another one of the same commit has what it wanted.
    if _staged(site, sha):
        return folder(site.state, sha)
    if not result.ok:
        raise push_error(site.node.name, sha, command=command, result=result)
    raise UnknownError(f"{site.node.name}: {sha[:12]} was pushed and is not there", remedy="try again")


def push_error(node: str, sha: str, *, command: Command, result: Result) -> StemsError:
    said = f"{result.text}\n{result.errors}"
    if "shallow update not allowed" in said:
        return ToolError(
            f"{node}: {sha[:12]} cannot be sent from a shallow clone",
            said=said,
            remedy="fetch the whole history with `git fetch --unshallow`, then try again",
        )
    return ToolError(f"{node}: {sha[:12]} cannot be sent", ran=str(command), said=said, remedy="see what Git says")


def _staged(site: Site, sha: str) -> bool:
    result = site.runner.run(stage_command(site.state, sha))
    word, _, detail = result.text.strip().partition(" ")
    if result.ok and word in ("staged", "wanted"):
        return word == "staged"
    raise _stage_error(site.node.name, word, detail=detail, said=result.errors)


def _stage_error(node: str, word: str, *, detail: str, said: str) -> StemsError:
    least = ".".join(map(str, LEAST_GIT))
    if word == "missing":
        return ToolError(f"{node}: Git is not there", remedy=f"install git {least} or later on {node}")
    if word == "old":
        return ToolError(
            f"{node}: Git {printable(detail)} is too old", remedy=f"install git {least} or later on {node}"
        )
    return ToolError(
        f"{node}: the stage cannot be made", said=printable(said), remedy=f"see the disk and permissions on {node}"
    )


def look(state: str, sha: str) -> str:
    """For the probe: whether a commit is on the node already."""
    start = prelude(repo=f"{state}/repo.git", ref=ref_of(sha))
    return start + _LOOK
