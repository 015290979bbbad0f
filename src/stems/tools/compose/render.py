"""POSIX-sh text that renders projects on a node: secrets and rendered models never leave it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote

from stems.errors import ToolError
from stems.model.names import COMPOSE_SERVICE, VARIABLE, is_name
from stems.tools.base import Job, Site
from stems.tools.compose.parts import Parts, read_parts
from stems.tools.compose.project import Project
from stems.tools.compose.required import required_keys
from stems.tools.compose.tree import ENV, TEMPLATE, entries, has
from stems.tools.compose.variables import environment

RENDER = r"""
# From the node's clone into the stage: what Git does not track.
link() {
  case $1 in */*) mkdir -p "$here/${1%/*}" ;; esac
  [ ! -L "$here/$1" ] || rm -f "$here/$1"
  if [ ! -e "$here/$1" ] && [ -e "$there/$1" ]; then ln -sfn "$there/$1" "$here/$1"; fi
}

# The lines of environment files that give these names, with the lines that go on a quoted value.
given() {
  environments | awk -v names="$1" '
    BEGIN { n = split(names, list, " "); for (i = 1; i <= n; i++) wanted[list[i]] = 1 }
    /^[ \t]*(#|$)/ { next }
    /^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_.]*[ \t]*([=:]|$)/ {
      name = $0; sub(/^[ \t]*(export[ \t]+)?/, "", name); sub(/[ \t]*[=:].*/, "", name); on = (name in wanted)
    }
    on'
}

need() {
  for name do
    if [ -z "$(given "$name")" ]; then say "@missing $name"; lacks=1; fi
  done
}

readable() {
  for file do
    if [ -e "$here/$file" ] && [ ! -r "$here/$file" ]; then say "@failed $file cannot be read"; return 1; fi
  done
}

# The files are those that the commit names: claims and digests come from them.
own_files() {
  [ -z "$(given COMPOSE_FILE)" ] || {
    say '@failed COMPOSE_FILE is set in .env on the node: set it to the same in env.template, too'; return 1
  }
}

# A secret may be there for Docker alone: then its size and its time tell.
contents() {
  for file do
    say "$file"
    if [ -r "$here/$file" ]; then cat "$here/$file"
    elif [ -e "$here/$file" ]; then stat -L -c '%s %Y' "$here/$file"; fi
  done
}

# What only the node knows is keyed with a key that stays there.
mark() {
  service=$1 tree=$2 names=$3; shift 3
  keyed=-
  if [ -n "$names$*" ]; then
    [ -s "$key" ] || { say '@failed the key of this node is missing'; return 1; }
    keyed=$({ cat "$key"; given "$names"; contents "$@"; } | sum)
  fi
  digest=$(printf '%s\n%s\n' "$tree" "$keyed" | sum)
  say "@digest $service $digest $keyed"
  own="\"stems.cluster\":\"$cluster\",\"stems.service\":\"$declared\",\"stems.digest\":\"$digest\""
  labels="$labels${labels:+,}\"$service\":{\"labels\":{$own}}"
}

# The parts of a rendered model that the plan needs; Compose indents it by two spaces.
outline() {
  awk -v project="$project" '
    # What is built without a name gets this one from Compose.
    function finish() { if (building && !named) print "@uses \"" project "-" service "\""; building = named = 0 }
    /^  "services": \{/ { part = "services"; next }
    /^  "volumes": \{/ { part = "volumes"; next }
    /^  [}"]/ { finish(); part = "" }
    part == "services" && /^    "[^"]+": \{/ { finish(); split($0, word, "\""); print "@service " (service = word[2]) }
    part == "services" && /^      "image": "/ {
      sub(/^ *"image": /, ""); sub(/,$/, ""); print "@uses " $0; named = 1; next
    }
    part == "services" && /^      "container_name": "/ {
      sub(/^ *"container_name": /, ""); sub(/,$/, ""); print "@named " $0
    }
    part == "services" && /^      "(scale|network_mode)": / {
      sub(/,$/, ""); sub(/^ *"/, "@"); sub(/": /, " "); print; next
    }
    part == "services" && /^        "replicas": [0-9]+,?$/ { sub(/,$/, ""); sub(/^ *"replicas": /, "@scale "); print }
    part == "services" && /^ *"(devices|gpus|volumes_from)": \[|^ *"(ipv4_address|ipv6_address|mac_address)": "/ {
      split($0, word, "\""); print "@alone " word[2]
    }
    part == "services" && /^      "ports": \[$/ { print "@ports"; inside = 1; next }
    part == "services" && /^      "build": / { print "@builds"; building = 1 }
    part == "services" && /^      "volumes": \[$/ { print "@mounts"; inside = 1; next }
    part == "services" && /^      "(configs|secrets)": \[$/ { print "@files"; inside = 1; next }
    inside && /^      \]/ { inside = 0; next }
    inside { print "| " $0 }
    part == "volumes" && /^    "[^"]+": \{/ { split($0, word, "\""); volume = word[2] }
    part == "volumes" && /^      "name": "/ { sub(/^ *"name": /, ""); sub(/,$/, ""); print "@volume " volume " " $0 }
  ' "$1"
}

# Each file is an argument.
render() {
  for file do set -- "$@" -f "$here/$file"; shift; done
  printf '{"services":{%s}}\n' "$labels" >"$work/labels.json"
  model=$work/$project.json
  if ! (variables; cd "$here" && call_compose -p "$project" --project-directory "$here" "$@" \
      -f "$work/labels.json" config --format json $only) </dev/null >"$work/rendered" 2>"$work/said"; then
    say '@failed Compose cannot read the project'; told <"$work/said"; return 1
  fi
  sed -e "$moved" "$work/rendered" >"$model" || return 1
  outline "$model"
}
"""


@dataclass(frozen=True)
class Rendering:
    """One project and what the tree says of its services, ready to be rendered on a node."""

    project: Project
    parts: Mapping[str, Parts]
    needs: tuple[str, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """Environment files, relative to the folder."""
        untracked = (path for parts in self.parts.values() for path in parts.untracked)
        return tuple(dict.fromkeys([*self.project.envs, *untracked]))

    @property
    def handed(self) -> tuple[str, ...]:
        """Files of configs and secrets."""
        return tuple(dict.fromkeys(path for parts in self.parts.values() for path in parts.handed))

    def said(self, site: Site) -> str:
        """Where what programs say of it may have come from: the node's own values, and what everybody may read."""
        there = f"{site.checkout}/{self.project.folder}"
        values, public = ([f"{there}/{path}" for path in paths] for paths in (self._own, self.project.files))
        return f"values={quote(chr(10).join(values))} public={quote(chr(10).join(public))}"

    @property
    def _own(self) -> tuple[str, ...]:
        return (*self.read, *self.handed)


def rendering(job: Job, site: Site, project: Project) -> Rendering:
    for name in project.services:
        if not COMPOSE_SERVICE.fullmatch(name):
            raise ToolError(f"{project.folder}: `{name}` is no name for a service", remedy="run `stems validate`")
    parts = {name: read_parts(job, site.node, project=project, name=name) for name in project.services}
    return Rendering(project, parts, required_keys(job, site.node, project))


def settings(job: Job, site: Site, one: Rendering) -> str:
    """The names that `RENDER` uses for one project, and the calls that render it."""
    project = one.project
    names = {
        "project": project.name,
        "declared": project.service.name,
        "cluster": job.cluster.name,
        "here": f"{site.stage}/{project.folder}",
        "there": f"{site.checkout}/{project.folder}",
        "moved": _moved(site.stage, site.checkout),
        "only": " ".join(project.service.only),
        "labels": "",
        "lacks": "",
    }
    envs = " ".join(quote(path) for path in project.envs)
    calls = [
        f'environments() {{ for env in {envs}; do [ ! -e "$here/$env" ] || {{ cat "$here/$env"; echo; }}; done; }}'
    ]
    calls += [f"link {quote(path)}" for path in dict.fromkeys([*one.read, *one.handed])]
    calls.append(f"readable {' '.join(quote(path) for path in one.read)} || return")
    if not _names_its_files(job, project):
        calls.append("own_files || return")
    if one.needs:
        calls.append(f"need {' '.join(one.needs)}")
        calls.append('[ -z "$lacks" ] || return')
    for name, parts in sorted(one.parts.items()):
        arguments = [name, parts.digest, " ".join(parts.from_env), *parts.untracked, *parts.handed]
        calls.append(f"mark {' '.join(quote(argument) for argument in arguments)} || return")
    calls.append(f"render {' '.join(quote(path) for path in project.files)} || return")
    return "\n".join([*(f"{name}={quote(value)}" for name, value in names.items()), one.said(site), *calls])


def _names_its_files(job: Job, project: Project) -> bool:
    """Whether the tree has a say in what COMPOSE_FILE is."""
    named = [entry.name for entry in entries(job, f"{project.folder}/{TEMPLATE}")]
    return has(job, f"{project.folder}/{ENV}") or "COMPOSE_FILE" in named


def exported(job: Job, site: Site) -> str:
    """The environment of Compose as a function, so that nothing of it reaches the rest of the script.

    Once a model is rendered, only the content of its configs and secrets still comes from there.
    """
    variables = {name: value for name, value in environment(job, site.node).items() if is_name(VARIABLE, name)}
    lines = [f"export {name}={quote(value)}" for name, value in sorted(variables.items())]
    return f'exports={quote(chr(10).join(lines))}\nvariables() {{ eval "$exports"; }}'


def _moved(stage: str, checkout: str) -> str:
    """A `sed` expression: the model as if it lay in the clone, so that the next commit's is the same."""
    old, new = (json.dumps(path)[1:-1] for path in (stage, checkout))
    for special in "\\.*[]^$|":
        old = old.replace(special, "\\" + special)
    for special in "\\&|":
        new = new.replace(special, "\\" + special)
    return f"s|{old}|{new}|g"
