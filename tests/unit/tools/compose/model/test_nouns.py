"""What rules ask of a service: images, sizes, durations, health, resources and devices in their own types."""

from __future__ import annotations

import pytest

from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.project import Service
from stems.tools.compose.model.read import read_project
from stems.tools.compose.model.reading import Given
from stems.tools.compose.model.specs.image import split_image
from stems.tools.compose.model.specs.quantity import read_duration, read_size
from stems.tools.compose.model.words import as_text


def service(body: str, given: Given | None = None) -> Service:
    read = read_project({"compose.yaml": f"services: {{a: {{image: x, {body}}}}}"}.get, "", given)
    assert read.findings == ()
    return read.services["a"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("nginx", ("docker.io", "nginx", "", "")),
        ("nginx:1.27", ("docker.io", "nginx", "1.27", "")),
        ("team/app:2", ("docker.io", "team/app", "2", "")),
        ("ghcr.io/team/app", ("ghcr.io", "team/app", "", "")),
        ("localhost/app:dev", ("localhost", "app", "dev", "")),
        ("registry:5000/a/b:1@sha256:00", ("registry:5000", "a/b", "1", "sha256:00")),
        ("registry:5000/a", ("registry:5000", "a", "", "")),
        ("app@sha256:00", ("docker.io", "app", "", "sha256:00")),
    ],
)
def test_an_image_has_its_parts(text: str, parts: tuple[str, str, str, str]) -> None:
    image = split_image(text)

    assert (image.registry, image.name, image.tag, image.digest) == parts


@pytest.mark.parametrize(
    ("text", "size"),
    [("1024", 1024), ("1k", 1024), ("1.5gb", 3 * 2**29), ("1 GiB", 2**30), ("2M", 2**21), ("0.5t", 2**39)],
)
def test_a_size_is_bytes(text: str, size: int) -> None:
    assert read_size(text) == size


@pytest.mark.parametrize("text", ["", "g", "1x", "-1", "1  g", "1" * 101])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no size"):
        read_size(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("5s", 5), ("1m30s", 90), ("1.5h", 5400), ("-5s", -5), ("2w", 1209600), ("5ms", 0.005)],
)
def test_a_duration_is_seconds(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "s", "5 s", "1m x", "1m" * 60])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        read_duration(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, ""),
        (1.0, "1"),
        (1e6, "1e+06"),
        (123456.5, "123456.5"),
        (-0.00001, "-1e-05"),
        (0.0001, "0.0001"),
    ],
)
def test_a_number_is_written_as_compose_writes_it(value: bool | float | None, text: str) -> None:
    assert as_text(value) == text


def test_a_health_check_says_whether_it_is_one() -> None:
    checked = service("healthcheck: {test: curl localhost, interval: 1m30s, retries: 3}").health
    off = [service(f"healthcheck: {how}").health for how in ("{disable: true}", "{test: [NONE]}", "{disable: 'yes'}")]

    assert checked is not None and (checked.test, checked.interval, checked.retries) == (
        ("CMD-SHELL", "curl localhost"),
        90,
        3,
    )
    assert [health.is_disabled if health else None for health in off] == [True, True, True]
    assert service("init: true").health is None


@pytest.mark.parametrize(
    "body", ["mem_limit: 1g, cpus: 0.5", "deploy: {resources: {limits: {memory: 1024m, cpus: '0.5'}}}"]
)
def test_limits_are_the_same_wherever_they_are_written(body: str) -> None:
    resources = service(body).resources

    assert (resources.memory, resources.cpus) == (2**30, 0.5)


def test_what_is_reserved_and_what_is_unknown_are_no_limits() -> None:
    resources = service("mem_limit: '${M}', mem_reservation: 1m", Given(unknown=frozenset({"M"}))).resources

    assert (resources.memory, resources.reserved_memory, resources.cpus) == (UNKNOWN, 2**20, None)


def test_gpus_are_those_of_both_ways_to_ask_for_them() -> None:
    devices = "deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 2, capabilities: [gpu]}]}}}"

    assert [(gpu.source, gpu.count) for gpu in service("gpus: all").gpus] == [("", "all")]
    assert [(gpu.source, gpu.count, gpu.capabilities) for gpu in service(devices).gpus] == [("nvidia", 2, ("gpu",))]


def test_ports_say_what_they_take_on_a_node() -> None:
    ports = service('ports: ["8080:80", "[::1]:1-2:1-2/udp", "3000-3009:30", "99", "0:98"]').ports

    assert [(port.address, list(port.numbers), port.is_certain) for port in ports[:3]] == [
        ("", [8080], True),
        ("::1", [1], True),
        ("::1", [2], True),
    ]
    assert (len(ports[3].numbers), ports[3].is_certain) == (10, False)
    assert [list(port.numbers) for port in ports[4:]] == [[], []]


def test_a_network_has_the_name_that_docker_gives_it() -> None:
    text = "name: Web\nservices: {a: {image: x, networks: [one, two]}}\nnetworks:\n  one:\n  two: {external: true}\n"
    networks = read_project({"compose.yaml": text}.get, "").networks

    assert [(each.real_name, each.is_external) for each in networks.values()] == [("web_one", False), ("two", True)]
