"""A service that asks for a GPU on a node without one."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.readers.truth import MARK
from stems.validation.gpus import gpus_asked
from stems.validation.hardware import has_of, put_on
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM212"


def _node(hardware: str) -> str:
    return (
        "version: 1\ncluster: {name: home}\ncheckout: ~/home-config\nnodes:\n"
        f"  gate: {{hostname: gate, ssh: {{host: gate.example}}, hardware: {{{hardware}}}}}\n"
        "domains:\n  services: {tool: compose, source: services}\nservices:\n  chat: {node: gate}\n"
    )


PAGE = Page(
    checks="""Compose services, and quadlets and units of declared services, with `gpus`, `runtime: nvidia`, a
reserved device with the capability `gpu`, or a device such as `/dev/nvidia0` or `nvidia.com/gpu=all`, on a node whose
declared hardware has no GPU, or fewer than are asked for. Where none is declared, what `stems discover` found counts,
but not what only draws the picture of a server.""",
    why="""Docker does not start it: `could not select device driver "nvidia" with capabilities: [[gpu]]`. It was
moved from the node that has one.""",
    instead="Put the service on a node with a GPU, or declare the GPU under `hardware` of the node.",
    bad={
        "config/cluster.yml": _node("cpus: 4, memory: 8G"),
        "services/chat/compose.yml": """
            services:
              chat:
                image: ollama/ollama:0.3.11
                gpus: all
            """,
    },
    good={
        "config/cluster.yml": _node("cpus: 4, memory: 8G, gpu: 1"),
        "services/chat/compose.yml": """
            services:
              chat:
                image: ollama/ollama:0.3.11
                gpus: all
            """,
    },
    also_bad=(
        {
            "config/cluster.yml": _node("memory: 8G"),
            "services/chat/compose.yml": """
                services:
                  chat:
                    image: ollama/ollama:0.3.11
                    deploy:
                      resources:
                        reservations:
                          devices: [{driver: nvidia, count: 1, capabilities: [gpu]}]
                """,
        },
        {
            "config/cluster.yml": _node("memory: 8G"),
            "services/chat/compose.yml": "services: {chat: {image: 'ollama/ollama:0.3.11', runtime: nvidia}}\n",
        },
        {
            "config/cluster.yml": _node("gpu: 1"),
            "services/chat/compose.yml": "services: {chat: {image: 'ollama/ollama:0.3.11', gpus: [{count: 2}]}}\n",
        },
        {
            "config/cluster.yml": _node("memory: 8G"),
            "services/chat/compose.yml": "services: {chat: {image: a:1, devices: [/dev/nvidia0]}}\n",
        },
        {
            "config/cluster.yml": _node("memory: 8G"),
            "services/chat/compose.yml": "services: {chat: {image: 'home/chat:1', devices: ['nvidia.com/gpu=all']}}\n",
        },
        {
            "config/cluster.yml": _node("gpu: 1"),
            "services/chat/compose.yml": """
                services:
                  chat:
                    image: home/chat:1
                    deploy:
                      resources:
                        reservations: {devices: [{driver: nvidia, device_ids: ["1"], capabilities: [gpu]}]}
                """,
        },
        # Not of Compose.
        {
            "config/cluster.yml": _node("memory: 8G").replace("tool: compose", "tool: systemd"),
            "services/chat/chat.container": "[Container]\nImage=docker.io/home/chat:1\nAddDevice=nvidia.com/gpu=all\n",
        },
        {
            "config/cluster.yml": _node("memory: 8G").replace("tool: compose", "tool: systemd"),
            "services/chat/chat.service": "[Service]\nExecStart=/usr/bin/docker run --rm --gpus all home/chat:1\n",
        },
        {
            "truth/gate.yml": f"{MARK}.\nnode: gate\ngpu: [{{name: BMC, vendor: aspeed}}]\n",
            "services/chat/compose.yml": "services: {chat: {image: 'ollama/ollama:0.3.11', gpus: all}}\n",
        },
    ),
    also_good=(
        # The graphics of this processor may do.
        {
            "truth/gate.yml": f"{MARK}.\nnode: gate\ngpu: [{{name: Arc A770, vendor: intel}}]\n",
            "services/chat/compose.yml": "services: {chat: {image: 'ollama/ollama:0.3.11', gpus: all}}\n",
        },
        {
            "config/cluster.yml": _node("memory: 8G"),
            "truth/gate.yml": f"{MARK}.\nnode: gate\ngpu: [{{name: GeForce RTX 3090, vendor: nvidia}}]\n",
            "services/chat/compose.yml": "services: {chat: {image: 'ollama/ollama:0.3.11', gpus: all}}\n",
        },
        {
            "truth/gate.yml": f"{MARK}.\nnode: gate\ngpu: unknown\n",
            "services/chat/compose.yml": "services: {chat: {image: 'ollama/ollama:0.3.11', gpus: all}}\n",
        },
        # Nothing is declared.
        {"services/chat/compose.yml": "services: {chat: {image: 'ollama/ollama:0.3.11', gpus: all}}\n"},
        # The graphics of the processor are a device.
        {
            "config/cluster.yml": _node("memory: 8G"),
            "services/chat/compose.yml": """
                services:
                  chat: {image: 'jellyfin/jellyfin:10.9.11', devices: ['/dev/dri:/dev/dri']}
                """,
        },
        {
            "config/cluster.yml": _node("memory: 8G"),
            "services/chat/compose.yml": """
                services:
                  chat:
                    image: home/coral:1
                    deploy:
                      resources: {reservations: {devices: [{driver: cdi, count: 1, capabilities: [tpu]}]}}
                """,
        },
        {
            "config/cluster.yml": _node("memory: 8G"),
            "services/chat/compose.yml": """
                services:
                  chat: {image: 'ollama/ollama:0.3.11', gpus: all, profiles: [gpu]}
                """,
        },
        {
            "config/cluster.yml": _node("memory: 8G"),
            "services/chat/compose.yml": """
                services:
                  chat: {image: 'ollama/ollama:0.3.11', runtime: '${RUNTIME:-nvidia}'}
                """,
            "services/chat/env.template": "RUNTIME=\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for name, puts in subject.once(put_on).items():
        has = subject.once(has_of)[name].gpu
        for put in puts:
            asked, place = gpus_asked(put.service)
            if has is not None and place is not None and asked > has:
                message = f"{put.name}: asks for {asked} gpu, and {name} has {has or 'none'}"
                yield Finding(CODE, place, message, "put it on a node with a GPU, or declare the GPU of the node")


RULE = Rule(CODE, "missing-gpu", Stage.PLACEMENT, Principle.P5, PAGE, check)
