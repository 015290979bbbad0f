"""The systemd of one node of a lab, the system's or that of the SSH user, and releases of one service for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from stems.infrastructure.command import Effect, script
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.probe import probe
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.model.change import Change, Risk
from stems.model.cluster import Cluster, Domains, ServicesDomain
from stems.model.node import Node, SshAddress
from stems.model.observation import Present
from stems.model.service import Scope, Service
from stems.model.state import ServiceState
from stems.tools.base import Job, Preview, Site, Tool, Tree
from stems.tools.systemd import look as systemd_look
from stems.tools.systemd import tool as systemd
from stems.tools.systemd.manager import Manager
from tests.contract.suite import FIRST, Broken, HandEdit
from tests.support.dotfiles import write_tree

HOME = "/home/owner"
SERVICE = Service("contract", ("prtr",), "systemd")
WEB = "[Service]\nType=exec\nExecStart=/bin/sleep {seconds}\n[Install]\nWantedBy=default.target\n"
FIRST_RELEASE = {
    "contract-web.service": WEB.format(seconds=10001),
    "contract-web.service.d/10-first.conf": "[Service]\nEnvironment=A=1\n",
    "contract-old.service": "[Service]\nType=oneshot\nExecStart=/bin/true\n",
    "contract-old.timer": "[Timer]\nOnCalendar=2099-01-01\n[Install]\nWantedBy=timers.target\n",
    "README.md": "for people\n",
}
SECOND_RELEASE = {
    "contract-web.service": WEB.format(seconds=10002),
    "contract-web.service.d/20-second.conf": "[Service]\nEnvironment=A=2\n",
    "contract-new.service": "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n",
}
SECRET = "contract-web.service.d/30-secret.conf"
FAILS = "ExecStartPre=/bin/sh -c 'echo cannot log in with $$PHRASE; exit 1'\nExecStart="
_PHOTOGRAPH = r"""
find $folders -exec stat -c '%A %U %n' {} + 2>/dev/null | grep -e contract -e "^.* $HOME" | sort
find $folders -path '*contract*' -type f -exec sha256sum {} + 2>/dev/null | sort
for unit in contract-web.service contract-old.timer contract-old.service contract-new.service cron.service; do
  $systemctl show -p Id,LoadState,ActiveState,UnitFileState -- "$unit" | tr '\n' ' '; echo
done
ls -A /var/lib/systemd/linger 2>/dev/null || :
find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'tmp.*'
cat "$state"/units/placed* 2>/dev/null || :
"""
_PREPARE = """
mkdir -p "$state"; head -c 32 /dev/urandom >"$state/key"
"""
# Units of the other manager, too: a service may have moved.
_CLEAN = r"""
clean='
  $ctl stop "contract-*"; find "$folder" -path "*contract*" -delete 2>/dev/null
  $ctl daemon-reload; $ctl reset-failed "contract-*" 2>/dev/null'
sudo sh -c "ctl=systemctl folder=/etc/systemd/system; $clean; rm -rf '$state'"
XDG_RUNTIME_DIR=/run/user/1000 sh -c "ctl='systemctl --user' folder=$HOME/.config/systemd; $clean"
rm -rf ~/.config/systemd
"""
LINGER = "sudo loginctl enable-linger owner && sudo systemctl start user@1000.service\n"


@dataclass
class Units:
    """The units of one manager on one node of the lab."""

    site: Site
    folder: Path
    service: Service = SERVICE
    tool: Tool = systemd
    extra: dict[str, str] = field(default_factory=dict)
    secret: str = ""

    @property
    def manager(self) -> Manager:
        return Manager(self.service.scope, HOME)

    def job(self, release: str, *, deployment: str) -> Job:
        files = FIRST_RELEASE if release == FIRST else {**SECOND_RELEASE, **self.extra}
        return self.job_of({**files, SECRET: self.drop_in(self.secret)} if self.secret else files, deployment)

    def job_of(self, files: Mapping[str, str], deployment: str = "", *services: Service) -> Job:
        root = self.folder / f"tree-{len(list(self.folder.iterdir()))}"
        write_tree(root / "services/contract", files)
        settings = ServicesDomain("systemd", "services")
        tree = Tree(root, "0" * 40, frozenset(f"services/contract/{name}" for name in files))
        return Job(self.cluster(*services), settings, tree, {}, LocalRunner(), self.folder, deployment)

    def cluster(self, *services: Service) -> Cluster:
        domains = Domains(services=ServicesDomain("systemd", "services"))
        named = {service.name: service for service in (services or (self.service,))}
        return Cluster("contract-systemd", "~/config", {"prtr": self.site.node}, services=named, domains=domains)

    def preview(self, job: Job) -> Preview:
        answer = systemd.preview(job, [self.site])["prtr"]
        assert isinstance(answer, Present), answer.reason
        return answer.value

    def changes(self, job: Job) -> tuple[Change, ...]:
        return self.preview(job).changes

    def photograph(self) -> str:
        return self.ask(_PHOTOGRAPH)

    def edit_by_hand(self) -> HandEdit:
        self.ask("$systemctl stop contract-web")
        return HandEdit(self.manager.unit("contract-web.service"), Risk.SERVICE)

    def break_off(self, release: str) -> Broken:
        """What does not start says what it was given, where it was given something."""
        del release
        unit = WEB.replace("/bin/sleep", "/no/such/program")
        unit = WEB.replace("ExecStart=", FAILS) if self.secret else unit
        self.extra = {"contract-web.service": unit.format(seconds=1)}
        return Broken("contract-web.service", self.extra.clear)

    def drop_in(self, secret: str) -> str:
        """One secret is in the repository, under its name; another one in an environment file of the node."""
        return f"[Service]\nEnvironment=API_TOKEN={secret}\nEnvironmentFile={self.site.state}/web.env\n"

    def plant(self, secret: str) -> None:
        self.secret = secret
        self.ask(f'umask 077; echo "PHRASE={secret}-of-the-node" >"$state/web.env"')

    def spoil(self, secret: str) -> None:
        self.ask(f"printf %s {quote(self.drop_in(secret))} | {self.sudo}tee {self.manager.units}/{SECRET} >/dev/null")

    def holds(self, secret: str) -> bool:
        environment = f"{self.sudo}cat /proc/$($systemctl show --value -p MainPID contract-web)/environ"
        found = self.ask(f"{environment} | tr '\\0' '\\n'")
        return f"API_TOKEN={secret}\n" in found and f"PHRASE={secret}-of-the-node\n" in found

    def renew_key(self) -> None:
        self.ask('head -c 32 /dev/urandom >"$state/key"')

    def told(self) -> object:
        job = self.job(FIRST, deployment="")
        return systemd.last_lines(job, self.site, self.service.name), *map(repr, self.states())

    @property
    def sudo(self) -> str:
        return "" if self.manager.is_users else "sudo "

    def states(self, *services: Service) -> list[ServiceState]:
        cluster = self.cluster(*services)
        sections = probe(self.site.runner, {"units": systemd_look.look(cluster, self.site.node)})
        assert sections["units"].status == 0, sections["units"].text
        return list(systemd_look.parse_look(cluster, self.site.node, sections["units"].text))

    def ask(self, text: str) -> str:
        """Afterwards `$systemctl` is that of the manager, and may act; `$folders` is where its units lie."""
        reach, folders = "systemctl='sudo systemctl'", self.manager.units
        if self.manager.is_users:
            reach, folders = self.manager.shell, f"{HOME}/.config {folders}"
        head = f"state={quote(self.site.state)} folders={quote(folders)}\n{reach}\n"
        result = self.site.runner.run(script(f"{head}{text}", Effect.WRITES, timeout=90))
        assert result.ok, result.errors
        return result.text


@contextmanager
def units(lab: Lab, folder: Path, scope: Scope) -> Iterator[Units]:
    found = lab.node("prtr")
    node = Node("prtr", found.hostname, SshAddress(found.host, found.user, found.port, str(lab.identity)))
    runner = SshRunner(node, lab.known_hosts, control_folder())
    state = f"{HOME}/.local/state/stems/contract-systemd"
    site = Site(node, runner, HOME, state, f"{state}/stage", f"{HOME}/config")
    target = Units(site, folder, Service("contract", ("prtr",), "systemd", scope=scope))
    target.ask(f"{LINGER if target.manager.is_users else ''}{_PREPARE}")
    yield target
    target.ask(_CLEAN)
