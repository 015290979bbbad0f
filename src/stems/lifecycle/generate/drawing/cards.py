"""What the card of a node and that of a service say."""

from __future__ import annotations

from stems.lifecycle.generate.addresses import address_for, full_name
from stems.lifecycle.generate.drawing.content import Content
from stems.lifecycle.generate.ports import Port
from stems.lifecycle.generate.source import Source
from stems.lifecycle.generate.wording import check_words, hardware, ssh_words
from stems.model.claim import Certainty
from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.model.service import Service

NODE_WIDTH, NODE_MARGIN, SERVICE_MARGIN = 340.0, 18.0, 12.0
_NAME, _TITLE, _TEXT, _SMALL = 22.0, 15.0, 12.5, 11.5
_MOST_CHECKS = 4


def node_head(cluster: Cluster, node: Node) -> Content:
    content = Content(NODE_WIDTH - 2 * NODE_MARGIN)
    tag = ", ".join(filter(None, (node.role, "paused" if node.paused else "")))
    content.line(node.name, "name", _NAME, tag=tag, bold=True)
    content.line(full_name(cluster, node), "text", _TEXT)
    content.line(_reached(cluster, node), "mono", _SMALL, mono=True)
    content.paragraph(hardware(node) or "hardware not said", "quiet", _TEXT)
    content.space(4)
    for check in node.checks[:_MOST_CHECKS]:
        content.line(f"✓ {check_words(check)}", "quiet", _SMALL)
    return content


def _reached(cluster: Cluster, node: Node) -> str:
    """Where other nodes reach it, and from here ssh where that differs."""
    address, ssh = address_for(cluster, node).host, ssh_words(node)
    return address if address and ssh == address else f"{address or 'address not said'} · ssh {ssh}"


def node_foot(node: Node) -> Content:
    """What is lost while the node is down, and what to do then."""
    content = Content(NODE_WIDTH - 2 * NODE_MARGIN)
    if node.when_down.impact:
        content.paragraph(f"If it is down: {node.when_down.impact}", "text", _TEXT)
    if node.when_down.mitigation:
        content.paragraph(f"Then: {node.when_down.mitigation}", "quiet", _TEXT)
    return content


def service_card(source: Source, service: Service, node: str) -> Content:
    content = Content(NODE_WIDTH - 2 * NODE_MARGIN - 2 * SERVICE_MARGIN)
    content.line(service.name, "title", _TITLE, tag="paused" if service.paused else service.tool, bold=True)
    if images := source.images.get(service.name):
        content.line(", ".join(images), "mono", _SMALL, mono=True)
    elif service.unit:
        content.line(service.unit, "mono", _SMALL, mono=True)
    ports = source.ports.get((service.name, node), ())
    if ports:
        content.space(3)
        content.chip_rows((str(port), port_style(port)) for port in ports)
    if not source.is_known(service.name, node):
        content.line("ports not known", "quiet", _SMALL)
    elif service.name in source.in_host_network:
        content.line("in the network of the node: opens other ports", "quiet", _SMALL)
    for check in service.checks[:_MOST_CHECKS]:
        content.line(f"✓ {check_words(check)}", "quiet", _SMALL)
    if service.keeps_data:
        content.line(f"keeps {service.data.value} data", "data", _SMALL)
    if service.reason:
        content.paragraph(service.reason, "reason", _TEXT)
    return content


def port_style(port: Port) -> str:
    if port.certainty is not Certainty.CERTAIN:
        return "perhaps"
    return "open" if port.is_open else "local" if port.is_local else "one"
