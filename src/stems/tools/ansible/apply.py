"""Making the approved changes on one node, and putting back what they replaced."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack

from stems.errors import ToolError
from stems.infrastructure.before import changed_since, keep, parse_changed, parse_put_back, put_back, seal
from stems.infrastructure.command import Command, Effect, Result, Watch, script
from stems.model.change import Change
from stems.tools.ansible.changes import is_change, paths_of
from stems.tools.ansible.check import scan
from stems.tools.ansible.configured import bring_requirements
from stems.tools.ansible.left import NAME, TIMEOUT, left_command
from stems.tools.ansible.preview import blocked_at, require_safe
from stems.tools.ansible.run import Ran, run_playbook
from stems.tools.ansible.subject import FILES, path_of
from stems.tools.ansible.verdict import failures_of, require_matched
from stems.tools.base import Job, Site


def apply(job: Job, site: Site, changes: Sequence[Change], *, watch: Watch | None = None) -> None:
    """Where the preview was blocked, the run does no task from there on, only the handlers that were notified before.

    Without changes it is a replay, which comes before `restore`: what was edited since the deployment outlives it.
    """
    apply_group(job, [site], {site.node.name: changes}, watch=watch)


def apply_group(
    job: Job, sites: Sequence[Site], changes: Mapping[str, Sequence[Change]], *, watch: Watch | None = None
) -> None:
    """The same in one run for several nodes: each that has changes keeps its own before-state."""
    bring_requirements(job)
    scanned = scan(job)
    require_safe(scanned)
    if job.part is not None and not scanned.numbers(job.part):
        return
    is_replay = not any(changes.values())
    edited: dict[str, tuple[str, ...]] = {}
    with ExitStack() as sealing:
        for site in sites:
            name, folder = site.node.name, site.before(job.deployment, NAME)
            if is_replay or changes.get(name):
                edited[name] = _set_aside(site, folder) if is_replay else ()
                _run(site, keep_command(folder, changes.get(name, ())), "the before-state cannot be kept")
                sealing.callback(_run, site, seal_command(folder, edited[name]), "the before-state cannot be sealed")
        ran = run_playbook(job, sites, scanned, check=False, until=blocked_at(job.blocked), watch=watch)
    require_matched(job, ran)
    for failure in failures_of(ran, [site.node.name for site in sites], stops_all=scanned.ends_for_all):
        raise failure
    for site in sites:
        written = [*kept_paths(changes.get(site.node.name, ())), *_changed(ran, site.node.name)]
        noted = [path for path in written if path not in edited.get(site.node.name, ())]
        _run(site, left_command(site.left(NAME), noted), "what was written cannot be noted")


def _set_aside(site: Site, folder: str) -> tuple[str, ...]:
    """Copies of what was edited since the deployment, which a replay would write over."""
    look = script(changed_since(folder), Effect.READS, account="root", timeout=TIMEOUT)
    edited = parse_changed(_run(site, look, "what was edited since cannot be seen").text)
    if edited:
        _run(site, set_aside_command(folder, edited), "what was edited since cannot be kept")
    return edited


def restore(job: Job, site: Site) -> Sequence[str]:
    result = _run(site, restore_command(site.before(job.deployment, NAME)), "the before-state cannot be put back")
    _run(site, left_command(site.left(NAME), parse_paths(result.text)), "what was put back cannot be noted")
    return [f"file:{path}: changed since the deployment" for path in parse_put_back(result.text)]


def kept_paths(changes: Iterable[Change]) -> list[str]:
    return sorted(set(paths_of(changes).values()))


def keep_command(folder: str, changes: Sequence[Change]) -> Command:
    """Keeps the before-state, and lists beside it which paths there were."""
    paths = kept_paths(changes)
    removed = {change.resource.removeprefix("file:") for change in changes if change.action == "remove"}
    noted = f"""
list={shlex.quote(_list(folder))}
for path in {shlex.join(paths)}; do
  if [ -f "$list" ] && grep -qxF -e "present $path" -e "absent $path" "$list"; then continue; fi
  if [ -e "$path" ] || [ -L "$path" ]; then was=present; else was=absent; fi
  printf '%s %s\\n' "$was" "$path" >>"$list" || exit 1
done
"""
    return script(keep(folder, paths, whole=removed) + noted, Effect.WRITES, account="root", timeout=TIMEOUT)


def set_aside_command(folder: str, edited: Sequence[str]) -> Command:
    # Anything may lie where a path was, a directory included.
    return script(keep(_aside(folder), edited, whole=edited), Effect.WRITES, account="root", timeout=TIMEOUT)


def seal_command(folder: str, edited: Sequence[str]) -> Command:
    """Seals, except what was `edited` before a replay: that is put back, and still differs from what was sealed."""
    aside = _aside(folder)
    # The copy goes only when nothing was left as it is.
    back = f'left=$(\n{put_back(aside)}) && [ -z "$left" ] && rm -rf {shlex.quote(aside)} || exit 1\n' if edited else ""
    return script(seal(folder, but=edited) + back, Effect.WRITES, account="root", timeout=TIMEOUT)


def restore_command(folder: str) -> Command:
    """Puts back, and prints `path PATH` for everything that was kept.

    A unit whose file goes is stopped first: without the file nothing could stop it by name.
    """
    stop = f"""
reload= list={shlex.quote(_list(folder))}
[ ! -f "$list" ] || while IFS= read -r line; do
  path=${{line#* }}
  printf 'path %s\\n' "$path"
  case $path in /etc/systemd/system/*) reload=yes ;; *) continue ;; esac
  case $line in
    absent\\ *.service|absent\\ *.timer|absent\\ *.socket|absent\\ *.path|absent\\ *.mount)
      [ ! -f "$path" ] || systemctl disable --now -- "${{path##*/}}" </dev/null >&2 || exit 1 ;;
  esac
done <"$list"
"""
    reload = '[ -z "$reload" ] || systemctl daemon-reload\n'
    return script(stop + put_back(folder) + reload, Effect.WRITES, account="root", timeout=TIMEOUT)


def _aside(folder: str) -> str:
    return f"{folder}.edited"


def _list(folder: str) -> str:
    return f"{folder}.paths"


def parse_paths(output: str) -> list[str]:
    return [line.removeprefix("path ") for line in output.splitlines() if line.startswith("path /")]


def _changed(ran: Ran, node: str) -> list[str]:
    """The files that the run said it changed: a task hidden from the preview may have, too."""
    own = [outcome for outcome in ran.run.of_node(node) if not outcome.delegated]
    acted = [outcome for outcome in own if outcome.status == "ok" and is_change(outcome)]
    return [path for outcome in acted if outcome.module in FILES and (path := path_of(outcome))]


def _run(site: Site, command: Command, problem: str) -> Result:
    result = site.runner.run(command)
    if not result.ok:
        raise ToolError(f"{site.node.name}: {problem}", said=result.errors, remedy="look at the node, then try again")
    return result
