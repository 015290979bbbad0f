#!/bin/sh
# Judge the repository, this node's entry and role in it included. No node is asked, nothing is changed.
# Outside of the repository of the cluster, say which one it is: ./validate.sh --cluster DIR
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
exec stems -C "$cluster" validate "$@"
