"""POSIX-sh text that every script of this tool starts with: names of folders, and whether Docker answers."""

from __future__ import annotations

from shlex import quote

from stems.tools.base import Site
from stems.tools.compose.container import CONTAINER_FORMAT
from stems.tools.values import WITHOUT_VALUES

_START = r"""
LC_ALL=C; export LC_ALL; umask 077
say() { printf '%s\n' "$*"; }
quoted() { sed 's/^/| /'; }
# Compose quotes the line of an environment file that it cannot read, value and all; Docker a word that it cannot run.
told() {
  awk '
    at = match($0, /failed to read .*/) {
      head = substr($0, 1, at - 1); rest = substr($0, at)
      if (match(rest, /: line [0-9]+/)) rest = substr(rest, 1, RSTART + RLENGTH - 1); else sub(/: .*/, "", rest)
      print head rest (head ~ /^\{/ ? "\"}" : ""); exit
    }
    { print }' | without_values "${values:-}" "${public:-}" | quoted
}
sum() { sha256sum | cut -d ' ' -f 1; }
end() { say "@end"; exit 0; }
# What root makes in the state of a user stays that user's.
hand_over() { [ "$(id -u)" != 0 ] || [ ! -d "$state" ] || chown -R "$(stat -c %u:%g "${state%/*}")" "$state"; }
trap 'rm -rf "${work:-}"; hand_over' EXIT
trap 'exit 1' HUP INT TERM
"""

NO_DOCKER = "Docker is not on the node"

_DOCKER = r"""
command -v docker >/dev/null 2>&1 || { say "@blocked $no_docker"; end; }
# `docker compose` is two more programs that only find this one, for each of many calls.
plugin= docker_config=${DOCKER_CONFIG:-$HOME/.docker}
for folder in "$docker_config" /usr/local/lib/docker /usr/local/libexec/docker /usr/lib/docker /usr/libexec/docker; do
  if [ -x "$folder/cli-plugins/docker-compose" ]; then plugin=$folder/cli-plugins/docker-compose; break; fi
done
! grep -qs cliPluginsExtraDirs "$docker_config/config.json" || plugin=
call_compose() { if [ "$plugin" ]; then exec "$plugin" "$@"; fi; exec docker compose "$@"; }
if [ "$asks_compose" = yes ]; then
  version=$(call_compose version --short 2>/dev/null </dev/null) ||
    { say '@blocked Docker Compose v2 is not on the node'; end; }
  say "@version $version"
fi
mkdir -p "$state" && work=$(mktemp -d "$state/.work.XXXXXX") || { say '@failed no folder for the work'; end; }
# What Compose notes beside the configuration would be root's in the home of a user, who then could not write there.
[ "$(id -u)" = "$(stat -c %u "$HOME")" ] || { BUILDX_CONFIG=$work/buildx; export BUILDX_CONFIG; }
listed() { docker ps -a --no-trunc --format "$format" </dev/null; }
if ! listed >"$work/containers" 2>"$work/said"; then
  case $(cat "$work/said") in
    *'permission denied'*) say '@denied' ;;
    # On a fresh node an earlier change starts it, too.
    *'Is the docker daemon running'*) say '@blocked Docker does not run on the node' ;;
    *) say '@failed Docker does not answer' ;;
  esac
  quoted <"$work/said"; end
fi
"""


def preamble(site: Site, *, asks_compose: bool = False) -> str:
    """The names that the rest of a script uses, and an end with a reason when Docker cannot be asked.

    Compose takes a tenth of a second to say its version on a fast machine. Only a script that is the first to need it
    asks: where nothing is declared, containers are seen and removed without.
    """
    names = {
        "state": state_folder(site.state),
        "key": f"{site.state}/key",
        "format": CONTAINER_FORMAT,
        "HOME": site.home,
        "no_docker": NO_DOCKER,
        "asks_compose": "yes" if asks_compose else "no",
    }
    # Root asks on behalf of the user: credentials of registries are the user's.
    config = f"[ ! -d {quote(site.home + '/.docker')} ] || {{ DOCKER_CONFIG={quote(site.home + '/.docker')}; "
    config += "export DOCKER_CONFIG; }"
    return "\n".join(
        [*(f"{name}={quote(value)}" for name, value in names.items()), config, WITHOUT_VALUES, _START, _DOCKER]
    )


def state_folder(state: str) -> str:
    """Where stems keeps, on a node, what it applied of each project."""
    return f"{state}/services"
