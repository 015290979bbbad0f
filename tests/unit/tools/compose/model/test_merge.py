"""Laws of laying one file over another."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stems.readers.written import write_yaml
from stems.tools.compose.model.project import Service
from stems.tools.compose.model.read import read_project

NAMES = st.sampled_from(["A", "B", "C"])
VALUES = st.sampled_from(["", "1", "x y", "true"])
PAIRS = st.dictionaries(NAMES, VALUES, max_size=3)
EITHER = PAIRS.flatmap(lambda pairs: st.sampled_from([pairs, [f"{name}={value}" for name, value in pairs.items()]]))
PORTS = st.lists(
    st.sampled_from(["80:80", "81:80", "127.0.0.1:80:80", "80:80/udp", "90-91:90-91"]), max_size=3, unique=True
)
MOUNTS = st.lists(
    st.sampled_from(["/a:/x", "/b:/x", "/a:/y:ro", "/c:/z"]), max_size=3, unique_by=lambda mount: mount.split(":")[1]
)
SERVICES = st.fixed_dictionaries(
    {},
    optional={
        "environment": EITHER, "labels": EITHER, "ports": PORTS, "volumes": MOUNTS,
        "restart": st.sampled_from(["no", "always"]),
        "command": st.sampled_from(["a b", ["c"]]), "dns": st.sampled_from(["192.0.2.1", ["192.0.2.2"]]),
        "profiles": st.lists(NAMES, unique=True, max_size=2), "mem_limit": st.sampled_from(["1g", "2g"]),
    },
)  # fmt: skip


def laid_over(*bodies: dict[str, Any]) -> Service:
    first = {"image": "x", **bodies[0]}
    files = {f"{n}.yaml": write_yaml({"services": {"a": body}}) for n, body in enumerate((first, *bodies[1:]))}
    read = read_project(files.get, "", files=tuple(files))
    assert read.findings == ()
    return read.services["a"]


def said(service: Service) -> dict[str, object]:
    """What a service says, without where."""
    return {
        "environment": {name: one.value for name, one in service.environment.items()},
        "labels": {name: one.value for name, one in service.labels.items()},
        "ports": [(port.address, port.published, port.target, port.protocol) for port in service.ports],
        "volumes": [(mount.source, mount.target, mount.is_read_only) for mount in service.mounts],
        "profiles": service.profiles,
        "restart": service.text("restart"),
        "memory": service.resources.memory,
        "dns": [item.data for item in (service.value.at("dns") or service.value).items],
    }


@given(SERVICES)
@settings(max_examples=40, deadline=None)
def test_nothing_changes_nothing_and_the_same_again_neither(body: dict[str, Any]) -> None:
    assert said(laid_over(body)) == said(laid_over(body, {})) == said(laid_over(body, body))


@given(SERVICES, SERVICES)
@settings(max_examples=40, deadline=None)
def test_what_is_laid_over_is_there(left: dict[str, Any], right: dict[str, Any]) -> None:
    both, alone = laid_over(left, right), laid_over(right)

    assert said(both)["environment"] == {
        **_map(said(laid_over(left))["environment"]),
        **_map(said(alone)["environment"]),
    }
    assert set(alone.profiles) <= set(both.profiles)
    for name in ("ports", "volumes", "dns"):
        assert set(_list(said(alone)[name])) <= set(_list(said(both)[name]))
    for name in ("restart", "memory"):
        assert said(both)[name] == (said(alone)[name] or said(laid_over(left))[name])


@given(SERVICES, SERVICES)
@settings(max_examples=40, deadline=None)
def test_each_thing_is_there_once(left: dict[str, Any], right: dict[str, Any]) -> None:
    both = laid_over(left, right)
    targets = [mount.target for mount in both.mounts]
    ports = _list(said(both)["ports"])

    assert len(targets) == len(set(targets)) and len(ports) == len(set(ports))


@given(SERVICES, SERVICES)
@settings(max_examples=40, deadline=None)
def test_a_service_that_extends_another_is_as_if_laid_over_it(base: dict[str, Any], own: dict[str, Any]) -> None:
    services = {"base": {"image": "x", **base}, "a": {"extends": {"service": "base"}, **own}}
    extended = read_project({"compose.yaml": write_yaml({"services": services})}.get, "").services["a"]

    assert said(extended) == said(laid_over(base, own))


def _map(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value
