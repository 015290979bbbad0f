"""What can cut a node off: the table of paths, modules and units that makes a change one of class `network`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PATHS = re.compile(
    r"""/etc/(?:
      ssh(?:/.*)? | sudoers(?:\.d(?:/.*)?)? | doas\.conf | pam\.d(?:/.*)? | nsswitch\.conf
    | passwd | shadow | group | gshadow | shells
    | network(?:/.*)? | netplan(?:/.*)? | NetworkManager(?:/.*)? | systemd/network(?:/.*)? | systemd/networkd\.conf.*
    | systemd/resolved\.conf.* | resolv\.conf | resolvconf(?:/.*)? | dhcpcd\.conf | dhcp(?:/.*)?
    | wpa_supplicant(?:/.*)? | iptables(?:/.*)? | nftables\.conf | nftables\.d(?:/.*)? | ufw(?:/.*)? | default/ufw
    | firewalld(?:/.*)? | fail2ban(?:/.*)? | hosts\.(?:allow|deny) | gai\.conf | iproute2(?:/.*)?
    | sysctl\.conf | sysctl\.d(?:/.*)? | wireguard(?:/.*)? | openvpn(?:/.*)? | tailscale(?:/.*)?
    )
    | /(?:root|home/[^/]+)/\.ssh(?:/.*)? """,
    re.VERBOSE,
)
_UNIT_FILE = re.compile(r"/(?:etc|run|usr/local/lib)/systemd/system/(?P<unit>[^/]+?)(?:\.d)?(?:/.*)?")
_ABOVE = re.compile(r"/ | /etc(?:/systemd(?:/system)? | /default)? | /root | /home(?:/[^/]+)?", re.VERBOSE)
_MODULES = frozenset({
    "authorized_key", "sudoers", "ufw", "iptables", "iptables_state", "nftables", "firewalld", "nmcli", "net_tools",
    "network_connections", "netplan", "sysctl", "reboot", "pamd",
    "ip_netns", "interfaces_file", "seport",
})  # fmt: skip
_UNITS = re.compile(
    r"(?:sshd?|sshd?@.*|dropbear|systemd-networkd|systemd-resolved|systemd-logind|networking|NetworkManager|dhcpcd|"
    r"wpa_supplicant.*|iptables|netfilter-persistent|nftables|ufw|firewalld|fail2ban|wg-quick@.*|openvpn.*|tailscaled|"
    r"resolvconf|ifup@.*|netplan.*|connman|iwd)(?:\.(?:service|socket))?"
)
_PACKAGES = re.compile(
    r"(?:openssh-.*|dropbear.*|sudo|ufw|firewalld|iptables.*|nftables|netplan.*|network-manager|systemd.*|ifupdown|"
    r"dhcpcd.*|isc-dhcp.*|wpasupplicant|wireguard.*|tailscale|openvpn|fail2ban)(?:[=:].*)?"
)


HOME_WAYS_IN = frozenset({".ssh/authorized_keys", ".ssh/authorized_keys2", ".ssh/rc", ".ssh/environment"})
"""Files of a home that decide whether the next SSH connection succeeds; an existing `.ssh` does, too."""

ACCOUNTS = frozenset({"user", "group"})
"""Modules that write /etc/passwd, /etc/group and their shadows."""
_ADMINISTRATORS = frozenset({"root", "sudo", "wheel", "admin"})


def changes_access(module: str, arguments: Mapping[str, Any], *, is_new: bool) -> bool:
    """Whether a change of an account can lock somebody out. A new one, a group or an account of a service does not."""
    named = str(arguments.get("name", ""))
    if named in _ADMINISTRATORS or arguments.get("state") == "absent":
        return True
    return module == "user" and not is_new and arguments.get("system") not in (True, "yes", "true", "True")


def is_way(path: str) -> bool:
    """Whether a path is one that decides about the way in; one that such paths lie below is not."""
    of_unit = _UNIT_FILE.fullmatch(path)
    return _PATHS.fullmatch(path) is not None or (of_unit is not None and is_way_unit(of_unit["unit"]))


def is_way_unit(name: str) -> bool:
    return _UNITS.fullmatch(name) is not None


def touches_network(resource: str, module: str, *, whole: bool = False) -> bool:
    """Whether a change of `resource` by an Ansible module can take the way to a node, or to root on it.

    `whole` says that the change may be of anything that lies below a path.
    """
    kind, _, name = resource.partition(":")
    if module in _MODULES:
        return True
    if kind == "file":
        return is_way(name) or (whole and _ABOVE.fullmatch(name) is not None)
    if kind == "unit":
        return is_way_unit(name)
    return kind == "package" and any(_PACKAGES.fullmatch(package) for package in name.split(","))
