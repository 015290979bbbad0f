"""The recipe of a lab node's image: what is in it and how it is built; a digest of it names the image."""

from __future__ import annotations

import hashlib
import platform

SUITE = "bookworm"
"""Debian 13's systemd refuses cgroup v1, which some machines still have."""

USER = "owner"
"""The account on every lab node: in `sudo` without a password and in the group `docker`."""

PACKAGES = (
    "busybox-static", "ca-certificates", "containerd", "curl", "dbus", "docker.io", "git", "iproute2", "iptables",
    "openssh-server", "procps", "python3", "python3-apt", "rsync", "runc", "sudo", "systemd", "systemd-sysv", "zsh",
)  # fmt: skip

KEPT_PACKAGES = ("containerd", "docker.io", "runc", "tini")
"""Kept as files in the image, so that a node without Docker can install it with no network."""

DOCKERFILE = """\
FROM {base}
ENV DEBIAN_FRONTEND=noninteractive
RUN echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/stems-lab \\
 && printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d \\
 && apt-get update -q && apt-get install -qy --no-install-recommends {packages} \\
 && mkdir -p /opt/stems-lab/apt && chmod 777 /opt/stems-lab/apt && cd /opt/stems-lab/apt \\
 && apt-get download -q {kept} && chmod 755 . \\
 && rm -rf /usr/sbin/policy-rc.d /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
COPY docker-compose /usr/libexec/docker/cli-plugins/docker-compose
COPY provision /opt/stems-lab/provision
RUN sh /opt/stems-lab/provision
STOPSIGNAL SIGRTMIN+3
CMD ["/opt/stems-lab/init"]
"""

PROVISION = r"""set -eu
useradd --create-home --uid 1000 --shell /bin/bash --groups docker @USER@
echo '@USER@ ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/@USER@
chmod 440 /etc/sudoers.d/@USER@
chmod 755 /usr/libexec/docker/cli-plugins/docker-compose

# Host keys and the machine-id belong to one node: they are put in when it is made.
rm -f /etc/ssh/ssh_host_*
: >/etc/machine-id
cat >/etc/ssh/sshd_config.d/lab.conf <<'END'
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
UseDNS no
MaxStartups 60:30:120
MaxSessions 40
END
systemctl enable -q ssh docker
systemctl mask -q systemd-resolved systemd-udevd systemd-udevd-kernel.socket systemd-udevd-control.socket \
  systemd-modules-load systemd-firstboot getty@ console-getty serial-getty@ systemd-logind apt-daily.timer \
  apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer >/dev/null 2>&1 || true

mkdir -p /etc/docker
cat >/etc/docker/daemon.json <<'END'
{"default-address-pools": [{"base": "10.201.0.0/16", "size": 24}], "bip": "10.200.0.1/24"}
END

# A repository of the kept packages, so that `apt-get install docker.io` works with no network.
cd /opt/stems-lab/apt
for package in *.deb; do
  dpkg-deb -f "$package"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' \
    "$package" "$(stat -c %s "$package")" "$(sha256sum "$package" | cut -d' ' -f1)"
done >Packages
echo 'deb [trusted=yes] file:/opt/stems-lab/apt ./' >/etc/apt/sources.list.d/stems-lab.list
apt-get update -q -o Dir::Etc::sourcelist=sources.list.d/stems-lab.list -o Dir::Etc::sourceparts=-

cat >/opt/stems-lab/init <<'END'
#!/bin/sh
# Docker mounts these files over the node's own, and a mounted file cannot be replaced by a rename.
for file in /etc/hosts /etc/hostname /etc/resolv.conf; do
  content=$(cat "$file")
  umount "$file" 2>/dev/null || continue
  [ -s "$file" ] || printf '%s\n' "$content" >"$file"
done
if [ ! -e /opt/stems-lab/booted ]; then
  [ -z "${STEMS_LAB_SHELL:-}" ] || usermod --shell "$STEMS_LAB_SHELL" @USER@
  [ -z "${STEMS_LAB_FRESH:-}" ] || dpkg --purge docker.io containerd runc tini >/dev/null 2>&1
  : >/opt/stems-lab/booted
fi
exec env -u STEMS_LAB_SHELL -u STEMS_LAB_FRESH /sbin/init
END

cat >/opt/stems-lab/load-images <<'END'
#!/bin/sh
docker image inspect stems-lab/busybox:2 >/dev/null 2>&1 || docker load -q -i /opt/stems-lab/images.tar
END
chmod 755 /opt/stems-lab/init /opt/stems-lab/load-images
cat >/etc/systemd/system/stems-lab-images.service <<'END'
[Unit]
Description=Load the lab's images
After=docker.service
Requires=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/opt/stems-lab/load-images

[Install]
WantedBy=docker.service
END
systemctl enable -q stems-lab-images
""".replace("@USER@", USER)

SERVICE_DOCKERFILE = """\
FROM {node} AS node
FROM scratch
COPY --from=node /usr/bin/busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
LABEL stems.lab.image="{version}"
CMD ["/bin/sleep", "2147483647"]
"""

SERVICE_IMAGES = {"stems-lab/busybox:1": "1", "stems-lab/busybox:2": "2"}
"""Two versions of one small image (httpd, nc, wget, sleep), so that an update can be practised with no registry."""


def dockerfile(base: str) -> str:
    return DOCKERFILE.format(base=base, packages=" ".join(PACKAGES), kept=" ".join(KEPT_PACKAGES))


def recipe_digest(compose_version: str) -> str:
    """The same recipe and Compose give the same image; the base's own age is left out, so that a cache stays one."""
    parts = (SUITE, platform.machine(), dockerfile(""), PROVISION, SERVICE_DOCKERFILE, compose_version)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def node_image(digest: str) -> str:
    return f"stems-lab-node:{digest}"


def base_image() -> str:
    return f"stems-lab-base:{SUITE}"
