"""Where everything lies: nodes in columns and rows, their services below one another, arrows between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt

from stems.lifecycle.generate.drawing.arrows import Arrow, Router, Where
from stems.lifecycle.generate.drawing.cards import (
    NODE_MARGIN,
    NODE_WIDTH,
    SERVICE_MARGIN,
    node_foot,
    node_head,
    service_card,
)
from stems.lifecycle.generate.drawing.content import Content
from stems.lifecycle.generate.drawing.grid import Grid
from stems.lifecycle.generate.source import Source
from stems.model.node import Node
from stems.model.service import in_order

FOOT = 96.0
_GAP, _NOTCH, _FIRST_NOTCH = 12.0, 10.0, 18.0
_ONE_ROW, _MOST_COLUMNS = 4, 8
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Card:
    """A box with what is written in it."""

    x: float
    y: float
    width: float
    height: float
    content: Content


@dataclass(frozen=True, slots=True)
class NodeCard:
    """The box of a node, with its services from top to bottom."""

    node: Node
    box: Card
    foot: Content
    services: Mapping[str, Card]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture. An arrow has the points of its way."""

    width: float
    height: float
    nodes: tuple[NodeCard, ...]
    arrows: tuple[tuple[Arrow, tuple[Point, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Filled:
    """What is written on the card of a node and of its services, before they have a place."""

    node: Node
    head: Content
    foot: Content
    services: Mapping[str, Content]

    @property
    def height(self) -> float:
        foot = self.foot.height + _GAP if self.foot.height else 0
        services = sum(content.height + 2 * SERVICE_MARGIN + _GAP for content in self.services.values())
        return 2 * NODE_MARGIN + self.head.height + services + foot


def lay_out(source: Source) -> Layout:
    filled = [_filled(source, node) for node in source.cluster.nodes.values()]
    columns = len(filled) if len(filled) <= _ONE_ROW else min(ceil(sqrt(len(filled))), _MOST_COLUMNS)
    cells = {each.node.name: (number % columns, number // columns) for number, each in enumerate(filled)}
    router = Router(cells)
    arrows = router.routed(source.cluster)
    rows = [max(each.height for each in filled[at : at + columns]) for at in range(0, len(filled), columns)]
    grid = Grid.of(columns, rows, NODE_WIDTH, router)
    nodes = tuple(_placed(each, *grid.corner(cells[each.node.name]), rows[cells[each.node.name][1]]) for each in filled)
    cards = {(name, each.node.name): card for each in nodes for name, card in each.services.items()}
    ways = tuple((arrow, _points(arrow, cards, grid)) for arrow in arrows)
    return Layout(grid.width, grid.height + FOOT, nodes, ways)


def _filled(source: Source, node: Node) -> _Filled:
    services = in_order(source.cluster.services_on(node.name))
    cards = {service.name: service_card(source, service, node.name) for service in services}
    return _Filled(node, node_head(source.cluster, node), node_foot(node), cards)


def _placed(filled: _Filled, x: float, y: float, height: float) -> NodeCard:
    top = y + NODE_MARGIN + filled.head.height + _GAP
    services: dict[str, Card] = {}
    for name, content in filled.services.items():
        box = Card(x + NODE_MARGIN, top, NODE_WIDTH - 2 * NODE_MARGIN, content.height + 2 * SERVICE_MARGIN, content)
        services[name] = box
        top += box.height + _GAP
    return NodeCard(filled.node, Card(x, y, NODE_WIDTH, height, filled.head), filled.foot, services)


def _points(arrow: Arrow, cards: Mapping[Where, Card], grid: Grid) -> tuple[Point, ...]:
    start = _notch(cards[arrow.start], arrow.sides[0], arrow.notches[0])
    end = _notch(cards[arrow.end], arrow.sides[1], arrow.notches[1])
    xs = [grid.gutter_x(*gutter) for gutter in arrow.gutters]
    if arrow.lane is None:
        return start, (xs[0], start[1]), (xs[0], end[1]), end
    y = grid.lane_y(*arrow.lane)
    return start, (xs[0], start[1]), (xs[0], y), (xs[1], y), (xs[1], end[1]), end


def _notch(card: Card, side: int, number: int) -> Point:
    """A point at the side of a card; many arrows share the last one."""
    y = min(card.y + _FIRST_NOTCH + number * _NOTCH, card.y + card.height - _NOTCH)
    return (card.x + card.width if side > 0 else card.x), y
