"""Places that speak of one node are brought together, and those of two are kept apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stems.lifecycle.assessment.nodes import nodes_of
from stems.model.assessment import Sighting, Strength
from stems.model.finding import Place


def sighting(
    name: str, address: str = "", *others: str, strength: Strength = Strength.DECLARED, port: int = 0
) -> Sighting:
    return Sighting(name, Place("a", 1), "inventory", strength, others, address, "", port)


def together(*sightings: Sighting) -> list[str]:
    return [" ".join([node.name, *node.others]) for node in nodes_of(sightings)]


def test_long_and_short_names_are_one_node() -> None:
    assert together(sighting("crtr.example.com"), sighting("CRTR")) == ["crtr crtr.example.com"]


def test_one_address_is_one_node() -> None:
    assert together(sighting("cooperator", "192.0.2.1"), sighting("crtr", "192.0.2.1")) == ["cooperator crtr"]


def test_an_address_alone_gets_the_name_of_its_node() -> None:
    assert together(sighting("192.0.2.1"), sighting("crtr", "192.0.2.1", strength=Strength.MENTIONED)) == ["crtr"]


def test_ports_of_one_address_may_be_many_nodes() -> None:
    assert together(sighting("a", "192.0.2.1", port=2201), sighting("b", "192.0.2.1", port=2202)) == ["a", "b"]


def test_an_alias_does_not_bring_two_addresses_together() -> None:
    found = together(
        sighting("crtr", "192.0.2.1"),
        sighting("prtr", "192.0.2.2", "crtr", strength=Strength.MENTIONED),
    )

    assert found == ["crtr", "prtr crtr"]


def test_loopback_is_everybodys() -> None:
    assert together(sighting("a", "127.0.0.1"), sighting("b", "127.0.0.1")) == ["a", "b"]


def test_the_strongest_place_comes_first() -> None:
    (node,) = nodes_of([sighting("a", "192.0.2.1", strength=Strength.MENTIONED), sighting("a", "192.0.2.2")])

    assert node.strength is Strength.DECLARED
    assert node.said("address") and node.said("address").says == "192.0.2.2"  # type: ignore[union-attr]  # asked before


NAMES = st.sampled_from(["a", "b", "a.lan", "192.0.2.1", "192.0.2.2", "c"])


@given(
    st.lists(
        st.builds(
            sighting, NAMES, st.sampled_from(["", "192.0.2.1", "192.0.2.2"]), strength=st.sampled_from(list(Strength))
        )
    )
)
def test_every_place_belongs_to_exactly_one_node(found: list[Sighting]) -> None:
    nodes = nodes_of(found)

    assert sum(len(node.sightings) for node in nodes) == len(found)
    assert len({node.name for node in nodes}) == len(nodes)
