#!/bin/sh
# Judge this repository by every rule. No node is asked, nothing is changed.
set -eu
cd -- "$(dirname -- "$0")"
if ! command -v stems >/dev/null; then
  echo "stems is not installed: from a clone of it, uv tool install '.[ansible]' or pipx install '.[ansible]'" >&2
  exit 127
fi
exec stems validate "$@"
