"""A whole node beside what a tool is about: its files, containers and units, and what it gives away of a secret."""

from __future__ import annotations

from shlex import quote

from stems.infrastructure.command import Effect, script
from stems.tools.base import Site

FOLDERS = "/etc /home /root /usr/local /srv /var/spool/cron /var/lib/systemd/linger /var/lib/docker/volumes"
# The state and the stage of stems, private files of tools (Ansible's, those of a cache), and what chezmoi remembers.
# Which units are enabled or masked is told by the links in /etc.
_PHOTOGRAPH = rf"""
container='container {{{{.Names}}}} {{{{.State}}}} {{{{.Image}}}} {{{{.Command}}}} {{{{.Label "stems.digest"}}}}'
LC_ALL=C; export LC_ALL
skip() {{
  find {FOLDERS} -xdev \( -path "$state" -o -path "$stage" -o -path '*/.local/state/stems' -o -path '*/.ansible' \
    -o -path '*/.cache' -o -path '*/.config/chezmoi' -o -path /var/lib/docker/volumes/metadata.db \) -prune -o "$@"
}}
skip -printf '%p %y %m %u:%g %l\n' 2>/dev/null | sort
skip -type f -exec sha256sum {{}} + 2>/dev/null | sort
running=$(docker ps -a --no-trunc --format "$container") || exit 1
printf '%s\n' "$running" | sort
docker network ls --format 'network {{{{.Name}}}}' | sort
docker volume ls --format 'volume {{{{.Name}}}}' | sort
systemctl list-units --all --no-legend --plain --type=service,timer,socket,path |
  awk '$1 !~ /^(user|user-runtime-dir|ssh)@|^(run|session|systemd)-/ {{ print "unit", $1, $2, $3 }}' | sort
echo @end
"""
# A file counts as private when an account without rights cannot read it, whatever stands above it.
_READABLE = r"""
command -v setpriv >/dev/null || exit 1
find "$state" /home/*/.local/state/stems /root/.local/state/stems -type f -exec grep -lF -- "$secret" {} + 2>/dev/null |
while IFS= read -r path; do
  ! setpriv --reuid=65534 --regid=65534 --clear-groups cat -- "$path" >/dev/null 2>&1 || printf '%s\n' "$path"
done
echo @end
"""
_LOGS = r"""
journalctl -q -o short -t sudo -t sshd -t ansible -t python3 | grep -F -- "$secret" || :
echo @end
"""


def surroundings(site: Site) -> str:
    return _asked(site, _PHOTOGRAPH)


def readable_by_others(site: Site, secret: str) -> str:
    """The files of stems on a node that hold a secret and that any account may read."""
    return _asked(site, f"secret={quote(secret)}\n{_READABLE}")


def said_in_logs(site: Site, secret: str) -> str:
    """What the way to the node wrote of a secret into its log."""
    return _asked(site, f"secret={quote(secret)}\n{_LOGS}")


def _asked(site: Site, text: str) -> str:
    names = f"state={quote(site.state)} stage={quote(site.stage)}\n"
    result = site.runner.run(script(names + text, Effect.READS, timeout=90, account="root"))
    assert result.ok and result.text.endswith("@end\n"), result.errors
    return result.text.removesuffix("@end\n")
