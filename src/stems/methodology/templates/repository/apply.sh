#!/bin/sh
# Show what HEAD would change on every node, ask, and roll it out node by node; what fails is taken back.
set -eu
cd -- "$(dirname -- "$0")"
if ! command -v stems >/dev/null; then
  echo "stems is not installed: from a clone of it, uv tool install '.[ansible]' or pipx install '.[ansible]'" >&2
  exit 127
fi
exec stems deploy "$@"
