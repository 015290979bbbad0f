"""POSIX-sh text that keeps what ran of a project before it is changed."""

from __future__ import annotations

KEEP = r"""
aside_format='{{.Id}} {{.State.Running}} {{or .HostConfig.RestartPolicy.Name "no"}}'
aside_format="$aside_format {{.HostConfig.RestartPolicy.MaximumRetryCount}} {{.Name}}"

# What is built gets the name of what was built before, which this tag then keeps: until the next deployment.
keep_images() {
  cut -d ' ' -f 1 "$kept/containers" >"$work/ids"
  [ -s "$work/ids" ] && grep -q '^      "build": ' "$kept/applied.json" 2>/dev/null || return 0
  xargs docker inspect --format '{{.Image}} {{.Config.Image}}' <"$work/ids" >"$kept/images" || return 1
  while read -r id name; do
    short=${id#sha256:}
    docker tag "$id" "stems/before:$kept_as.${short%"${short#????????????}"}" </dev/null || return 1
  done <"$kept/images"
}

forget_images() {
  docker image ls --format '{{.Repository}}:{{.Tag}}' --filter reference=stems/before </dev/null |
    grep "^stems/before:${kept_as%%.*}\." | grep -vF "stems/before:$kept_as." >"$work/images"
  while read -r image; do docker rmi "$image" </dev/null >/dev/null 2>&1; done <"$work/images"
}

# Built beside its place and renamed: what is half kept is not kept.
keep() {
  [ ! -d "$before/$1" ] || return 0
  mkdir -p "$before" && kept=$(mktemp -d "$before/.kept.XXXXXX") || return 1
  for file in applied.json applied parts directory environment; do
    [ ! -e "$state/$1/$file" ] || cp -p "$state/$1/$file" "$kept/" || return 1
  done
  docker ps -a --no-trunc --filter "label=com.docker.compose.project=$1" \
    --filter label=com.docker.compose.oneoff=False --format '{{.ID}} {{.Names}}' </dev/null >"$kept/containers" ||
    return 1
  docker network ls --filter "label=com.docker.compose.project=$1" --format '{{.Name}}' </dev/null >"$kept/networks" ||
    return 1
  for id in $aside; do
    docker inspect --format "$aside_format" "$id" </dev/null >>"$kept/aside" || return 1
  done
  keep_images && mv "$kept" "$before/$1"
}
"""
