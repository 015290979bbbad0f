#!/bin/sh
# Judge the repository that this service is part of. No node is asked, nothing is changed.
# Outside of the repository of the cluster, say which one it is: ./validate.sh --cluster DIR
# Where there is no cluster at all, Compose or systemd is asked about this folder alone.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
cluster=
if [ "${1:-}" = --cluster ]; then
  cluster=${2:?"--cluster needs the folder of the repository"}
  shift 2
else
  folder=$here
  while [ "$folder" != / ] && [ ! -e "$folder/config/cluster.yml" ]; do folder=$(dirname -- "$folder"); done
  [ ! -e "$folder/config/cluster.yml" ] || cluster=$folder
fi
if [ -z "$cluster" ]; then
  cd -- "$here"
  [ -e compose.yml ] || exec systemd-analyze verify ./*.service
  if ! docker compose version >/dev/null 2>&1; then
    echo "Docker Compose is not here: run this where it is, or name the repository of the cluster with --cluster DIR" >&2
    exit 127
  fi
  NODE_NAME=${NODE_NAME:-$(uname -n)} HOSTNAME=$(uname -n)
  export NODE_NAME HOSTNAME
  docker compose config --quiet
  exec docker compose up --dry-run --detach
fi
if ! command -v stems >/dev/null; then
  echo "stems is not installed: from a clone of it, uv tool install '.[ansible]' or pipx install '.[ansible]'" >&2
  exit 127
fi
exec stems -C "$cluster" validate "$@"
