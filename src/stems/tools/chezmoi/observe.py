"""What chezmoi says on a node, in one round trip: its status, its differences, and what it last wrote."""

from __future__ import annotations

from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.command import Effect
from stems.tools.base import Job
from stems.tools.chezmoi.failure import failed, is_about_configuration
from stems.tools.chezmoi.node import preamble, source_on
from stems.tools.chezmoi.secrets import asks_others, hiding
from stems.tools.chezmoi.seen import NotConfiguredError, Seen, parse_seen
from stems.tools.chezmoi.source import config_template, has_externals
from stems.tools.homes import Home

TIMEOUT = 300.0
MAX_TEXT = 256 * 1024
MAX_TARGETS = 50
"""Files whose target is asked for one by one, where `textconv` stands before it: each is a start of chezmoi."""

# What a user's configuration leaves out of a report would be done without having been shown.
_LOOK = r"""
look_status() { section status ask status --exclude=none --path-style=relative; }
look_diff() { section diff run diff --exclude=none --reverse=false --script-contents=true; }
look_state() { section state ask state dump --format=json; }
section configuration configuration
section version chezmoi --version
# They only read what chezmoi remembers, and each reads the whole source again. What others have to say in it may not
# bear to be asked twice at once.
if [ -n "$alone" ] || grep -qx hooks "$work/configuration"; then look_status; look_diff; look_state; else
  for part in status diff state; do "look_$part" >"$work/$part.part" & done
  wait
  cat "$work/status.part" "$work/diff.part" "$work/state.part"
fi
if [ -n "$externals" ]; then section externals ask managed --include=externals --path-style=relative
else section externals true; fi
while IFS= read -r path; do
  [ -e "$HOME/$path" ] || [ -L "$HOME/$path" ] || printf '%s\n' "$path"
done <"$work/externals" >"$work/absent"
section gone cat "$work/absent"
[ -r "$key" ] && [ -s "$key" ] || fail "$key: cannot be read"
cut -c 4- "$work/status" | while IFS= read -r path; do
  if [ -f "$HOME/$path" ] && [ ! -L "$HOME/$path" ] && [ "$(wc -c <"$HOME/$path")" -le "$max_text" ]; then
    printf '@text %s %s\n' "$(printf %s "$path" | base64 | tr -d '\n')" "$(encoded "$HOME/$path")"
  fi
done
# What goes may have been a secret of a file that the source has no more.
sed -n 's/^.D //p' "$work/status" | while IFS= read -r path; do
  [ -f "$HOME/$path" ] || continue
  case $(stat -c %a "$HOME/$path") in *00) printf '@private %s\n' "$(printf %s "$path" | base64 | tr -d '\n')" ;; esac
done
: >"$work/sums"
blob() { { printf 'blob %s\0' "$(($(wc -c <"$1")))"; cat "$1"; } | sha1sum | cut -d ' ' -f 1; }
# A diff shows no mode below those that Git knows: there is a head alone where only that differs, as from 600 to 644.
awk '
  /^diff --git a\// {
    if (path != "") print path
    rest = substr($0, 14); path = substr(rest, 1, (length(rest) - 3) / 2)
  }
  /^(old mode|new mode|new file|deleted file|index|---|Binary) / { path = "" }
  END { if (path != "") print path }' "$work/diff" >"$work/heads"
while IFS= read -r path; do
  [ -f "$HOME/$path" ] && [ ! -L "$HOME/$path" ] || continue
  mode=$(stat -c %a "$HOME/$path") && sum=$(blob "$HOME/$path") && echo "$sum" >>"$work/sums" || exit 1
  printf '@mode %s %s %s\n' "$(printf %s "$path" | base64 | tr -d '\n')" "$mode" "$sum"
done <"$work/heads" || exit 1
if [ -s "$work/heads" ]; then
  # All of a configuration may hold secrets: nothing else of it leaves the node.
  own=$(ask dump-config --format=json 2>/dev/null | sed -n 's/^  "umask": *\([0-9]\{1,3\}\),*$/\1/p')
  [ -z "$own" ] || printf '@umask %s\n' "$own"
fi
# A diff of what `textconv` makes of a file says little of what would be written.
targets() {
  while IFS= read -r line; do
    path=${line#? } old=- new=- text=-
    [ ! -L "$HOME/$path" ] && [ ! -d "$HOME/$path" ] || continue
    [ ! -e "$HOME/$path" ] || old=$(blob "$HOME/$path") || exit 1
    if [ "${line%% *}" != D ]; then
      ask cat -- "$HOME/$path" >"$work/target" 2>/dev/null || continue
      new=$(blob "$work/target") || exit 1
      printf '%s\n' "$hidden" | grep -qxF -e "$path" || [ "$(wc -c <"$work/target")" -gt "$max_text" ] ||
        text="=$(encoded "$work/target")"
    fi
    printf '%s\n' "$old" "$new" >>"$work/sums"
    printf '@target %s %s %s %s\n' "$(printf %s "$path" | base64 | tr -d '\n')" "$old" "$new" "$text"
  done
}
if grep -qx textconv "$work/configuration"; then
  sed -n 's/^.\([AMD] \)/\1/p' "$work/status" | head -n "$max_targets" | targets || exit 1
fi
sed -n 's/^index \([0-9a-f]\{40\}\)\.\.\([0-9a-f]\{40\}\).*/\1 \2/p' "$work/diff" | tr ' ' '\n' >>"$work/sums"
grep -v '^-$' "$work/sums" | LC_ALL=C sort -u |
  while IFS= read -r sum; do
    keyed=$({ cat "$key"; printf %s "$sum"; } | sha256sum) || exit 1
    printf '@keyed %s %s\n' "$sum" "${keyed%% *}"
  done || exit 1
echo '@end'
"""


def observe(job: Job, home: Home) -> Seen | None:
    """None when chezmoi is not on the node. Raises `ToolError` when it says that something is wrong."""
    # Each start of chezmoi reads the whole source again, which a small computer feels.
    externals = "yes" if has_externals(job) else "''"
    hidden = [entry.target for entry in hiding(job)]
    alone = "yes" if has_externals(job) or asks_others(job) else "''"
    names = f"max_text={MAX_TEXT} max_targets={MAX_TARGETS} hidden={quote(chr(10).join(hidden))}"
    text = f"{names} externals={externals} alone={alone}\n{preamble(job, home)}{_LOOK}"
    result = home.run(text, Effect.STAGES, timeout=TIMEOUT)
    if result.text.strip() == "@missing":
        return None
    try:
        return parse_seen(result.text, home.path)
    except NotConfiguredError as error:
        raise _not_configured(job, home, error) from None
    except ValueError as error:
        raise failed(home.site, str(error), result.errors) from None


def _not_configured(job: Job, home: Home, error: NotConfiguredError) -> ToolError:
    """Nobody can deploy the source before it has its configuration, so the stage is what makes it."""
    template = config_template(job)
    if not template or not is_about_configuration(str(error)):
        return failed(home.site, str(error), "")
    account = f"sudo -iu {home.account} " if home.account else ""
    command = f"{account}chezmoi --source {quote(source_on(job, home))} init"
    return failed(
        home.site,
        str(error),
        f"chezmoi has no configuration there, and {template} makes one",
        remedy=f"on {home.site.node.name}: `{command}`, which asks what it needs to know; then run `stems plan`",
    )
