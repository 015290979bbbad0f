"""Compose files are taken as somebody wrote them, with paths and secrets that still lead to the same."""

from __future__ import annotations

import pytest

from stems.tools.compose.existing.candidates import Candidate
from stems.tools.compose.existing.found import Existing, Found
from stems.tools.compose.existing.proposal import Destination, Proposal
from stems.tools.compose.existing.taken import NotTakenError, taken

FOLDER = "/opt/media"
PLACE = Destination("media", "prtr", "~/config/services/media", frozenset({"TZ", "NODE_NAME"}))
COMPOSE = """\
# Photos.
# password: hunter2 was the old one
name: media
services:
  app:
    image: app:1
    volumes:
      - ./library:/library   # the originals
      - cache:/cache
      - ${UPLOADS}:/uploads
      - {type: bind, source: ../shared, target: /shared}
    env_file: [.env, app.env]
    environment:
      DB_PASSWORD: hunter2
      TZ: ${TZ}
      OTHER: ${OTHER}
      USED: ${USED:-x}
  db:
    build: .
    secrets: [db]
volumes: {cache: {}}
secrets: {db: {file: ./db.txt}}
"""


def container(files: str, folder: str = FOLDER) -> Existing:
    own = {"project": "media", "project.config_files": files, "project.working_dir": folder}
    told = {f"com.docker.compose.{key}": value for key, value in own.items()} | {"com.docker.compose.service": "app"}
    mounts = [{"Type": "volume", "Name": "media_cache", "Destination": "/cache", "RW": True}]
    return Existing({"Id": "1" * 64, "Name": "/media-app-1", "Config": {"Labels": told}, "Mounts": mounts})


def take(files: dict[str, str], *containers: Existing, names: dict[str, tuple[str, ...]] | None = None) -> Proposal:
    found = Found(files=files, names=names or {})
    used = containers or (container(",".join(files)),)
    return taken(Candidate("project", "media", used), found, PLACE)


def why_not(files: dict[str, str], *containers: Existing) -> str:
    with pytest.raises(NotTakenError) as refused:
        take(files, *containers)
    return str(refused.value)


def test_a_file_is_taken_with_its_comments() -> None:
    made = take({f"{FOLDER}/compose.yml": COMPOSE}, names={f"{FOLDER}/.env": ("TZ", "USED", "COMPOSE_PROFILES")})

    assert made.files["compose.yml"] == "# Taken by `stems adopt` from /opt/media/compose.yml on prtr.\n" + (
        COMPOSE.replace("# password: hunter2 was the old one", "# (left out, because it looked like a secret)")
        .replace("./library:/library", "/opt/media/library:/library")
        .replace("../shared", "/opt/shared")
        .replace("app.env", "/opt/media/app.env")
        .replace("hunter2", '"${DB_PASSWORD}"')
        .replace("build: .", "build: /opt/media")
        .replace("./db.txt", "/opt/media/db.txt")
    )
    assert made.project == "media" and made.keeps_data


def test_values_are_asked_for_by_name() -> None:
    made = take({f"{FOLDER}/compose.yml": COMPOSE}, names={f"{FOLDER}/.env": ("TZ", "USED", "COMPOSE_PROFILES")})

    assert {one.name: one.origin for one in made.values} == {
        "DB_PASSWORD": "on line 14 of /opt/media/compose.yml",
        "USED": "in /opt/media/.env",
        "UPLOADS": "in none of its files: whoever started it had it in the environment, or it was empty",
        "OTHER": "in none of its files: whoever started it had it in the environment, or it was empty",
    }
    assert "hunter2" not in str(made)
    assert made.commands[1] == "cat /opt/media/.env >~/config/services/media/.env"
    assert "TZ of /opt/media/.env gives way to the variable TZ of the cluster" in made.notes


def test_what_stays_on_the_node_is_told() -> None:
    made = take({f"{FOLDER}/compose.yml": COMPOSE})

    assert "volume media_cache, at /cache in media-app-1" in made.left
    assert "/opt/media/app.env, env_file of app" in made.left
    assert "/opt/media, built for db" in made.left
    twice = take({f"{FOLDER}/compose.yml": COMPOSE}, *[container(f"{FOLDER}/compose.yml")] * 2)
    assert "app runs 2 times, which its files do not say: write `scale: 2`" in twice.notes
    assert "app: ${UPLOADS} must be absolute in the `.env`, if it is not" in made.notes


def test_an_override_is_taken_too() -> None:
    paths = {
        f"{FOLDER}/compose.yml": "services: {a: {image: a}}\n",
        "/etc/media.yml": "services: {a: {volumes: ['./x:/x']}}\n",
    }
    made = take(paths)

    assert made.files.keys() == {"compose.yml", "compose.override.yml"}
    assert "/opt/media/x:/x" in made.files["compose.override.yml"]


def test_why_files_are_not_taken_is_said() -> None:
    one = f"{FOLDER}/compose.yml"
    plain = "services: {a: {image: a}}\n"

    assert (
        why_not({one: plain}, container(one), container("/other.yml"))
        == "its containers were started from different files"
    )
    assert why_not({}, container("-")) == "it was started from no file"
    assert why_not({}, container(one)) == f"{one} is not there any more"
    assert "3 files" in why_not({one: plain, "/b.yml": plain, "/c.yml": plain})
    assert "includes other files" in why_not({one: "include: [x.yml]\n"})
    assert "includes other files" in why_not({one: "services: {a: {extends: {file: x.yml, service: a}}}\n"})
    assert "a secret on line 3, which cannot be changed for sure" in why_not(
        {one: "services:\n  a:\n    command: |\n      run --password hunter2\n"}
    )
    shared = "x: &x\n  PASSWORD: |-\n    hunter2\nservices: {a: {environment: *x}}\n"
    assert "secret on line 2, which" in why_not({one: shared})
    assert "absolute path" in why_not({one: "services: {a: {build: {dockerfile_inline: 'FROM x'}}}\n"})
