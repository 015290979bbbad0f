"""A homelab such as people have: what an operator would say of its services, and nothing else."""

from __future__ import annotations

from pathlib import Path

from stems.lifecycle.validate import validate_tree
from stems.tools.base import Tree

ROOT = Path(__file__).parents[2] / "corpus/homelab"
FIRST, LAST = "STM501", "STM550"
FOUND = """
ansible/roles/app/templates/docker-compose.yml:3 STM510 warning
ansible/roles/app/templates/docker-compose.yml:4 STM515 warning
homeassistant/compose.yml:10 STM517 note
homeassistant/compose.yml:13 STM506 error
homeassistant/compose.yml:2 STM511 warning
homeassistant/compose.yml:2 STM513 warning
homeassistant/compose.yml:9 STM515 warning
immich/docker-compose.yml:4 STM513 warning
jellyfin/docker-compose.yml:2 STM511 warning
jellyfin/docker-compose.yml:2 STM513 warning
jellyfin/docker-compose.yml:3 STM510 warning
monitoring/docker-compose.yml:18 STM520 warning
monitoring/docker-compose.yml:3 STM521 warning
monitoring/docker-compose.yml:36 STM517 note
monitoring/docker-compose.yml:37 STM518 note
monitoring/docker-compose.yml:46 STM530 warning
monitoring/docker-compose.yml:9 STM529 warning
nextcloud/compose.yaml:43 STM511 warning
pihole/docker-compose.yml:10 STM520 warning
traefik/docker-compose.yml:1 STM523 note
traefik/docker-compose.yml:21 STM516 note
traefik/docker-compose.yml:29 STM504 warning
vpn/docker-compose.yml:25 STM528 error
watchtower/docker-compose.yml:2 STM513 warning
watchtower/docker-compose.yml:2 STM514 warning
watchtower/docker-compose.yml:3 STM510 warning
watchtower/docker-compose.yml:5 STM516 note
"""


def test_what_is_found_in_a_homelab_is_what_is_wrong_with_it() -> None:
    paths = frozenset(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
    findings = validate_tree(Tree(ROOT, "", paths), every_stage=True).findings
    ours = [one for one in findings if FIRST <= one.code <= LAST]
    found = {f"{one.place.path}:{one.place.line} {one.code} {one.severity.value}" for one in ours}

    assert sorted(found) == FOUND.split("\n")[1:-1]
