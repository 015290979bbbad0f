#!/bin/sh
# Judge the repository, this node's entry and role in it included. No node is asked, nothing is changed.
# Outside of the repository of the cluster, say which one it is: ./validate.sh --cluster DIR
# Where there is no cluster at all, one is made of variables.yml and the role alone, judged, and thrown away.
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
if ! command -v stems >/dev/null; then
  echo "stems is not installed: from a clone of it, uv tool install '.[ansible]' or pipx install '.[ansible]'" >&2
  exit 127
fi
[ -z "$cluster" ] || exec stems -C "$cluster" validate "$@"
trial=$(mktemp -d)
trap 'rm -rf -- "$trial"' EXIT
mkdir "$trial/config" "$trial/ansible"
cp -R -- "$here/roles" "$trial/ansible/"
cp -- "$here/README.md" "$trial/"
printf -- '- name: Node\n  hosts: all\n  become: true\n  roles: [node]\n' >"$trial/ansible/site.yml"
{
  printf 'nodes:\n  node:\n'
  sed 's/^./    &/' "$here/variables.yml"
  grep -q '^hostname:' "$here/variables.yml" || printf '\n    hostname: node\n'
  printf 'version: 1\ncluster: {name: trial}\ncheckout: ~/trial-config\nrollout: {pilot: node}\n'
  printf 'domains:\n  system: {tool: ansible, source: ansible, playbook: site.yml, owns: ["/etc/"]}\n'
} >"$trial/config/cluster.yml"
git -C "$trial" init --quiet
stems -C "$trial" validate "$@" || {
  status=$?
  echo "The first line of variables.yml is line 3 of config/cluster.yml there, as an entry of it." >&2
  exit "$status"
}
