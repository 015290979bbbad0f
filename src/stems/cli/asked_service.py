"""What a person is asked about a new service, each question with what is known already."""

from __future__ import annotations

from dataclasses import replace

from stems.cli.asking import asked, asked_of
from stems.cli.render.place import proposed_reason
from stems.cli.workspace import can_ask
from stems.lifecycle.place import Placement
from stems.lifecycle.placement.verdict import Fit
from stems.lifecycle.service.mistakes import (
    require_both_paths,
    require_health,
    require_path,
    require_pinned,
    require_port,
    require_size,
)
from stems.lifecycle.service.wanted import MEMORY, Wanted, usual_data, usual_health
from stems.model.check import MountCheck
from stems.model.cluster import Cluster
from stems.model.service import Data


def can_be_asked(*, yes: bool, json: bool) -> bool:
    return can_ask() and not yes and not json


def answered(given: Wanted, cluster: Cluster, *, ask: bool) -> Wanted:
    """With the usual value of what was not given. With `ask` a person confirms each of them, or says another."""
    wanted = given
    if ask and not wanted.is_unit and not wanted.image:
        wanted = replace(wanted, image=asked("Image, with its version", check=require_pinned))
    if ask and wanted.is_unit and not wanted.command:
        wanted = replace(wanted, command=asked("Command, from the whole path of its program on"))
    if ask and not wanted.port:
        wanted = replace(wanted, port=asked("Port, or PORT-OF-THE-NODE:PORT; empty for none", "", check=require_port))
    wanted = _with_health(wanted, ask=ask)
    if ask and not wanted.memory:
        wanted = replace(wanted, memory=asked("Memory at most", MEMORY, check=require_size))
    wanted = replace(wanted, memory=wanted.memory or MEMORY)
    return _with_data(wanted, cluster, ask=ask)


def asked_place(placement: Placement, node: str, reason: str) -> tuple[str, str]:
    best = placement.proposed
    names = [one.node for one in placement.candidates]
    node = node or asked_of("Node", names, best.node if best.fit is Fit.FITS else None)
    chosen = next((one for one in placement.candidates if one.node == node), None)
    if chosen and not reason:
        reason = asked("Reason", proposed_reason(placement, chosen) or None)
    return node, reason


def _with_health(wanted: Wanted, *, ask: bool) -> Wanted:
    if wanted.health or (wanted.is_unit and not wanted.port):
        return wanted
    usual = usual_health(wanted.image) if wanted.port else ""
    if not ask:
        return replace(wanted, health=usual)
    question = (
        "Path that answers when it is well" if wanted.is_unit else "Path that answers when it is well, or a command"
    )
    return replace(wanted, health=asked(question, usual or None, check=require_health))


def _with_data(wanted: Wanted, cluster: Cluster, *, ask: bool) -> Wanted:
    usual, path = usual_data(wanted.image)
    if not wanted.data:
        words = [one.value for one in Data]
        data = asked_of("Data that is to outlive it", words, usual) if ask else usual
        wanted = replace(wanted, data=data)
    if wanted.data == Data.NONE.value or wanted.data_path or (wanted.is_unit and wanted.data == Data.LOCAL.value):
        return wanted
    if wanted.data == Data.LOCAL.value:
        return replace(
            wanted, data_path=asked("Where the image keeps it", path or None, check=require_path) if ask else path
        )
    if not ask:
        return wanted
    shared = _shared_folder(cluster, wanted.name)
    if wanted.is_unit:
        return replace(wanted, data_path=asked("Shared folder of the node", shared or None, check=require_path))
    default = f"{shared}:{path or '/data'}" if shared else None
    question = "Shared folder of the node, a colon, and where the image has it"
    return replace(wanted, data_path=asked(question, default, check=require_both_paths))


def _shared_folder(cluster: Cluster, name: str) -> str:
    """Below the first mount that nodes are checked for; empty where there is none."""
    mounts = [check.path for node in cluster.nodes.values() for check in node.checks if isinstance(check, MountCheck)]
    return f"{mounts[0]}/{name}" if mounts else ""
