"""Taking a deployment of units back."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.before import LOOKING, parse_put_back, put_back
from stems.infrastructure.command import Effect, script
from stems.model.names import USER, is_name, printable
from stems.tools.base import Job, Site
from stems.tools.systemd.linger import turn, was_path
from stems.tools.systemd.manager import Manager, managers
from stems.tools.systemd.run import run
from stems.tools.systemd.shell import BACK, TOOLS, UNDO

_KEPT = r"""
for units in $kept; do
  if is_absent "$units"; then echo absent; else echo kept; fi
done
user=$(id -un) || exit 1
if is_absent "$was"; then echo "$user - -"; exit 0; fi
IFS= read -r lingered <"$was" || fail "$was: cannot be read"
if [ -e "/var/lib/systemd/linger/$user" ]; then echo "$user $lingered yes"; else echo "$user $lingered no"; fi
"""


def restore(job: Job, site: Site) -> Sequence[str]:
    """Put files and units back as they were before `job.deployment`; safe to repeat."""
    kept, user, lingered, lingers = _kept(site, job.deployment)
    if (lingered, lingers) == ("yes", "no"):
        turn(site, user, on=True)
    # What came goes first on both sides: a service that moved cannot start beside itself.
    for manager in kept:
        run(site, manager, _folders(site, manager, job.deployment) + UNDO)
    left = [line for manager in kept for line in _put_back(site, manager, job.deployment)]
    if (lingered, lingers) == ("no", "yes"):
        turn(site, user, on=False)
    return left


def _put_back(site: Site, manager: Manager, deployment: str) -> list[str]:
    folder = site.before(deployment, manager.word)
    said = run(site, manager, _folders(site, manager, deployment) + TOOLS + put_back(folder) + BACK).text
    left = [printable(line.removeprefix("left ")) for line in said.splitlines() if line.startswith("left ")]
    return [*(f"{printable(path)}: changed since, left as it is" for path in parse_put_back(said)), *left]


def _folders(site: Site, manager: Manager, deployment: str) -> str:
    folder = site.before(deployment, manager.word)
    return f"folder={quote(folder)} units={quote(f'{folder}.units')}\n"


def _kept(site: Site, deployment: str) -> tuple[list[Manager], str, str, str]:
    """The managers whose units a deployment touched; the user, whether it lingered before, and whether it does now."""
    asked = managers(site.home)
    notes = " ".join(quote(f"{site.before(deployment, manager.word)}.units") for manager in asked)
    head = f"kept={quote(notes)} was={quote(was_path(site, deployment))}\n"
    result = site.runner.run(script(head + LOOKING + _KEPT, Effect.READS))
    *answers, last = result.text.split("\n")[:-1] or [""]
    words = last.split(" ")
    if not result.ok or len(answers) != len(asked) or len(words) != 3 or not is_name(USER, words[0]):
        raise ToolError(
            f"{site.node.name}: what was kept of its units cannot be read",
            said=printable(result.errors),
            remedy=f"see {site.state}/before/{deployment} there",
        )
    kept = [manager for manager, answer in zip(asked, answers, strict=True) if answer == "kept"]
    return kept, words[0], words[1], words[2]
