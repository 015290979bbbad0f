"""POSIX-sh text that every script of this tool starts with: the node's own chezmoi, told what and whose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from posixpath import join
from shlex import quote

from stems.tools.base import Job
from stems.tools.chezmoi.packed import Packed, pack
from stems.tools.chezmoi.source import top_of
from stems.tools.chezmoi.source_path import path_data
from stems.tools.homes import Home

NAME = "chezmoi"

# SSH gives a command a shorter PATH than a login; these are where its own installers put it.
# chezmoi takes its umask off the mode of every target, so it runs with that of the account. Destination, verbosity,
# style of paths and prompts may be set in the user's configuration: another one would be about other files, print
# contents or wait for somebody. Hooks write on chezmoi's own standard output, so `ask` has the answer in a file.
_START = r"""
mask=$(umask)
umask 077
cd "$HOME" || { printf '%s\n' "$HOME: cannot be entered" >&2; exit 1; }
PATH=$PATH:$HOME/.local/bin:$HOME/bin:/usr/local/bin:/snap/bin:/home/linuxbrew/.linuxbrew/bin
fail() { printf '%s\n' "$1" >&2; exit 1; }
command -v chezmoi >/dev/null || { echo '@missing'; exit 0; }
mkdir -p "$state" && work=$(mktemp -d "$state/.chezmoi.XXXXXX") || fail "$state: cannot be written"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
printf %s "$data" >"$work/data.json" || fail "$work: cannot be written"
answer=
run() (
  umask "$mask" || exit 1
  exec chezmoi --source "$source" --destination "$HOME" --override-data-file "$work/data.json" --no-tty --no-pager \
    --color=off --progress=off --verbose=false --interactive=false --less-interactive=false --keep-going=false \
    ${answer:+"--output=$answer"} --use-builtin-diff "$@"
)
ask() (
  answer=$work/$1.answer
  rm -f "$answer" && run "$@" </dev/null >/dev/null && cat "$answer"
)
configuration() {
  for file in "${XDG_CONFIG_HOME:-$HOME/.config}"/chezmoi/chezmoi.*; do
    [ -f "$file" ] || continue
    echo configured
    for word in textconv hooks; do ! grep -qi "$word" "$file" || echo "$word"; done
  done
}
encoded() { base64 <"$1" | tr -d '\n'; }
section() {
  name=$1; shift
  "$@" >"$work/$name" 2>"$work/$name.said" </dev/null
  printf '@%s %s %s %s\n' "$name" "$?" "$(encoded "$work/$name")" "$(encoded "$work/$name.said")"
}
"""


# Another account cannot read the stage of the SSH user, nor the key: it has its own, in its own folder of stems.
_OWN_KEY = r"""
[ -s "$key" ] || { made=$(mktemp "$state/.key.XXXXXX") && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$made" &&
  { ln "$made" "$key" 2>/dev/null || [ -s "$key" ]; } && rm -f "$made"; } || fail "$key: cannot be made"
"""
_OWN_STAGE = r"""
mkdir -p "${source%/*}" && build=$(mktemp -d "$work/XXXXXX") || fail "$state: cannot be written"
(umask 022; base64 -d "$work/packed" | tar -x -C "$build") || fail "$build: cannot be unpacked"
mv -T "$build" "$source" 2>/dev/null || [ -d "$source" ] || fail "$source: cannot be made"
find "${source%/*}" -mindepth 1 -maxdepth 1 ! -path "$source" -mmin +120 -exec rm -rf {} +
"""


def preamble(job: Job, home: Home, *, reads_source: bool = True) -> str:
    """The names that the rest of a script uses; prints `@missing` and ends where there is no chezmoi.

    The user's own configuration and state stay in use. Variables of the cluster arrive beside them, as template data.
    chezmoi is given what the cluster file names, and follows `.chezmoiroot` itself: it reads `.chezmoiversion` in both.
    """
    packed = job.once(pack) if home.account and reads_source else None
    names = {
        "HOME": home.path,
        "state": home.state,
        "key": f"{home.state}/key",
        "source": source_on(job, home) if reads_source or not home.account else home.state,
        "data": template_data({**job.variables[home.site.node.name], **path_data(job, home.site)}),
    }
    start = "".join(f"{name}={quote(value)}\n" for name, value in names.items()) + _START
    return start + (_own(packed) if packed else "")


def source_on(job: Job, home: Home) -> str:
    """Where the source of this commit lies on the node."""
    if home.account:
        return f"{home.state}/stage/{job.once(pack).digest}"
    return join(home.site.stage, top_of(job))


def _own(packed: Packed) -> str:
    unpack = f'if [ ! -d "$source" ]; then\ncat >"$work/packed" <<"END"\n{packed.text}END\n{_OWN_STAGE}fi\n'
    return _OWN_KEY + unpack


def template_data(variables: Mapping[str, object]) -> str:
    return json.dumps(variables, ensure_ascii=True, sort_keys=True)
