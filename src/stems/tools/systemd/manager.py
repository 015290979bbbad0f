"""The two managers of units on a node: the system's, and that of the SSH user."""

from __future__ import annotations

from dataclasses import dataclass

from stems.model.service import Scope

_SYSTEM_SHELL = r"""
systemctl=systemctl generators=/usr/lib/systemd/system-generators/podman-system-generator
elsewhere=/etc/containers/systemd:/usr/share/containers/systemd
"""

# The variable may be missing, or be that of another account, as after `sudo -E`.
_USER_SHELL = r"""
user=$(id -un) && uid=$(id -u) || exit 1
XDG_RUNTIME_DIR=/run/user/$uid; export XDG_RUNTIME_DIR
systemctl='systemctl --user' generators=/usr/lib/systemd/user-generators/podman-user-generator
elsewhere=$HOME/.config/containers/systemd:/etc/containers/systemd/users/$uid:/etc/containers/systemd/users
"""


@dataclass(frozen=True, slots=True)
class Manager:
    """A manager of units and where what it reads lies. `home` is the SSH user's, `~` where no node is asked."""

    scope: Scope = Scope.SYSTEM
    home: str = "~"

    @property
    def is_users(self) -> bool:
        return self.scope is Scope.USER

    @property
    def units(self) -> str:
        return f"{self.home}/.config/systemd/user" if self.is_users else "/etc/systemd/system"

    @property
    def quadlets(self) -> str:
        return f"{self.home}/.config/containers/systemd" if self.is_users else "/etc/containers/systemd"

    @property
    def account(self) -> str:
        """Whose account reaches it: that of the SSH user itself, or root."""
        return "" if self.is_users else "root"

    @property
    def word(self) -> str:
        """Names what stems keeps about it on a node."""
        return "systemd-user" if self.is_users else "systemd"

    @property
    def shell(self) -> str:
        """How a script begins: afterwards `$systemctl` reaches this manager."""
        return _USER_SHELL if self.is_users else _SYSTEM_SHELL

    def file(self, path: str) -> str:
        """A file as a resource: that of a user as dotfiles are named, which it may be to another tool."""
        return f"file:~{path.removeprefix(self.home)}" if self.is_users else f"file:{path}"

    def unit(self, name: str) -> str:
        """A unit as a resource: one name may be a unit of both managers."""
        return f"user-unit:{name}" if self.is_users else f"unit:{name}"


SYSTEM = Manager()


def managers(home: str = "~") -> tuple[Manager, Manager]:
    return Manager(Scope.SYSTEM, home), Manager(Scope.USER, home)
