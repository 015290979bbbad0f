"""What runs is described so that Compose would start the same again, and nothing is dropped without a word."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from stems.readers.yaml import read_yaml
from stems.tools.compose.existing.candidates import Candidate, grouped
from stems.tools.compose.existing.described import described
from stems.tools.compose.existing.found import Existing, Found
from stems.tools.compose.existing.proposal import Destination, Proposal
from tests.unit.tools.compose.existing.recorded import FOLDER, recorded

ID, IMAGE = "1" * 64, "sha256:" + "2" * 64
PLAIN: dict[str, Any] = {
    "Id": ID,
    "Name": "/one",
    "Image": IMAGE,
    "Config": {"Hostname": ID[:12], "Image": "one:1", "Cmd": ["run"], "Labels": {"of": "image"}},
    "HostConfig": {"NetworkMode": "default", "ShmSize": 64 * 1024 * 1024, "LogConfig": {"Type": "json-file"}},
    "Mounts": [],
    "NetworkSettings": {"Networks": {"bridge": {}}},
}


def adopted(found: Found, name: str, *given: str) -> Proposal:
    candidate = next(one for one in grouped(found) if one.name == name)
    return described(candidate, found, Destination(name, "prtr", f"~/c/services/{name}", frozenset(given)))


def alone(**parts: Any) -> tuple[dict[str, Any], Proposal]:
    """What becomes of a plain container with some parts of it changed, by `part__key`."""
    told = deepcopy(PLAIN)
    for key, value in parts.items():
        part, _, inner = key.partition("__")
        if inner:
            told[part][inner] = value
        else:
            told[part] = value
    one = Existing(told)
    image = {
        "Config": {"Cmd": ["run"], "Labels": {"of": "image"}},
        "RepoTags": ["one:1"],
        "RepoDigests": ["one@sha256:3"],
    }
    found = Found(containers=[one], images={IMAGE: image}, variables={ID: ()})
    made = described(Candidate("container", "one", (one,)), found, Destination("one", "prtr", "~/c/services/one"))
    document: Any = read_yaml(made.files["compose.yml"], "x").value
    return document, made


def test_a_container_of_docker_run_is_described_in_full() -> None:
    made = adopted(recorded("vault"), "vault")

    assert made.files["compose.yml"] == (FOLDER.parent / "vault.yml").read_text()
    assert "hunter2hunter" not in str(made)
    assert {one.name for one in made.values} == {"VAULT_COMMAND_2", "VAULT_TOKEN", "ODD"}
    assert made.project == "" and made.keeps_data
    assert len(made.commands) == 2 and "VAULT_TOKEN" in made.commands[1] and "ODD" not in made.commands[1]


def test_a_project_whose_files_are_gone_is_described() -> None:
    made = adopted(recorded("media"), "media", "LEVEL")
    document: Any = read_yaml(made.files["compose.yml"], "x").value
    app, db = document["services"]["app"], document["services"]["db"]

    assert app["environment"] == {"LEVEL": "${APP_LEVEL}", "PASSWORD": "${PASSWORD}", "TOKEN": "${TOKEN}"}
    assert db["environment"] == {"PASSWORD": "${PASSWORD}", "TOKEN": "${DB_TOKEN}"}
    assert app["depends_on"] == {"db": {"condition": "service_started"}}
    assert app["networks"] == {"back": {"aliases": ["front"]}, "default": {}}
    assert "container_name" not in app
    assert db["volumes"] == ["/cache"], "Compose hands an anonymous volume on"
    assert document["volumes"] == {"data": {}}
    assert document["networks"] == {"back": {"external": True, "name": "media_back"}}, "it is internal"
    assert made.project == "media"


def test_what_an_image_gives_is_left_out() -> None:
    document, made = alone()

    assert document == {"services": {"one": {"image": "one:1", "container_name": "one", "network_mode": "bridge"}}}
    assert made.notes == () and not made.keeps_data and made.values == () and made.commands == ()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"Config__Cmd": ["a", "$b"]}, {"command": ["a", "$$b"]}),
        ({"Config__Entrypoint": ["a"], "Config__Cmd": None}, {"entrypoint": ["a"]}),
        ({"Config__Healthcheck": {"Test": ["NONE"]}}, {"healthcheck": {"disable": True}}),
        ({"Config__Labels": {"of": "me", "stems.x": "1", "com.docker.compose.x": "1"}}, {"labels": {"of": "me"}}),
        ({"HostConfig__NetworkMode": "host", "Config__Hostname": "prtr"}, {"network_mode": "host"}),
        ({"HostConfig__Memory": 2**29, "HostConfig__MemorySwap": -1}, {"mem_limit": "512m", "memswap_limit": -1}),
        ({"HostConfig__Memory": 2**29, "HostConfig__MemorySwap": 2**30}, {"mem_limit": "512m"}),
        ({"HostConfig__MemorySwappiness": 0}, {"mem_swappiness": 0}),
        ({"HostConfig__RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}}, {"restart": "always"}),
        ({"HostConfig__Privileged": True, "HostConfig__SecurityOpt": ["label=disable"]}, {"privileged": True}),
        (
            {"HostConfig__PortBindings": {
                "53/udp": [{"HostIp": "::1", "HostPort": "53"}], "80/tcp": [{"HostPort": ""}],
            }},
            {"ports": ["[::1]:53:53/udp", "80"]},
        ),
        (
            {"HostConfig__DeviceRequests": [{"Driver": "nvidia", "Count": -1, "Capabilities": [["gpu"]]}]},
            {"deploy": {"resources": {"reservations": {"devices": [
                {"driver": "nvidia", "count": "all", "capabilities": ["gpu"]},
            ]}}}},
        ),
    ],
)  # fmt: skip
def test_an_option_becomes_its_key(parts: dict[str, Any], said: dict[str, Any]) -> None:
    document, made = alone(**parts)
    usual = {"image": "one:1", "container_name": "one", "network_mode": "bridge"}

    assert document["services"]["one"] == usual | said
    assert made.notes == ()


def test_what_cannot_be_said_is_told_and_stands_in_the_file() -> None:
    _, made = alone(HostConfig__AutoRemove=True, HostConfig__BlkioWeight=100, HostConfig__NewThing={"a": 1})

    assert made.notes == (
        "one: --rm cannot be carried over",
        "one: HostConfig.BlkioWeight cannot be carried over",
        "one: HostConfig.NewThing cannot be carried over",
    )
    assert all(f"# {note}\n" in made.files["compose.yml"] for note in made.notes)


def test_mounts_lead_to_the_same() -> None:
    mounts = [
        {"Type": "bind", "Source": "/a:b", "Destination": "/c", "RW": False},
        {"Type": "bind", "Source": "/d", "Destination": "/e", "RW": True, "Mode": "Z", "Propagation": "rshared"},
        {"Type": "volume", "Name": "v", "Destination": "/v", "RW": True, "Mode": "z"},
        {"Type": "volume", "Name": "f" * 64, "Destination": "/var/lib/x", "RW": True},
        {"Type": "npipe", "Source": "x", "Destination": "/n"},
    ]
    document, made = alone(Mounts=mounts)

    assert document["services"]["one"]["volumes"] == [
        "/d:/e:Z,rshared", "v:/v", "var_lib_x:/var/lib/x",
        {"type": "bind", "source": "/a:b", "target": "/c", "read_only": True},
    ]  # fmt: skip
    assert document["volumes"] == {
        "v": {"external": True, "name": "v"}, "var_lib_x": {"external": True, "name": "f" * 64},
    }  # fmt: skip
    assert "one: the mount /n of type npipe cannot be carried over" in made.notes


def test_what_a_node_says_stays_in_a_comment() -> None:
    document, made = alone(Mounts=[{"Type": "odd", "Destination": "/a\nservices: {}"}])

    assert "\n# one: the mount /a services: {} of type odd" in made.files["compose.yml"]
    assert document["services"].keys() == {"one"}


def test_an_image_that_moved_on_is_told() -> None:
    _, made = alone(Config__Image="one:latest")
    _, gone = alone(Image="sha256:" + "9" * 64)

    assert made.notes == ("one: one:latest is another image by now than the one that runs, which is one@sha256:3",)
    assert "its image is gone" in gone.notes[0]
