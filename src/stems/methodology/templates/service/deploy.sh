#!/bin/sh
# Show what HEAD would change, ask, and roll it out; what fails is taken back. `stems plan` only shows it.
# Outside of the repository of the cluster, say which one it is: ./deploy.sh --cluster DIR
set -eu
cluster=$(dirname -- "$0")
if [ "${1:-}" = --cluster ]; then
  cluster=${2:?"--cluster needs the folder of the repository"}
  shift 2
fi
if ! command -v stems >/dev/null; then
  echo "stems is not installed: from a clone of it, uv tool install '.[ansible]' or pipx install '.[ansible]'" >&2
  exit 127
fi
exec stems -C "$cluster" deploy "$@"
