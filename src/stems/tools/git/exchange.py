"""Taking the ledger, and commits, to a node and back."""

from __future__ import annotations

from pathlib import Path

from stems.errors import ToolError, UnknownError
from stems.infrastructure.command import Command, Effect, script
from stems.infrastructure.runner import Runner
from stems.model.names import SHA, is_name, printable
from stems.tools.base import Site
from stems.tools.git.command import git_command, output_of, prelude
from stems.tools.git.ledger import REF, Ledger
from stems.tools.git.remote import environment, repository_of
from stems.tools.git.repository import Repository
from stems.tools.git.stage import ref_of

TRIES = 5
TIMEOUT = 120.0

_LOOK = r"""
if [ ! -e "$repo" ]; then
  [ ! -e "$state" ] || [ -x "$state" ] || exit 1
  echo none; exit 0
fi
run --git-dir="$repo" rev-parse --git-dir >/dev/null || exit 1
run --git-dir="$repo" rev-parse -q --verify "$ref^{commit}" || echo none
"""


def look(state: str, ref: str = REF) -> str:
    """For the probe: the commit that a ref of the node's repository names."""
    return prelude(state=state, repo=f"{state}/repo.git", ref=ref) + _LOOK


def parse_look(place: str, status: int, output: str) -> str:
    """That commit, empty when the node said that there is none."""
    sha = output.strip()
    if status == 0 and (sha == "none" or is_name(SHA, sha)):
        return "" if sha == "none" else sha
    raise UnknownError(f"{place}: its ledger cannot be read", said=printable(output), remedy="see its disk")


def ledger_at(site: Site) -> str:
    """The newest commit of the ledger on a node, empty when it has none."""
    result = site.runner.run(script(look(site.state), Effect.READS))
    return parse_look(site.node.name, result.status, result.text)


def fetch_command(folder: Path, site: Site, *, source: str, target: str, effect: Effect) -> Command:
    options = ("--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--recurse-submodules=no", "--refmap=")
    arguments = ("fetch", "-q", *options, "--", repository_of(site), f"+{source}:{target}")
    return git_command(folder, *arguments, effect=effect, env=environment(site), timeout=TIMEOUT)


def push_command(ledger: Ledger, site: Site, *, sha: str) -> Command:
    arguments = (
        "push", "--quiet", "--porcelain", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no",
        "--", repository_of(site), f"{sha}:{REF}",
    )  # fmt: skip
    return git_command(ledger.folder, *arguments, effect=Effect.WRITES, env=environment(site), timeout=TIMEOUT)


def fetch(ledger: Ledger, site: Site) -> str:
    """Join what a node has recorded into the ledger here; returns its newest commit, empty when there is none."""
    theirs = ledger_at(site)
    if theirs:
        name = site.node.name
        target = f"refs/stems/ledger/{name}"
        command = fetch_command(ledger.folder, site, source=REF, target=target, effect=Effect.WRITES)
        output_of(ledger.runner, command, f"{name}: its ledger cannot be fetched")
        fetched = output_of(ledger.runner, git_command(ledger.folder, "rev-parse", target), f"{name}: no ledger came")
        return ledger.merge(fetched.decode().strip(), source=name)
    return ledger.head()


def push(ledger: Ledger, site: Site) -> None:
    """Have everything that is recorded here on the node, and here what only the node had recorded."""
    for _ in range(TRIES):
        sha = ledger.head()
        if not sha:
            return
        result = ledger.runner.run(push_command(ledger, site, sha=sha))
        if result.ok:
            return
        # Somebody else recorded something there meanwhile: join it, then push both.
        if ledger_at(site) in ("", sha):
            break
        fetch(ledger, site)
    raise ToolError(
        f"{site.node.name}: the ledger cannot be sent",
        said=printable(f"{result.text}\n{result.errors}"),
        remedy="see its disk; the record is safe here and goes with the next deployment",
    )


def read_from(site: Site, local: Runner, *, private: Path, prefix: str = "") -> dict[str, bytes]:
    """What a node has recorded, without writing anything to the clone: for a laptop that has no ledger yet."""
    if not ledger_at(site):
        return {}
    folder = private / f"ledger-{site.node.name}.git"
    folder.mkdir(mode=0o700, exist_ok=True)
    problem = f"{site.node.name}: its ledger cannot be fetched"
    output_of(local, git_command(folder, "init", "-q", "--bare", "--template=", effect=Effect.STAGES), problem)
    output_of(local, fetch_command(folder, site, source=REF, target=REF, effect=Effect.STAGES), problem)
    return Ledger(folder, local).read(prefix)


def bring(repository: Repository, sha: str, *, site: Site) -> None:
    """Fetch a commit that was deployed from elsewhere, so that this clone can read it: into the stage's own refs."""
    ref = ref_of(sha)
    command = fetch_command(repository.common, site, source=ref, target=ref, effect=Effect.STAGES)
    output_of(repository.runner, command, f"{site.node.name}: {sha[:12]} cannot be fetched")
