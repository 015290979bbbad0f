"""POSIX-sh text that lets one more container of a service serve while Compose makes the others anew."""

from __future__ import annotations

BESIDE = r"""
serving_format='{{.State.Running}} {{.State.Restarting}}{{if .State.Health}} {{.State.Health.Status}}{{end}}'
# Seconds that a container has until it serves: a check of Docker fails for good after three times half a minute.
serving_tries=90

of_service() {
  docker ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" \
    --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False </dev/null
}

# Twice in a row, because what fails at once is up for a moment.
serves() {
  tries=0 good=0
  while [ "$good" -lt 2 ]; do
    sleep 1
    tries=$((tries + 1))
    docker inspect --format "$serving_format" "$@" </dev/null >"$work/serving" 2>&1 || return 1
    ! grep -q '^false false' "$work/serving" || return 1
    if grep -qvxE 'true false( healthy)?' "$work/serving"; then good=0; else good=$((good + 1)); fi
    [ "$tries" -lt "$serving_tries" ] || return 1
  done
}

# One more container of a service, which serves while Compose makes the others anew.
beside() {
  of_service "$1" >"$work/there"
  up --no-start --no-recreate --no-deps --scale "$1=$2" "$1"
  more=$(of_service "$1" | grep -vxFf "$work/there")
  # An image may ask for a volume by itself, which the others have and this one has not.
  case $(docker inspect --format '{{range .Mounts}}{{.Type}} {{end}}' $more </dev/null) in
    *volume*) run docker rm -v $more; return ;;
  esac
  up -d --no-recreate --no-deps --scale "$1=$2" "$1"
  if ! serves $more; then
    docker logs --tail 10 $more </dev/null >"$work/said" 2>&1
    docker rm -f $more </dev/null >/dev/null 2>&1
    say "@failed $project: what is new of $1 does not run, so what is there was left running"; told <"$work/said"; end
  fi
  scaled="$scaled --scale $1=$2" extra="$extra $more" waiting="$waiting $1"
}

# They leave when the others serve.
leave() {
  for service in $waiting; do
    serves $(of_service "$service") || {
      say "@failed $project: $service does not run since it was made anew; one more container of it serves"; end
    }
  done
  [ -z "$extra" ] || { run docker stop $extra; run docker rm $extra; }
}
"""
