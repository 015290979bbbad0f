"""What a node answers is read as facts; what it could not say is unknown, and what passes is left out."""

from __future__ import annotations

import json

import pytest

from stems.infrastructure.discovery import accounts, containers, hardware, machine, network, storage, units
from stems.infrastructure.discovery.node import SNIPPETS, truth_of
from stems.infrastructure.probe import Section
from stems.model.truth import UNKNOWN, Account, Disk, FoundContainer, Gpu, MountPoint, Truth

G, M = 1024**3, 1024**2


def test_a_node_of_which_nothing_could_be_seen_is_unknown_throughout() -> None:
    assert truth_of("gate", {name: Section(1, "") for name in SNIPPETS}) == Truth("gate")


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("memory=7999936", 8 * G),  # a Raspberry Pi, without the part of its graphics
        ("memory=16249000", 16 * G),
        ("memory=15728640", 15 * G),
        ("memory=927000", 960 * M),
        ("memory=16249000\nblock=8000000\nblocks=128", 16 * G),
        ("memory=32600000\nblock=8000000\nblocks=256", 32 * G),
        ("memory=16249000\nblock=8000000\nblocks=1", 16 * G),  # blocks that were not listed
        ("memory=16249000\nblock=nonsense\nblocks=128", 16 * G),
        ("memory=", UNKNOWN),
        ("", UNKNOWN),
        ("memory=0", UNKNOWN),
    ],
)
def test_memory_is_what_is_installed(said: str, size: object) -> None:
    assert machine.memory(said) == size


def test_a_machine_is_called_as_the_cluster_file_calls_it() -> None:
    said = 'arch=aarch64\nos="Debian GNU/Linux 12 (bookworm)"\ncpus=4\nlscpu=  Cortex-A72\n'

    assert machine.architecture(said) == "arm64"
    assert machine.operating_system(said) == "Debian GNU/Linux 12 (bookworm)"
    assert machine.processors(said) == 4
    assert machine.processor(said) == "Cortex-A72"
    assert machine.processor("cpu= Intel(R)   N100\nlscpu=other") == "Intel(R) N100"
    assert machine.processor("lscpu=-") is UNKNOWN
    assert machine.processors("cpus=") is UNKNOWN


def test_disks_have_sizes_as_people_say_them() -> None:
    said = "sdb\t0\t1\tReader\nnvme0n1\t1953525168\t0\tSamsung SSD 980  1TB \nvda\t8388608\t1\t\nodd line\n"

    assert storage.disks(said) == (
        Disk("nvme0n1", 932 * G, "Samsung SSD 980 1TB"),
        Disk("vda", 4 * G, UNKNOWN, is_removable=True),
    )
    assert storage.disks("") == ()


def test_mounts_are_those_that_last() -> None:
    said = "\n".join(
        "\t".join(row)
        for row in (
            ("proc", "/proc", "proc"),
            ("/dev/sda1", "/", "ext4"),
            ("tmpfs", "/run", "tmpfs"),
            ("nas.example:/pool", "/cluster-nas", "nfs4"),
            ("/dev/sdb1", r"/mnt/my\040disk", "ext4"),
            ("/dev/loop3", "/snap/core/1", "squashfs"),
            ("overlay", "/var/lib/docker/overlay2/0f/merged", "overlay"),
            ("/dev/sda1", "/etc/hosts", "ext4"),
            ("tank/photos", "/tank/photos", "zfs"),
            ("size", "61255492", "/"),
            ("size", "4096", "/tank/photos"),
        )
    )

    assert storage.mounts(said) == (
        MountPoint("/", "/dev/sda1", "ext4", 58 * G),
        MountPoint("/cluster-nas", "nas.example:/pool", "nfs4"),
        MountPoint("/mnt/my disk", "/dev/sdb1", "ext4"),
        MountPoint("/tank/photos", "tank/photos", "zfs"),
    )
    assert storage.mounts("nas.example:/pool\t/cluster-nas\tnfs4\n") is UNKNOWN


def test_no_gpu_is_known_only_where_the_kernel_lists_what_there_is() -> None:
    assert hardware.gpu("") is UNKNOWN
    assert hardware.gpu("seen=/sys/class/drm\n") == ()


def test_gpus_have_the_best_name_that_the_node_knows() -> None:
    seen = "seen=/sys/bus/pci/devices\npci=0000:01:00.0 0x10de 0x2204\n"

    assert hardware.gpu(seen) == (Gpu("10de:2204", "nvidia"),)
    listed = '0000:01:00.0 "VGA compatible controller" "NVIDIA Corporation" "GA102 [GeForce RTX 3090]" -ra1 "" ""'
    assert hardware.gpu(f"{seen}lspci={listed}\n") == (Gpu("GA102 [GeForce RTX 3090]", "nvidia"),)
    assert hardware.gpu(f"{seen}nvidia=0000:01:00.0 NVIDIA GeForce RTX 3090\n") == (
        Gpu("NVIDIA GeForce RTX 3090", "nvidia"),
    )
    assert hardware.gpu("seen=/sys/class/drm\nsoc=v3d\n") == (Gpu("v3d", "broadcom"),)


def test_addresses_that_come_and_go_are_none() -> None:
    said = r"""1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
2: eth0    inet 192.0.2.7/24 brd 192.0.2.255 scope global dynamic eth0\       valid_lft 85000sec preferred_lft 85000sec
2: eth0    inet6 2001:db8::7/64 scope global mngtmpaddr \       valid_lft forever preferred_lft forever
2: eth0    inet6 2001:db8::abcd/64 scope global temporary dynamic \       valid_lft 600sec preferred_lft 60sec
2: eth0    inet6 fe80::1/64 scope link \       valid_lft forever preferred_lft forever
3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\       valid_lft forever preferred_lft forever
4: br-5ef5ada6fef3    inet 172.26.0.1/16 scope global br-5ef5ada6fef3\       valid_lft forever preferred_lft forever
6: tailscale0    inet 192.0.2.99/32 scope global tailscale0\       valid_lft forever preferred_lft forever
"""
    assert network.addresses(said) == {"eth0": ("192.0.2.7/24", "2001:db8::7/64"), "tailscale0": ("192.0.2.99/32",)}
    assert network.addresses("") is UNKNOWN


@pytest.mark.parametrize(
    ("said", "docker", "compose"),
    [
        ("none=docker", None, None),
        ("client=Docker version 28.0.1, build 068a01e\nserver=28.0.4\ncompose=v2.33.1", "28.0.4", "2.33.1"),
        ("client=Docker version 28.0.1, build 068a01e\nserver=\nnone=compose", "28.0.1", None),
        ("client=podman version 4.3.1\nserver=\n", UNKNOWN, UNKNOWN),
        ("", UNKNOWN, UNKNOWN),
    ],
)
def test_none_and_unknown_docker_are_two_things(said: str, docker: object, compose: object) -> None:
    assert containers.docker(said) == docker
    assert containers.compose(said) == compose


def test_containers_that_run_have_the_ports_that_somebody_chose() -> None:
    def line(*parts: object) -> str:
        return json.dumps(parts)

    bindings = {
        "80/tcp": [{"HostIp": "", "HostPort": "8080"}, {"HostIp": "0.0.0.0", "HostPort": ""}],  # as Docker says it
        "53/udp": [{"HostIp": "192.0.2.7", "HostPort": "53"}, {"HostIp": "fd00::2", "HostPort": "53"}],
        "443/tcp": None,
    }
    said = "\n".join(
        (
            line("/web-web-1", "nginx:1.27", "web", "False", bindings),
            line("/old", "sha256:0123", "", "", None),
            line("/web-run-1", "nginx:1.27", "web", "True", {}),
        )
    )

    assert containers.containers(said) == (
        FoundContainer("old", "sha256:0123"),
        FoundContainer("web-web-1", "nginx:1.27", "web", ("192.0.2.7:53:53/udp", "[fd00::2]:53:53/udp", "8080:80/tcp")),
    )
    assert containers.containers("none=docker") == ()
    assert containers.containers("") == ()
    assert containers.containers("[1, 2]") is UNKNOWN


def test_units_that_are_made_for_one_run_are_left_out() -> None:
    said = "ssh.service enabled enabled\nsnap-core-1.mount enabled enabled\nrun-r12ab.service loaded failed failed x\n"

    assert units.units(said) == ("ssh.service",)
    assert units.units("") == ()
    assert units.units("Failed to connect to bus\n") is UNKNOWN


def test_accounts_are_those_of_people_and_root() -> None:
    said = "\n".join(
        "\t".join(row)
        for row in (
            ("root", "0", "/root", "/usr/sbin/nologin"),
            ("daemon", "1", "/usr/sbin", "/usr/sbin/nologin"),
            ("owner", "1000", "/home/owner", "/bin/zsh"),
            ("plain", "1001", "/home/plain", ""),
            ("nobody", "65534", "/nonexistent", "/usr/sbin/nologin"),
            ("postgres", "105", "/var/lib/postgresql", "/bin/bash"),
        )
    )

    assert accounts.accounts(said) == (
        Account("owner", 1000, "/home/owner", "/bin/zsh"),
        Account("plain", 1001, "/home/plain", "/bin/sh"),
        Account("root", 0, "/root", "/usr/sbin/nologin"),
    )
    assert accounts.accounts("owner\t1000\t/home/owner\t/bin/sh") is UNKNOWN
