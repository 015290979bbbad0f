"""One script that tells what runs in Docker on a node: everything but the values of environments, which stay there."""

from __future__ import annotations

from shlex import quote

from stems.infrastructure.command import Command, Effect, script
from stems.tools.compose.shell import NO_DOCKER

TIMEOUT = 120.0
MOST_BYTES = 2 * 1024 * 1024

_LOOK = r"""
LC_ALL=C; export LC_ALL
say() { printf '%s\n' "$*"; }
quoted() { sed 's/^/| /'; }
end() { say '@end'; exit 0; }
failed() { say "@failed $*"; [ -z "${said:-}" ] || say "$said" | quoted; end; }

# Docker prints the list `Env` of a container and of an image at this indent, one entry a line.
without_values() {
  awk '
    /^            "Env": \[$/ { inside = 1; next }
    inside { if (/^            \],?$/) { inside = 0; print "            \"Env\": []" (/,$/ ? "," : "") } next }
    { print }'
}

inspected() {
  kind=$1 how=$2; shift 2
  [ $# -gt 0 ] || { say "@$kind"; say '| []'; return 0; }
  text=$(docker $how "$@" 2>/dev/null </dev/null) || failed "docker $how did not tell about everything that is listed"
  say "@$kind"; printf '%s\n' "$text" | without_values | quoted
}

command -v docker >/dev/null 2>&1 || { said=; failed "$no_docker"; }
if ! ids=$(docker ps -aq --no-trunc 2>/dev/null </dev/null); then
  said=$(docker ps -aq 2>&1 </dev/null)
  case $said in *'permission denied'*) say '@denied'; say "$said" | quoted; end ;; esac
  failed 'Docker does not answer'
fi
inspected containers inspect $ids
"""

_CLOSELY = r"""
# An image that a container runs may be gone.
images() {
  ids=$(docker inspect --format '{{.Image}}' $wanted </dev/null) || failed 'Docker does not tell the images'
  for id in $(say "$ids" | sort -u); do
    if text=$(docker image inspect "$id" 2>&1 </dev/null); then
      say '@images'; printf '%s\n' "$text" | without_values | quoted
    else
      case $text in *'o such image'*) ;; *) said=$text; failed "the image $id cannot be looked at" ;; esac
    fi
  done
}

label() { docker inspect --format "{{index .Config.Labels \"com.docker.compose.project.$1\"}}" $wanted </dev/null; }
paths() { tr , '\n' | grep '^/' | sort -u; }

# Of each variable that its image does not give: its name, the number of its value, and whether that is written plainly.
variables() {
  form='{{range .Config.Env}}{{json .}}{{println}}{{end}}'
  for id in $wanted; do
    say "C $id"
    image=$(docker inspect --format '{{.Image}}' "$id" </dev/null) || say X
    ! text=$(docker image inspect --format "$form" "$image" 2>/dev/null </dev/null) || say "$text" | sed 's/^/i /'
    text=$(docker inspect --format "$form" "$id" </dev/null) || say X
    say "$text" | sed 's/^/c /'
  done | awk '
    /^C / { print "@variables " substr($0, 3); split("", given); next }
    /^X$/ { print "@failed Docker does not tell the variables of a container"; next }
    /^i "/ { given[substr($0, 3)] = 1; next }
    /^c "/ {
      line = substr($0, 3)
      if (line in given) next
      if (!(line in number)) number[line] = ++last
      name = line; sub(/^"/, "", name); sub(/[="].*/, "", name)
      print "| " number[line] " " (index(line, "\\") || index(line, "\047") ? "odd" : "plain") " " name
    }'
}

# The names that an environment file gives. A quoted value may go on over lines, which are no names.
names() {
  awk '
    function closes(text,   i, c) {
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "\\") i++; else if (c == mark) return 1
      }
      return 0
    }
    inside { if (closes($0)) inside = 0; next }
    /^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_.-]*[ \t]*[=:]/ {
      line = $0; sub(/^[ \t]*(export[ \t]+)?/, "", line)
      name = line; sub(/[ \t]*[=:].*/, "", name)
      sub(/^[^=:]*[=:][ \t]*/, "", line)
      mark = substr(line, 1, 1)
      if ((mark == "\"" || mark == "\047") && !closes(substr(line, 2))) inside = 1
      print name
    }' "$1" | sort -u
}

whole() {
  [ -e "$2" ] || return 0
  if [ ! -f "$2" ] || [ ! -r "$2" ] || [ "$(wc -c <"$2")" -gt "$most" ]; then say "@unreadable $2"; return 0; fi
  say "@$1 $2"
  if [ "$1" = file ]; then quoted <"$2"; [ -z "$(tail -c 1 "$2")" ] || say
  else names "$2" | quoted; fi
}

closely() {
  wanted=$({ docker ps -aq --no-trunc --filter "label=com.docker.compose.project=$name"
    docker ps -aq --no-trunc --filter "name=^/$name\$"; } </dev/null | sort -u)
  [ -n "$wanted" ] || return 0
  images
  volumes=$(docker volume ls -q </dev/null) || failed 'Docker does not list its volumes'
  inspected volumes 'volume inspect' $volumes
  networks=$(docker network ls -q --no-trunc </dev/null) || failed 'Docker does not list its networks'
  inspected networks 'network inspect' $networks
  variables
  files=$(label config_files) || failed 'Docker does not tell the labels of a container'
  say "$files" | paths | grep -E '\.ya?ml$' | while IFS= read -r file; do whole file "$file"; done
  files=$(label environment_file | paths)
  [ -n "$files" ] || files=$(label working_dir | paths | sed 's|$|/.env|')
  printf '%s\n' "$files" | while IFS= read -r file; do [ -z "$file" ] || whole names "$file"; done
}
closely
"""


def look_command(name: str = "", *, account: str = "") -> Command:
    """All containers, and with a `name` all that is to be known of the project or the container of that name."""
    words = f"no_docker={quote(NO_DOCKER)}\nname={quote(name)} most={MOST_BYTES}\n"
    return script(
        words + _LOOK + (_CLOSELY if name else "") + "\nend\n", Effect.READS, timeout=TIMEOUT, account=account
    )
