"""A picture of the cluster for the wall: nodes, what runs on them, which ports are open, what runs after what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from stems.lifecycle.generate.drawing.arrows import MOST_ARROWS, waits
from stems.lifecycle.generate.drawing.cards import NODE_MARGIN, SERVICE_MARGIN
from stems.lifecycle.generate.drawing.content import Chip, Content
from stems.lifecycle.generate.drawing.grid import MARGIN
from stems.lifecycle.generate.drawing.layout import FOOT, Card, Layout, NodeCard, lay_out
from stems.lifecycle.generate.drawing.measure import width_of
from stems.lifecycle.generate.drawing.style import ROLES, style_sheet
from stems.lifecycle.generate.drawing.svg import chip, content, number, rect, text_of, way, words
from stems.lifecycle.generate.made import Made, Note, says
from stems.lifecycle.generate.source import Source
from stems.lifecycle.generate.wording import counted
from stems.model.cluster import Cluster

NAME = "diagram"
_LEAST_WIDTH = 760.0
_LEGEND = (
    ("open", "*:80/tcp", "from every machine"),
    ("one", "192.0.2.1:80/tcp", "on one address"),
    ("local", "127.0.0.1:80/tcp", "on the node only"),
    ("perhaps", "80/tcp", "only the node knows for sure"),
)


def diagram(source: Source) -> Made:
    cluster, layout = source.cluster, lay_out(source)
    layout = replace(layout, width=max(layout.width, _LEAST_WIDTH))
    more = sum(1 for _ in islice(waits(cluster), 2 * MOST_ARROWS)) - MOST_ARROWS
    notes = (Note(f"only {MOST_ARROWS} arrows are drawn, there are more"),) if more > 0 else ()
    return Made("\n".join(_lines(cluster, layout)) + "\n", (*source.unknown(), *notes))


def _lines(cluster: Cluster, layout: Layout) -> Iterator[str]:
    size = f'width="{number(layout.width)}" height="{number(layout.height)}"'
    box = f'viewBox="0 0 {number(layout.width)} {number(layout.height)}"'
    yield f"<!-- {says(NAME)} -->"
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img">'
    yield f"<title>{text_of(cluster.name)}: nodes, services and ports</title>"
    yield style_sheet()
    yield (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="6.5" markerHeight="6.5" '
        'orient="auto"><path class="head" d="M0 0.5L8 4L0 7.5z"/></marker></defs>'
    )
    yield rect(0, 0, layout.width, layout.height, "page", radius=0)
    yield from _heading(cluster)
    roles = sorted({node.role for node in cluster.nodes.values()})
    for node in layout.nodes:
        yield from _node(node, f"role role{roles.index(node.node.role) % len(ROLES)}")
    for arrow, points in layout.arrows:
        yield way(points, "way", f"{arrow.start[0]} on {arrow.start[1]} runs after {arrow.end[0]} on {arrow.end[1]}")
    yield from _legend(layout.height - FOOT)
    yield "</svg>"


def _heading(cluster: Cluster) -> Iterator[str]:
    counts = f"{counted(len(cluster.nodes), 'node')}, {counted(len(cluster.services), 'service')}"
    yield words(MARGIN, 52, cluster.name, "heading")
    yield words(MARGIN, 76, f"{counts}, domain {cluster.domain}, time zone {cluster.timezone}", "quiet")


def _node(node: NodeCard, role: str) -> Iterator[str]:
    box = node.box
    yield "<g>"
    yield rect(box.x, box.y, box.width, box.height, "node", radius=14)
    yield from content(_coloured(box.content, role), box.x + NODE_MARGIN, box.y + NODE_MARGIN)
    for card in node.services.values():
        yield from _service(card)
    if node.foot.height:
        yield from content(node.foot, box.x + NODE_MARGIN, box.y + box.height - NODE_MARGIN - node.foot.height)
    yield "</g>"


def _service(card: Card) -> Iterator[str]:
    yield rect(card.x, card.y, card.width, card.height, "service")
    yield from content(card.content, card.x + SERVICE_MARGIN, card.y + SERVICE_MARGIN)


def _coloured(head: Content, role: str) -> Content:
    """The tag beside a node's name in the colour of its role."""
    return replace(head, chips=[replace(each, style=role) for each in head.chips])


def _legend(top: float) -> Iterator[str]:
    x, y = MARGIN, top + 24
    yield words(x, y, "Ports", "quiet")
    x += 44
    for style, text, meaning in _LEGEND:
        width = width_of(text, 11.5, mono=True) + 14
        yield from chip(Chip(x, y - 13.5, width, text, f"port {style}"), 0, 0)
        yield words(x + width + 7, y, meaning, "quiet")
        x += width + width_of(meaning, 11.5) + 24
    y += 34
    yield way(((MARGIN, y - 4), (MARGIN + 36, y - 4)), "way", "an arrow")
    yield words(MARGIN + 44, y, "leads to what must run first", "quiet")
