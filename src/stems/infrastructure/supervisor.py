"""The supervisor on a node: puts back what the way in depends on, unless a fresh connection confirms in time.

It runs apart from the SSH session and needs nothing but a POSIX shell; with systemd it also outlives a reboot. While
the controller says every few seconds over fresh connections that it is there, it waits. After `SILENCE` seconds without
a word it restores. Confirming and restoring exclude each other: whoever makes the folder `claim` first goes on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from shlex import quote

from stems.infrastructure.before import differing, keep, keep_below, put_back, remove_new
from stems.infrastructure.command import Command, Effect, script
from stems.infrastructure.shell import RUN_VARIABLE
from stems.model.names import DEPLOYMENT, UNIT, is_name

_NAME = re.compile(rf"(?:{DEPLOYMENT.pattern})\.[0-9a-f]{{6}}")

SILENCE = 30
"""Seconds without a word of the controller after which the way in is put back."""
ALIVE_EVERY = 5.0
TIMEOUT = 90.0
UNIT_PREFIX = "stems-supervisor-"

WAYS = (
    "/etc/ssh", "/etc/sudoers", "/etc/sudoers.d", "/etc/doas.conf", "/etc/pam.d", "/etc/nsswitch.conf", "/etc/passwd",
    "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/shells", "/etc/network", "/etc/netplan", "/etc/NetworkManager",
    "/etc/systemd/network", "/etc/systemd/networkd.conf", "/etc/dhcpcd.conf", "/etc/dhcp", "/etc/wpa_supplicant",
    "/etc/iptables", "/etc/nftables.conf", "/etc/nftables.d", "/etc/ufw", "/etc/default/ufw", "/etc/firewalld",
    "/etc/fail2ban", "/etc/hosts.allow", "/etc/hosts.deny", "/etc/sysctl.conf", "/etc/sysctl.d", "/etc/wireguard",
    "/etc/systemd/networkd.conf.d", "/etc/systemd/resolved.conf", "/etc/systemd/resolved.conf.d", "/etc/resolv.conf",
    "/etc/resolvconf", "/etc/gai.conf", "/etc/iproute2", "/etc/openvpn", "/etc/tailscale", "/root/.ssh",
)  # fmt: skip
"""What decides whether somebody gets in, and becomes root. `~/.ssh` of the SSH user comes with its own name."""
UNITS = (
    "ssh.service", "sshd.service", "ssh.socket", "systemd-networkd.service", "NetworkManager.service",
    "networking.service", "dhcpcd.service", "nftables.service", "ufw.service", "firewalld.service", "fail2ban.service",
    "dropbear.service", "systemd-resolved.service", "wpa_supplicant.service", "iwd.service", "connman.service",
    "iptables.service", "netfilter-persistent.service", "tailscaled.service", "openvpn.service",
)  # fmt: skip
_OF_UNITS = tuple(f"/etc/systemd/system/{unit}{end}" for unit in UNITS for end in ("", ".d"))

# What runs and is in no file: rules of the firewall, addresses and routes. Interfaces that Docker makes come and go.
_RUNTIME = r"""
cd "$here" || exit 1
has() { command -v "$1" >/dev/null 2>&1; }
rules() { "$1" -S INPUT; "$1" -S OUTPUT; "$1" -P FORWARD 2>/dev/null; }
tables() { nft list tables 2>/dev/null | while read -r _ family name; do
  nft -s list table "$family" "$name" 2>/dev/null | grep -q 'managed by iptables' ||
    printf '%s %s\n' "$family" "$name"
done; }
links() {
  ip -o addr show 2>/dev/null | awk '$2 !~ /^(lo|veth|br-|docker|tailscale|wg)/ { print $2, $3, $4 }' | sort -u
}
routes() { ip -4 route show 2>/dev/null | grep -v -e 'dev veth' -e 'dev br-' -e 'dev docker' -e linkdown; }
"""

_REMEMBER = r"""
for tool in iptables ip6tables; do
  has "$tool-save" || continue
  rules "$tool" >"$tool.input" 2>/dev/null; "$tool-save" >"$tool.rules" 2>/dev/null || rm -f "$tool.rules"
done
if has nft; then
  tables >tables
  while read -r family name; do nft -s list table "$family" "$name" >"table.$family.$name"; done <tables
fi
links >links; routes >routes
if has systemctl; then
  for unit in $units; do
    printf '%s %s %s\n' "$unit" "$(systemctl is-active "$unit")" "$(systemctl is-enabled "$unit")"
  done >units 2>/dev/null
fi
"""

_PUT_RUNTIME_BACK = r"""
for tool in iptables ip6tables; do
  [ -s "$tool.rules" ] || continue
  rules "$tool" 2>/dev/null | cmp -s - "$tool.input" || "$tool-restore" <"$tool.rules" || bad=yes
done
if has nft && [ -e tables ]; then
  tables | while read -r family name; do
    [ -e "table.$family.$name" ] && nft -s list table "$family" "$name" | cmp -s - "table.$family.$name" ||
      nft delete table "$family" "$name"
  done
  while read -r family name; do
    nft list table "$family" "$name" >/dev/null 2>&1 || nft -f "table.$family.$name" || bad=yes
  done <tables
fi
while read -r device family address; do
  ip link set "$device" up
  links | grep -qxF "$device $family $address" || ip addr add "$address" dev "$device" || bad=yes
done <links
links | while read -r device family address; do
  grep -qxF "$device $family $address" links || ip addr del "$address" dev "$device"
done
# A route through a gateway needs the route to the gateway: those without one come first.
{ grep -v ' via ' routes; grep ' via ' routes; } | while read -r route; do
  routes | grep -qxF "$route" || ip route replace $route
done
touched() { cat differing removed | grep -q -e "$1"; }
# The network is only begun anew where its own files were changed. Sessions outlive a restart of sshd.
needs_restart() {
  ! touched "^/etc/systemd/system/$1" || return 0
  case $1 in *@*) ! touched "^/etc/systemd/system/${1%%@*}@" || return 0 ;; esac
  case $1 in
    ssh*) return 0 ;;
    systemd-networkd.*) touched '^/etc/systemd/network' || touched '^/etc/netplan' ;;
    NetworkManager.*) touched '^/etc/NetworkManager' || touched '^/etc/netplan' ;;
    networking.*) touched '^/etc/network' ;;
    ufw.*) touched '^/etc/ufw' || touched '^/etc/default/ufw' ;;
    systemd-resolved.*) touched '^/etc/systemd/resolved' ;;
    wg-quick@*) touched '^/etc/wireguard' ;;
    tailscaled.*) touched '^/etc/tailscale' ;;
    netfilter-persistent.*) touched '^/etc/iptables' ;;
    *) touched "^/etc/${1%%[.@]*}" ;;
  esac
}
! touched '^/etc/sysctl' || ! has sysctl || sysctl -q --system
! touched '^/etc/netplan' || ! has netplan || netplan generate
if [ -e units ]; then
  systemctl daemon-reload
  while read -r unit active enabled; do
    case $enabled in
      masked|'') ;;
      enabled) systemctl unmask "$unit"; systemctl enable "$unit" ;;
      disabled) systemctl unmask "$unit"; systemctl disable "$unit" ;;
      *) systemctl unmask "$unit" ;;
    esac
    case $active in
      active) systemctl is-active -q "$unit" && ! needs_restart "$unit" || systemctl restart "$unit" || bad=yes ;;
      inactive|failed) ! systemctl is-active -q "$unit" || systemctl stop "$unit" ;;
    esac
  done <units
else
  for init in /etc/init.d/ssh /etc/init.d/sshd; do [ ! -x "$init" ] || "$init" restart; done
fi
"""

_WATCH = r"""
up() { read -r now _ </proc/uptime; echo "${now%%.*}"; }
finish() {
  if [ -e "$own" ]; then systemctl disable -q "${own##*/}"; rm -f "$own"; systemctl daemon-reload; fi
  printf '%s\n' "$1" >"$here/outcome"; sync
  exit 0
}
unsure=0
while :; do
  [ -e "$here/alive" ] || finish forgotten
  if [ -d "$here/claim" ]; then
    # Claimed and not confirmed: a reboot ended this script while it put things back, or the confirmation was cut short.
    [ ! -e "$here/confirmed" ] || finish confirmed
    [ "$unsure" -lt 5 ] || break
    unsure=$((unsure + 1))
  fi
  seen=$(cat "$here/alive") now=$(up)
  # After a reboot the node's clock of seconds begins anew.
  [ "$seen" -le "$now" ] || seen=0
  if [ $((now - seen)) -ge "$silence" ] || [ -e "$here/hurry" ]; then mkdir "$here/claim" 2>/dev/null && break; fi
  sleep 1
done
bad=
"""


def new_name(deployment: str) -> str:
    """Of one watch of a deployment: each has a folder of its own, so that none takes another's for it."""
    return f"{deployment}.{os.urandom(3).hex()}"


def folder_of(name: str) -> str:
    if not is_name(_NAME, name):
        raise ValueError(name)
    return f"/var/lib/stems/supervisor/{name}"


def _unit(name: str) -> str:
    return f"/etc/systemd/system/{UNIT_PREFIX}{name}.service"


def watch_script(name: str, tops: tuple[str, ...]) -> str:
    """What the supervisor runs."""
    here = folder_of(name)
    kept = f"{here}/was"
    names = f"here={here} own={_unit(name)} silence={SILENCE} LC_ALL=C\nexport LC_ALL\numask 077\n"
    files = f"""
({differing(kept)}) >differing
({remove_new(kept, tops)}) >removed || bad=yes
({put_back(kept)}) >left || bad=yes
[ ! -s left ] || bad=yes
"""
    end = "[ -n \"$bad\" ] || finish 'taken back'\nfinish 'taking back failed'\n"
    return f"#!/bin/sh\n{names}{_WATCH}{_RUNTIME}exec 2>>log\n{files}{_PUT_RUNTIME_BACK}{end}"


# Those of controllers that died are let go: whoever asks for it is in, as root. One that is putting something back
# right now is waited for.
_LET_GO = r"""
for other in /var/lib/stems/supervisor/*/; do
  other=${other%/}
  [ -d "$other" ] || continue
  patience=60 tries=0
  if mkdir "$other/claim" 2>/dev/null; then : >"$other/confirmed"; patience=10; fi
  until [ -e "$other/outcome" ] || [ "$tries" -ge "$patience" ]; do sleep 1; tries=$((tries + 1)); done
  rm -rf "$other"
done
"""

_ARM = r"""
read -r now _ </proc/uptime; echo "${now%%.*}" >"$here/alive"
if command -v systemctl >/dev/null && [ -d /run/systemd/system ]; then
  cat >"$own" <<STEMS_END && chmod 644 "$own" || exit 1
[Unit]
Description=stems puts the way in back unless $here is confirmed
[Service]
ExecStart=/bin/sh $here/run
[Install]
WantedBy=multi-user.target
STEMS_END
  systemctl daemon-reload && systemctl enable -q "${own##*/}" && systemctl start "${own##*/}" || exit 1
else
  env -u "$mark" setsid sh "$here/run" </dev/null >/dev/null 2>&1 &
fi
sync
"""


def tops_of(home: str, paths: Iterable[str] = ()) -> tuple[str, ...]:
    """What is kept: the ways in that are known, and those of `paths` that lie elsewhere."""
    known = (*WAYS, *_OF_UNITS, f"{home}/.ssh")
    return (*known, *(path for path in dict.fromkeys(paths) if not any(_is_below(path, top) for top in known)))


def _is_below(path: str, top: str) -> bool:
    return path == top or path.startswith(f"{top}/")


def arm_command(name: str, home: str, *, paths: Iterable[str] = (), units: Iterable[str] = ()) -> Command:
    """Remember the way in, and what is going to be changed; start watching. `home` is that of the SSH user."""
    here, tops = folder_of(name), tops_of(home, paths)
    watched = " ".join(dict.fromkeys((*UNITS, *(unit for unit in units if is_name(UNIT, unit)))))
    names = {"here": here, "own": _unit(name), "units": watched, "mark": RUN_VARIABLE}
    parts = [
        "umask 077",
        *(f"{key}={quote(value)}" for key, value in names.items()),
        _LET_GO,
        f"mkdir -p {here} || exit 1",
        # A home that others may write is one whose keys sshd does not read.
        keep(f"{here}/was", [home]),
        keep_below(f"{here}/was", tops),
        f"({_RUNTIME}{_REMEMBER})",
        f'printf %s {quote(watch_script(name, tops))} >"$here/run" || exit 1',
        _ARM,
    ]
    return script("{\n" + "\n".join(parts) + "\nexit 0\n}\n", Effect.WRITES, timeout=TIMEOUT, account="root")


def let_go_command() -> Command:
    """End the watches of controllers that died, so that none of them puts something back later."""
    return script(_LET_GO, Effect.WRITES, timeout=TIMEOUT, account="root")


def alive_command(name: str) -> Command:
    """Say that the controller is there, and may become root."""
    here = folder_of(name)
    text = f'read -r now _ </proc/uptime; echo "${{now%%.*}}" >{here}/alive.new && mv {here}/alive.new {here}/alive\n'
    return script(text, Effect.WRITES, timeout=15, account="root")


def confirm_command(name: str) -> Command:
    """Prints `confirmed`, or what came first."""
    here = folder_of(name)
    # Until it has ended, so that the next one of the same deployment begins anew.
    text = f"""
cd {here} && mkdir claim 2>/dev/null || {{ echo late; exit 0; }}
: >confirmed
tries=0
until [ -e outcome ] || [ "$tries" -ge 50 ]; do sleep 0.2; tries=$((tries + 1)); done
echo confirmed
cd / && rm -rf {here}
"""
    return script(text, Effect.WRITES, timeout=25, account="root")


def hurry_command(name: str) -> Command:
    """Have it put back at once."""
    return script(f": >{folder_of(name)}/hurry\n", Effect.WRITES, timeout=15, account="root")


def outcome_command(name: str) -> Command:
    """Prints how it ended, nothing while it has not; then what it could not put back."""
    here = folder_of(name)
    text = f"cd {here} && cat outcome 2>/dev/null && cat left 2>/dev/null\n:"
    return script(text, Effect.READS, timeout=15, account="root")


def forget_command(name: str) -> Command:
    return script(f"rm -rf {folder_of(name)}\n", Effect.WRITES, timeout=15, account="root")
