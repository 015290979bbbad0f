"""The Compose file of a new service and the names of its secrets, from the template."""

from __future__ import annotations

import json
import shlex

from stems.lifecycle.service.edited import edited
from stems.lifecycle.service.wanted import Wanted
from stems.model.service import Data
from stems.readers.written import write_scalar

_VOLUME = '    volumes: ["data:/usr/share/nginx/html"]  # what is to outlive the container\n'
_NAMED = "volumes:\n  data: {}\n"
_ASKED = 'test: [CMD-SHELL, "wget -q -O /dev/null http://127.0.0.1:80/ || curl -fsS -o /dev/null http://127.0.0.1:80/"]'
_REMARK = "      # Runs inside of the container, with wget or curl: one of them has to be in the image.\n"
_EXAMPLE = "#\n# The password of the first account:\n# ADMIN_PASSWORD=\n"


def compose_file(text: str, wanted: Wanted) -> str:
    command = f"    command: {_flow(shlex.split(wanted.command))}\n" if wanted.command else ""
    return edited(text, {
        "  new-service:\n": f"  {write_scalar(wanted.name)}:\n",
        "    image: nginx:1.27.5  # a version, never `latest`\n":
            f"    image: {write_scalar(wanted.image)}  # a version, never `latest`\n{command}",
        "lists all of them\n": "lists all of them\n" + "".join(f"      {one}: ${{{one}}}\n" for one in wanted.secrets),
        '    ports: ["127.0.0.1:8081:80"]  # for its node alone; without the address it is for everybody\n':
            _ports(wanted),
        _VOLUME: _mount(wanted),
        "    mem_limit: 128m\n": f"    mem_limit: {wanted.memory.removesuffix('iB').lower()}\n{_gpu(wanted.gpu)}",
        _REMARK: "" if _is_command(wanted) else _REMARK,
        _ASKED: f"test: [CMD-SHELL, {_quoted(_health(wanted))}]",
        _NAMED: _NAMED if wanted.data == Data.LOCAL.value else "",
    })  # fmt: skip


def env_template(text: str, wanted: Wanted) -> str:
    if not wanted.secrets:
        return text
    return edited(text, {_EXAMPLE: "".join(f"\n# What it is for:\n{one}=\n" for one in wanted.secrets)})


def _ports(wanted: Wanted) -> str:
    if not wanted.port:
        return ""
    published = f"127.0.0.1:{wanted.node_port}:{wanted.own_port}"
    return f'    ports: ["{published}"]  # for its node alone; without the address it is for everybody\n'


def _mount(wanted: Wanted) -> str:
    if wanted.data == Data.NONE.value:
        return ""
    source = "data:" if wanted.data == Data.LOCAL.value else ""
    return f'    volumes: ["{source}{wanted.data_path}"]  # what is to outlive the container\n'


def _gpu(count: int) -> str:
    if not count:
        return ""
    devices = f"[{{driver: nvidia, count: {count}, capabilities: [gpu]}}]"
    return f"    deploy: {{resources: {{reservations: {{devices: {devices}}}}}}}\n"


def _is_command(wanted: Wanted) -> bool:
    return not wanted.health.startswith("/")


def _health(wanted: Wanted) -> str:
    if _is_command(wanted):
        return wanted.health
    url = f"http://127.0.0.1:{wanted.own_port}{wanted.health}"
    return f"wget -q -O /dev/null {url} || curl -fsS -o /dev/null {url}"


def _flow(words: list[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _quoted(text: str) -> str:
    """As it was typed: a `$` is for what runs in the container, and not for Compose."""
    return json.dumps(text.replace("$", "$$"), ensure_ascii=False)
