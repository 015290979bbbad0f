"""POSIX-sh text that every script of this tool starts with: the node's own chezmoi, told what and whose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from posixpath import join
from shlex import quote

from stems.tools.base import Job, Site
from stems.tools.chezmoi.source import top_of

NAME = "chezmoi"

# SSH gives a command a shorter PATH than a login; these are where its own installers put it.
# chezmoi takes its umask off the mode of every target, so it runs with that of the account. Destination, verbosity and
# style of paths may be set in the user's configuration: another one would be about other files, or print contents.
_START = r"""
mask=$(umask)
umask 077
PATH=$PATH:$HOME/.local/bin:$HOME/bin:/usr/local/bin:/snap/bin:/home/linuxbrew/.linuxbrew/bin
fail() { printf '%s\n' "$1" >&2; exit 1; }
command -v chezmoi >/dev/null || { echo '@missing'; exit 0; }
mkdir -p "$state" && work=$(mktemp -d "$state/.chezmoi.XXXXXX") || fail "$state: cannot be written"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
printf %s "$data" >"$work/data.json" || fail "$work: cannot be written"
run() (
  umask "$mask" || exit 1
  exec chezmoi --source "$source" --destination "$HOME" --override-data-file "$work/data.json" --no-tty --no-pager \
    --color=off --progress=off --verbose=false --use-builtin-diff "$@"
)
encoded() { base64 <"$1" | tr -d '\n'; }
section() {
  name=$1; shift
  "$@" >"$work/$name" 2>"$work/said" </dev/null
  printf '@%s %s %s %s\n' "$name" "$?" "$(encoded "$work/$name")" "$(encoded "$work/said")"
}
"""


def preamble(job: Job, site: Site) -> str:
    """The names that the rest of a script uses; prints `@missing` and ends where there is no chezmoi.

    The user's own configuration and state stay in use. Variables of the cluster arrive beside them, as template data.
    chezmoi is given what the cluster file names, and follows `.chezmoiroot` itself: it reads `.chezmoiversion` in both.
    """
    names = {
        "HOME": site.home,
        "state": site.state,
        "key": f"{site.state}/key",
        "source": join(site.stage, top_of(job)),
        "data": template_data(job.variables[site.node.name]),
    }
    return "".join(f"{name}={quote(value)}\n" for name, value in names.items()) + _START


def template_data(variables: Mapping[str, object]) -> str:
    return json.dumps(variables, ensure_ascii=True, sort_keys=True)
