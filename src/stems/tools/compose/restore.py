"""Putting services back to what was applied before a deployment."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect, script
from stems.model.names import printable
from stems.model.node import Privilege
from stems.tools.base import Job, Site
from stems.tools.compose.apply import TIMEOUT
from stems.tools.compose.naming import NAME
from stems.tools.compose.shell import preamble
from stems.tools.redact import redacted

_RESTORE = r"""
kept() { say "@kept $project: $1"; [ ! -s "$work/said" ] || told <"$work/said"; }
run() { "$@" </dev/null >"$work/said" 2>&1; }
lines() { cut -d ' ' -f 1 <"$1"; }

# Without those of `docker compose run`: somebody made them by hand.
ours() {
  docker ps -a --no-trunc --filter "label=com.docker.compose.project=$project" \
    --filter "label=stems.cluster=$cluster" --filter label=com.docker.compose.oneoff=False "$@"
}

# Containers and networks that this deployment made and that the model before does not have. Never volumes.
remove_new() {
  ours -q </dev/null >"$work/now" || return 1
  for id in $(cat "$work/now"); do
    lines "$kept/containers" | grep -qx "$id" || docker rm -f "$id" </dev/null >/dev/null || return 1
  done
  remove_networks
}

# By name: one that went with its project has a new id when it comes back.
remove_networks() {
  docker network ls --filter "label=com.docker.compose.project=$project" --format '{{.Name}}' </dev/null >"$work/now" ||
    return 1
  while read -r name; do
    grep -qxF "$name" "$kept/networks" || docker network rm "$name" </dev/null >/dev/null || return 1
  done <"$work/now"
}

# Compose leaves containers of services that a model does not have. An empty record would be none of them.
remove_unknown() {
  [ -s "$kept/applied" ] || return 1
  ours --format '{{.ID}} {{.Label "com.docker.compose.service"}}' </dev/null >"$work/now" || return 1
  while read -r id service; do
    cut -d ' ' -f 3 <"$kept/applied" | grep -qxF "$service" ||
      docker rm -f "$id" </dev/null >/dev/null || return 1
  done <"$work/now"
}

# To where containers say that their model is.
model() { mkdir -p "$state/$project" && cp -p "$kept/applied.json" "$state/$project/applied.json"; }

records() {
  mkdir -p "$state/$project" || return 1
  for file in applied.json applied parts directory environment; do
    if [ -e "$kept/$file" ]; then cp -p "$kept/$file" "$state/$project/$file" || return 1
    else rm -f "$state/$project/$file"; fi
  done
  rmdir "$state/$project" 2>/dev/null || :
}

# In all projects before anything is put back: what was made may have the port or the name of what ran before.
take_away() {
  if [ -e "$kept/applied.json" ]; then run remove_unknown
  elif [ ! -s "$kept/containers" ]; then run remove_new
  fi
}

# A name that is built anew belongs to another image since.
images() {
  [ -e "$kept/images" ] || return 0
  while read -r id name; do
    case $name in *@*|sha256:*) continue ;; esac
    docker tag "$id" "$name" </dev/null || return 1
  done <"$kept/images"
}

up() {
  ( [ ! -e "$kept/environment" ] || . "$kept/environment"
    call_compose --profile '*' -p "$project" --project-directory "$there" -f "$state/$project/applied.json" \
      up -d --no-build --remove-orphans=false )
}

# What made way for a container that got its name.
come_back() {
  while read -r id running policy most name; do
    now=$(docker inspect --format '{{.Name}}' "$id" </dev/null) || return 1
    [ "$now" = "$name" ] || docker rename "$id" "${name#/}" </dev/null || return 1
    [ "$most" = 0 ] || policy=$policy:$most
    docker update --restart="$policy" "$id" </dev/null || return 1
    [ "$running" != true ] || docker start "$id" </dev/null || return 1
  done <"$kept/aside"
}

put_back() {
  : >"$work/said"
  if [ -e "$kept/applied.json" ]; then
    there=$(cat "$kept/directory") || { kept 'its folder is not known'; return; }
    values=$there/.env
    run model || { kept 'the model before could not be written'; return; }
    run images || { kept 'an image of before is gone'; return; }
    run up || { kept 'Compose could not start what ran before'; return; }
    run remove_networks || kept 'networks that were added could not be removed'
  elif [ -s "$kept/containers" ]; then
    kept 'it ran before stems took it over, and runs as stems made it'; return
  fi
  run records || kept 'the record of what is applied could not be written'
}

each() {
  for kept in "$before"/*/; do
    [ -e "${kept}containers" ] || continue
    kept=${kept%/} project=${kept##*/}
    "$@"
  done
}
clear_way() { take_away || { kept 'what was added could not be removed'; : >"$work/$project.kept"; }; }
fill() {
  [ ! -e "$work/$project.kept" ] || return 0
  put_back
  [ ! -e "$kept/aside" ] || run come_back || kept 'a container that made way could not be put back'
}

each clear_way
each fill
say '@done'
end
"""


def restore(job: Job, site: Site) -> Sequence[str]:
    """Put back what `job.deployment` replaced on one node; safe to repeat."""
    output = ""
    for account in ("", "root") if site.node.privilege is not Privilege.NONE else ("",):
        result = site.runner.run(restore_command(job, site, account=account))
        output = result.text
        if "@denied" not in output.splitlines():
            break
    lines = output.splitlines()
    if "@done" not in lines or "@end" not in lines:
        raise ToolError(
            f"{site.node.name}: services could not be taken back",
            said=redacted(printable(output + result.errors)),
            remedy=f"see `docker ps -a` on {site.node.name}; the models before are in "
            f"{site.before(job.deployment, NAME)}",
        )
    return [printable(line.removeprefix("@kept ")) for line in lines if line.startswith("@kept ")]


def restore_command(job: Job, site: Site, *, account: str = "") -> Command:
    names = {"before": site.before(job.deployment, NAME), "cluster": job.cluster.name}
    lines = [preamble(site), *(f"{name}={quote(value)}" for name, value in names.items()), _RESTORE]
    return script("\n".join(lines), Effect.WRITES, timeout=TIMEOUT, account=account)
