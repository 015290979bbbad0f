"""Making approved changes of services, after keeping what was applied before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect, script
from stems.model.change import Change
from stems.tools.base import Job, Site
from stems.tools.compose.adoption import displaced
from stems.tools.compose.beside import BESIDE
from stems.tools.compose.container import Container
from stems.tools.compose.kept import KEEP
from stems.tools.compose.naming import NAME
from stems.tools.compose.preview import Observed, observe
from stems.tools.compose.project import PROJECT
from stems.tools.compose.recreation import View, in_the_way, keyed_part, only_compose_changed
from stems.tools.compose.render import RENDER, Rendering, exported, settings
from stems.tools.compose.said import cause_of, told
from stems.tools.compose.shell import preamble

TIMEOUT = 900.0
_RUNS = ("compose ", "docker ")
_APPLY = r"""
run() { "$@" </dev/null >"$work/said" 2>&1 || { say "@failed $project: $1 $2 $3"; told <"$work/said"; end; }; }
keep_before() { keep "$project" || { say "@failed $project: the state before cannot be kept"; end; }; }
compose() { (variables; call_compose --profile '*' -p "$project" --project-directory "$there" -f "$model" "$@"); }

# Pulled before anything stops.
fetch() { run compose pull --policy missing --ignore-buildable --quiet; }

# A container that was started by itself makes way for the one that gets its name, and does not come back by itself.
stand_aside() {
  run docker update --restart=no "$1"
  run docker stop "$1"
  run docker rename "$1" "$2.before-${kept_as#*.}"
}

# Noted before the act, so that what a broken act leaves is not taken for a hand edit of the one before.
# Written beside its place and renamed, because taking back removes containers that are not in the record.
note() {
  written "$@" 2>"$work/said" || { say "@failed $project: what is applied cannot be noted"; quoted <"$work/said"; end; }
}
written() {
  folder=$state/$project
  mkdir -p "$folder" && cp "$model" "$folder/applied.json.new" && say "$there" >"$folder/directory.new" &&
    printf %s "$1" >"$folder/applied.new" && printf %s "$2" >"$folder/parts.new" &&
    say "$exports" >"$folder/environment.new" || return 1
  for file in applied.json directory applied parts environment; do
    mv "$folder/$file.new" "$folder/$file" || return 1
  done
}

# Networks of a project that is gone hold nothing; one that somebody else's container is in stays.
drop_networks() {
  docker network ls -q --filter "label=com.docker.compose.project=$1" </dev/null >"$work/networks" || return 0
  while read -r network; do docker network rm "$network" </dev/null >/dev/null 2>&1; done <"$work/networks"
}

# From where it was noted, because Compose labels containers with the place of their model.
up() { model=$state/$project/applied.json; run compose up --remove-orphans=false --pull never "$@"; }
"""


def apply(job: Job, site: Site, changes: Sequence[Change]) -> None:
    """Make the approved changes on one node, project by project."""
    observed = observe(job, site)
    if observed.reading.blocked:
        problem = f"{site.node.name}: {observed.reading.blocked}"
        raise ToolError(problem, remedy="install or start it there, then plan again")
    result = site.runner.run(apply_command(job, site, observed=observed, changes=changes))
    _require_done(site, result.text, said=result.errors)


def apply_command(job: Job, site: Site, *, observed: Observed, changes: Sequence[Change]) -> Command:
    parts = [preamble(site), RENDER, exported(job, site)]
    tag = f"{job.cluster.name}.{job.deployment}"
    parts += [
        f"before={quote(site.before(job.deployment, NAME))}",
        f"kept_as={quote(tag)}",
    ]
    parts += [KEEP, _APPLY, BESIDE, "forget_images"]
    touched = [one for one in observed.renderings if _touches(one, observed, changes)]
    removed = {name: project for name, project in _removed(observed, changes)}
    aside = {one.project.name: _aside(one, observed, changes) for one in touched}
    for project in dict.fromkeys([*aside, *removed.values()]):
        ids = " ".join(found.identity for found in aside.get(project, ()))
        parts.append(f"project={quote(project)} aside={quote(ids)}\nkeep_before")
    for one in touched:
        parts += [f"render_project() {{\n{settings(job, site, one)}\n}}", *_fetched(one, observed, changes)]
    # Before anything is made, because it may have the port or the name that something new gets.
    for name, project in removed.items():
        parts.append(f"project={quote(project)}\nrun docker rm -f {quote(name)}")
    for one in touched:
        there = f"{site.checkout}/{one.project.folder}"
        parts += [f"there={quote(there)} {one.said(site)}", *_made(one, observed, changes)]
    gone = set(removed.values()) - observed.projects.keys()
    parts += [f'drop_networks {quote(project)}; rm -rf "$state"/{quote(project)}' for project in sorted(gone)]
    parts.append("say '@done'\nend\n")
    return script("\n".join(parts), Effect.WRITES, timeout=TIMEOUT, account=observed.account)


def _fetched(one: Rendering, observed: Observed, changes: Sequence[Change]) -> Iterator[str]:
    """What takes time and can fail, while everything still runs."""
    seen = observed.reading.projects[one.project.name]
    yield 'render_project >"$work/outline" || { cat "$work/outline"; end; }'
    if not all(seen.images.values()):
        yield "fetch"
    action = {change.resource: change.action for change in changes}
    kept = {found.service for key, found in _containers(one, observed).items() if action.get(key) != "recreate"}
    missing = {image for image, identity in seen.images.items() if not identity}
    built = {name: service.image for name, service in seen.services.items() if service.builds}
    fresh = [name for name, image in built.items() if name not in kept or image in missing]
    if fresh:
        yield f"run compose build --quiet {_words(fresh)}"


def _made(one: Rendering, observed: Observed, changes: Sequence[Change]) -> Iterator[str]:
    name, ours = one.project.name, _containers(one, observed)
    action = {change.resource: change.action for change in changes}
    yield f'project={quote(name)} model="$work/"{quote(name)}.json'
    for resource, found in ours.items():
        if found.state == "paused" and resource in action:
            yield f"run docker unpause {quote(found.identity)}"
    yield f"note {_records(one, observed)}"
    for found in _aside(one, observed, changes):
        yield f"stand_aside {quote(found.identity)} {quote(found.name)}"
    again = {found.service for key, found in ours.items() if action.get(key) == "recreate"}
    seen = observed.reading.projects[name]
    if only_compose_changed(seen, ours.values(), observed.reading.version):
        yield "up -d --no-recreate"
        yield f"up -d --force-recreate --no-deps {_words(again)}" if again else ""
        return
    yield "scaled= extra= waiting="
    for service in sorted(again):
        view = View(one.project, seen, observed.reading.version, service, {}, tuple(ours.values()))
        if not any(in_the_way(view)):
            yield f"beside {quote(service)} {view.rendered.count + 1}"
    yield "up -d $scaled; leave"


def _containers(one: Rendering, observed: Observed) -> dict[str, Container]:
    """The containers of a project, by resource."""
    return {
        f"container:{found.name}": found for found in observed.reading.containers if found.project == one.project.name
    }


def _aside(one: Rendering, observed: Observed, changes: Sequence[Change]) -> list[Container]:
    """The containers outside of Compose that make way, each as it was approved."""
    approved = {change.resource: change.before for change in changes if change.action == "recreate"}
    found = displaced(observed.reading.projects[one.project.name], observed.reading.containers).values()
    return [each for each in found if approved.get(f"container:{each.name}") == each.before]


def _words(names: Iterable[str]) -> str:
    return " ".join(quote(name) for name in sorted(names))


def _records(one: Rendering, observed: Observed) -> str:
    """What is noted on the node of an applied project, as words: digests, and what they are made of."""
    name, seen = one.project.name, observed.reading.projects[one.project.name]
    jobs = one.project.jobs()
    applied = [
        f"{name} {one.project.service.name} {service} {digest} {'job' if service in jobs else 'run'} "
        f"{seen.services[service].count}"
        for service, digest in sorted(seen.digests.items())
        if service in seen.services
    ]
    parts = [
        f"{service} {digest} {part}"
        for service, found in sorted(one.parts.items())
        for part, digest in sorted({**found.digests, **keyed_part(seen.keyed.get(service, "-"))}.items())
        if "\n" not in part
    ]
    return " ".join(quote("".join(f"{line}\n" for line in lines)) for lines in (applied, parts))


def _touches(one: Rendering, observed: Observed, changes: Sequence[Change]) -> bool:
    """Whether an approved change is one of this project."""
    seen = observed.reading.projects[one.project.name]
    own = _containers(one, observed).keys() | {f"image:{image}" for image in seen.images} | seen.events.keys()
    return any(change.resource in own or change.source.startswith(f"{one.project.folder}/") for change in changes)


def _removed(observed: Observed, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """The id and the project of each container whose removal was approved and that is still what it was then."""
    approved = {change.resource: change.before for change in changes if change.action == "remove"}
    for found in observed.reading.containers:
        is_ours = found.cluster or found.project in observed.projects
        is_project = PROJECT.fullmatch(found.project) is not None
        if is_ours and is_project and approved.get(f"container:{found.name}") == found.before:
            yield found.identity, found.project


def _require_done(site: Site, output: str, *, said: str) -> None:
    """The problem is the cause that was told, because it is what the record keeps; the command stands beside it."""
    lines = output.splitlines()
    failed = next((line.removeprefix("@failed ") for line in lines if line.startswith("@failed ")), "")
    if not failed and "@done" in lines and "@end" in lines:
        return
    text = told([line.removeprefix("| ") for line in lines if line.startswith("| ")] or [said])
    project, _, ran = failed.partition(": ")
    cause = cause_of(text) if ran.startswith(_RUNS) else ""
    problem = f"{project}: {cause}" if cause else failed or "the work on services did not come to its end"
    raise ToolError(
        f"{site.node.name}: {problem}",
        ran=ran if cause else "",
        said=text,
        remedy=f"see what is wrong on {site.node.name}, then deploy again",
    )
