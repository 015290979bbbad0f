"""One script per node that renders every project there and asks Compose for its dry run."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from stems.infrastructure.command import Command, Effect, script
from stems.tools.base import Job, Site
from stems.tools.compose.render import RENDER, Rendering, exported, settings
from stems.tools.compose.shell import preamble

TIMEOUT = 120.0
AT_ONCE = 4

_DRY_RUN = r"""
images() {
  sed -n '/^@uses /{s/^@uses "//;s/"$//;p;}' "$work/outline" | sort -u | while IFS= read -r image; do
    if id=$(docker image inspect --format '{{.Id}}' "$image" 2>"$work/said" </dev/null); then say "@image $id $image"
    else
      case $(cat "$work/said") in
        *'o such image'*) say "@image missing $image" ;;
        *) say "@image unknown $image" ;;
      esac
    fi
  done
}

# Nothing is started in a dry run: Compose would wait for what never completes.
dry_run() {
  pull=never
  ! grep -q '^@image missing' "$work/images" || pull=missing
  if [ "$pull" = missing ] && grep -q '^@builds' "$work/outline"; then say '@builds-first'; return 0; fi
  (variables; call_compose --profile '*' -p "$project" --project-directory "$there" -f "$model" \
    --dry-run --progress json up --no-start --remove-orphans=false --no-build --pull "$pull") \
    </dev/null >"$work/dry" 2>&1
  ended=$?; say "@dry $ended"
  # Only names and states are read of what went well.
  if [ "$ended" = 0 ]; then quoted <"$work/dry"; else told <"$work/dry"; fi
}

# Mounts of containers that run without labels of stems, the sixth field, to see whether they would be kept: those of
# the project, and those that were started by themselves and have a name that the project wants.
mounts() {
  sed -n 's/^@named \(.*\)/,\1,/p' "$work/outline" >"$work/named"
  grep -F -e "\"$project\"" -f "$work/named" "$listing" | awk -F '","' '$6 == ""' |
    sed 's/^\["\([0-9a-f]*\)".*/\1/' >"$work/ids"
  [ -s "$work/ids" ] || return 0
  form='{{if .HostConfig.AutoRemove}}! {{.Id}}{{println}}{{end}}[{{json .Id}},{{json .Mounts}}]'
  xargs docker inspect --format "$form" <"$work/ids" >"$work/mounts" 2>/dev/null
  say '@running-mounts'; grep '^\[' "$work/mounts" | quoted
  say '@fleeting'; sed -n 's/^! /| /p' "$work/mounts"
}

noted() { say "@$1"; [ ! -e "$state/$project/$1" ] || quoted <"$state/$project/$1"; }

# Of every project, with or without containers: those of a service that went away stay.
volumes() {
  if docker volume ls --filter label=com.docker.compose.project \
    --format '{{.Name}} {{.Label "com.docker.compose.project"}}' >"$work/volumes" 2>&1 </dev/null
  then say @volumes; else say '@failed Docker does not list its volumes'; fi
  quoted <"$work/volumes"
}

look_at() {
  render_project >"$work/outline"; done=$?; cat "$work/outline"
  noted applied; noted parts
  [ "$done" = 0 ] || return 0
  images >"$work/images"; cat "$work/images"
  dry_run; mounts
}
"""


def observe_script(job: Job, site: Site, renderings: Sequence[Rendering]) -> str:
    """A few projects at once, each with a folder of its own to work in."""
    parts = [preamble(site, asks_compose=bool(renderings)), RENDER, exported(job, site), _DRY_RUN]
    # A dry run, too, would leave the folder of a builder in the home of whoever asks.
    parts.append("BUILDX_CONFIG=$work/buildx; export BUILDX_CONFIG")
    parts.append('listing=$work/containers; say @containers; quoted <"$listing"; volumes')
    for number, one in enumerate(renderings, 1):
        parts.append(f"render_project() {{\n{settings(job, site, one)}\n}}\nproject={quote(one.project.name)}")
        parts.append(f'(work=$work/{number}; mkdir "$work" && look_at >"$work.out") </dev/null &')
        parts.append("wait" if number % AT_ONCE == 0 else "")
    parts.append("wait")
    for number, one in enumerate(renderings, 1):
        parts.append(f'say "@project {one.project.name}"; cat "$work/{number}.out"')
    return "\n".join([*parts, "end\n"])


def observe_command(job: Job, site: Site, renderings: Sequence[Rendering], *, account: str = "") -> Command:
    """Stages: it links the node's own files into the stage, and works in a private folder."""
    text = observe_script(job, site, renderings)
    return script(text, Effect.STAGES, timeout=TIMEOUT + 5 * len(renderings), account=account)
