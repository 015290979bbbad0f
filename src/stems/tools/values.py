"""Secrets that a node keeps in files of `NAME=value`, taken out there of what programs say: POSIX-sh text.

What a guess by name and shape cannot see is known here by its place, and the values never leave the node.
"""

from __future__ import annotations

from shlex import quote

from stems.infrastructure.before import LOOKING
from stems.tools.redact import REDACTED

SHORTEST = 6
"""Characters of a value that counts: a shorter one, and a mere number, would be taken out of half of all words."""

WITHOUT_VALUES = r"""
# A filter: without what the files of $1 (a line each) give, unless one of the files of $2 has it, too.
without_values() {
  VALUE_FILES=$1 PUBLIC_FILES=$2 awk -v shortest=@shortest -v redacted=@redacted '
    function keep(value) {
      if (length(value) < shortest || value ~ /^[-0-9.:]*$/ || (value in known) || index(public, value)) return
      known[value] = 1
      for (at = count++; at > 0 && length(values[at - 1]) < length(value); at--) values[at] = values[at - 1]
      values[at] = value
    }
    function learn(value) {
      gsub(/^[ \t]+|[ \t\r]+$/, "", value)
      keep(value)
      if (value ~ /^".*"$/ || value ~ /^\047.*\047$/) value = substr(value, 2, length(value) - 2)
      else { sub(/^["\047]/, "", value); sub(/["\047]$/, "", value); keep(value); sub(/[ \t]+#.*/, "", value) }
      keep(value)
      plain = value; gsub(/\\"/, "\"", plain); keep(plain)
      gsub(/[\\"]/, "\\\\&", plain); keep(plain)
    }
    function without(line, value) {
      for (made = ""; at = index(line, value); line = substr(line, at + length(value)))
        made = made substr(line, 1, at - 1) redacted
      return made line
    }
    BEGIN {
      total = split(ENVIRON["PUBLIC_FILES"], files, "\n")
      for (i = 1; i <= total; i++) if (files[i] != "") while ((getline line < files[i]) > 0) public = public line "\n"
      total = split(ENVIRON["VALUE_FILES"], files, "\n")
      for (i = 1; i <= total; i++) if (files[i] != "") while ((getline line < files[i]) > 0) {
        if (line ~ /^[ \t]*(#|$)/) continue
        sub(/^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_.-]*[ \t]*[=:]/, "", line)
        learn(line)
      }
    }
    { for (i = 0; i < count; i++) if (index($0, values[i])) $0 = without($0, values[i]); print }
  '
}
""".replace("@shortest", str(SHORTEST)).replace("@redacted", quote(REDACTED))

SHOWN = (
    LOOKING
    + WITHOUT_VALUES
    + r"""
unread() {
  printf '%s\n' "$1" | while IFS= read -r path; do
    [ -z "$path" ] || [ -r "$path" ] || (is_absent "$path") 2>/dev/null || { printf '%s\n' "$path"; break; }
  done
}
# What $1 said, from standard input, after its name: nothing where a file of $2 may hold it and cannot be read.
shown() {
  hidden=$(unread "$2")
  if [ -n "$hidden" ]; then echo "$1: not shown, because $hidden cannot be read and may hold a secret"
  else without_values "$2" "$3" | sed "s/^/$1: /"; fi
}
"""
)
"""For the last lines of a service."""
