"""The last lines that the containers of a service said."""

from __future__ import annotations

from shlex import quote

from stems.infrastructure.command import Effect, script
from stems.model.names import printable
from stems.tools.base import Job, Site
from stems.tools.compose.project import read_project
from stems.tools.compose.render import rendering
from stems.tools.redact import redacted
from stems.tools.values import SHOWN

_LAST = r"""
d() { docker "$@" </dev/null; }
d ps -aq >/dev/null 2>&1 || d() { sudo -n docker "$@" </dev/null; }
d ps -a --filter "label=com.docker.compose.project=$project" --format '{{.Names}} {{.State}} {{.Status}}' |
while read -r name state status; do
  case $state:$status in
    running:*'(unhealthy)'*|running:*'health: starting'*|exited:*|dead:*|restarting:*) ;;
    *) continue ;;
  esac
  case $status in 'Exited (0)'*) continue ;; esac
  d logs --tail 10 "$name" 2>&1 | shown "$name" "$values" "$public"
done
"""


def last_lines(job: Job, site: Site, service: str) -> str:
    """The last lines of each container that is not well, without what looks like a secret or only the node knows."""
    project = read_project(job, job.cluster.services[service], site.node)
    names = f"project={quote(project.name)} {rendering(job, site, project).said(site)}\n"
    result = site.runner.run(script(names + SHOWN + _LAST, Effect.READS))
    return "\n".join(printable(line) for line in redacted(result.text).splitlines())
