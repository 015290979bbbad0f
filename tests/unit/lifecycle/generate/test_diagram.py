"""The picture is well-formed, has everything in it, always the same, and nothing lies on something else."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stems.lifecycle.generate.diagram import diagram
from stems.lifecycle.generate.drawing.layout import Card, Layout, lay_out
from stems.lifecycle.generate.drawing.measure import cut, width_of, wrapped
from stems.lifecycle.generate.source import Source
from tests.unit.lifecycle.generate import sample

MANY = """\
version: 1
cluster: {{name: many}}
checkout: ~/many
nodes:
{nodes}
domains: {{services: {{tool: systemd, source: services}}}}
services:
{services}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return sample.source(tmp_path_factory.mktemp("source"))


def many(nodes: int, services: int) -> Source:
    text = MANY.format(
        nodes="\n".join(f"  n{each}: {{hostname: n{each}, ssh: {{host: 192.0.2.{each}}}}}" for each in range(nodes)),
        services="\n".join(
            f"  s{each}: {{node: [n{each % nodes}, n{each * 7 % nodes}], unit: s{each}.service, after: [s{each - 1}]}}"
            if each and each * 7 % nodes != each % nodes
            else f"  s{each}: {{node: n{each % nodes}, unit: s{each}.service}}"
            for each in range(services)
        ),
    )
    return Source(sample.cluster(text))


def texts(source: Source) -> str:
    root = ElementTree.fromstring(diagram(source).text)
    return "\n".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text"))


def test_everything_is_in_it(source: Source) -> None:
    found = texts(source)

    for word in ("colab", "crtr", "cooperator.local", "gateway", "work, paused", "arm64, 4 CPUs, 16G memory, 1T disk"):
        assert word in found
    for word in ("caddy", "metrics", "web", "agent", "*:80/tcp", "*:443/udp", "127.0.0.1:9090/tcp", "*:7000-7003/tcp"):
        assert word in found
    for word in (
        "✓ mount /cluster-nas",
        "✓ http://127.0.0.1:9090/-/ready answers 204",
        "keeps local data",
        "nginx:1.27",
    ):
        assert word in found
    assert 'No <way> in & "nothing" else' in " ".join(found.split())


def test_what_only_the_node_knows_looks_otherwise(source: Source) -> None:
    assert re.search(r'<rect class="chip port perhaps"[^>]*/>\n<text [^>]*>\*:8080/tcp<', diagram(source).text)


def test_it_has_an_arrow_for_each_thing_that_waits(source: Source) -> None:
    hints = re.findall(r"<path [^>]*><title>([^<]*) runs after ([^<]*)</title>", diagram(source).text)

    assert hints == [
        ("metrics on crtr", "caddy on crtr"), ("web on drtr", "metrics on crtr"), ("web on prtr", "metrics on crtr"),
        ("agent on crtr", "caddy on crtr"), ("agent on drtr", "caddy on crtr"), ("agent on prtr", "caddy on crtr"),
    ]  # fmt: skip


def test_it_is_always_the_same(source: Source) -> None:
    assert diagram(source).text == diagram(source).text
    assert not re.search(r"\d\.\d{2,}\"", diagram(source).text)


def boxes(layout: Layout) -> list[Card]:
    return [card for node in layout.nodes for card in node.services.values()]


@pytest.mark.parametrize(("nodes", "services"), [(1, 6), (2, 5), (3, 9), (5, 12), (11, 30), (40, 80)])
def test_nothing_lies_on_something_else(nodes: int, services: int) -> None:
    layout = lay_out(many(nodes, services))

    for one, other in combinations([node.box for node in layout.nodes], 2):
        assert apart(one, other)
    for node in layout.nodes:
        for card in node.services.values():
            assert node.box.y < card.y and card.y + card.height + node.foot.height < node.box.y + node.box.height
        for one, other in combinations(node.services.values(), 2):
            assert apart(one, other)
    for _, points in layout.arrows:
        assert all(0 < x < layout.width and 0 < y < layout.height for x, y in points)
        for start, end in pairwise(points):
            assert not any(crosses(start, end, card) for card in boxes(layout))


def apart(one: Card, other: Card) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


def crosses(start: tuple[float, float], end: tuple[float, float], card: Card) -> bool:
    (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    across = left < card.x + card.width - 0.01 and right > card.x + 0.01
    return across and top < card.y + card.height and bottom > card.y


def test_more_arrows_than_somebody_can_read_are_not_drawn() -> None:
    nodes = "\n".join(f"  n{each}: {{hostname: n{each}, ssh: {{host: a.b}}}}" for each in range(60))
    half = [f"n{each}" for each in range(30)], [f"n{each}" for each in range(30, 60)]
    services = f"  a: {{node: [{', '.join(half[0])}], unit: a.service}}\n"
    services += f"  b: {{node: [{', '.join(half[1])}], unit: b.service, after: [a]}}"
    made = diagram(Source(sample.cluster(MANY.format(nodes=nodes, services=services))))

    assert made.text.count("runs after") == 400 and "400 arrows" in made.notes[-1].text


@pytest.mark.parametrize("text", ["short", "W" * 90, "a b " * 40, "文字" * 40, ""])
def test_a_text_stays_in_its_box(text: str) -> None:
    assert width_of(cut(text, 120, 12), 12) <= 120
    lines = wrapped(text, 120, 12, most=2)
    assert len(lines) <= 2 and all(width_of(line, 12) <= 120 for line in lines)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    text = sample.CLUSTER.replace("The | way in", '</text><script>alert("1")</script>')
    found = sample.read(tmp_path, {"config/cluster.yml": text}).source()

    assert "<script" not in diagram(found).text and "</text><script>" in texts(found).replace("\n", "")
