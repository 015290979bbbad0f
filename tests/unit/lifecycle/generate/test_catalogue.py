"""The catalogue tells people what a repository knows of its nodes and services, with links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stems.lifecycle.generate.catalogue import catalogue
from stems.lifecycle.generate.diagram import diagram
from stems.lifecycle.generate.source import Source
from tests.unit.lifecycle.generate import sample


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return sample.source(tmp_path_factory.mktemp("source"))


def entry(text: str, heading: str) -> dict[str, str]:
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\* \*\*(.+?)\*\*: (.+)$", part, re.MULTILINE))


def test_a_node_has_its_entry(source: Source) -> None:
    found = entry(catalogue(source).text, "Node crtr")

    assert found["Role"] == "gateway" and found["Names"] == "`crtr`, `cooperator`, `cooperator.local`"
    assert found["Hardware"] == "arm64, 4 CPUs, 16G memory, 1T disk"
    assert (
        found["Reached by SSH as"] == "`owner@192.0.2.11:2222`" and found["Address for other nodes"] == "`192.0.2.11`"
    )
    assert found["Ports"] == (
        "caddy `*:80/tcp`, `*:443/udp`; metrics `127.0.0.1:9090/tcp`; agent others in the network of the node"
    )
    assert found["While it is down"] == r'No \<way\> in \& "nothing" else'
    assert found["Decisions"] == r"[1\. Put caddy at the door](docs/decisions/0001-put-caddy-first.md)"


def test_a_service_has_its_entry(source: Source) -> None:
    text = catalogue(source).text
    caddy, web = entry(text, "Service caddy"), entry(text, "Service web")

    assert (
        caddy["Reason"] == r"The \| way in" and caddy["Page"] == "[services/caddy/README.md](services/caddy/README.md)"
    )
    assert caddy["Runs"] == "`project:caddy`, `container:caddy-proxy-1`" and caddy["Images"] == "`caddy:2.8`"
    assert caddy["Decisions"].endswith("0001-put-caddy-first.md)") and "Decisions" not in web
    assert web["Owner"] == "compose, project pages" and web["After"] == "[metrics](#service-metrics)"
    assert web["Nodes"] == "[drtr](#node-drtr), [prtr](#node-prtr)" and web["Reason"] == "not said"
    assert entry(text, "Service metrics")["Data"] == "local"
    assert entry(text, "Service metrics")["Checks"] == "`http://127.0.0.1:9090/-/ready answers 204`"


def test_every_anchor_is_a_heading(source: Source) -> None:
    text = catalogue(source).text
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_links_start_where_the_page_lies(tmp_path: Path) -> None:
    read = sample.read(tmp_path)
    folder = read.repository.root / "docs"
    text = catalogue(read.source(), folder=read.folder_of(folder / "catalogue.md")).text
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]

    assert links and all((folder / link).exists() for link in links)
    assert read.folder_of(folder) == read.folder_of(folder / "new.md") == "../"
    assert read.folder_of(read.repository.root / "new.md") == read.folder_of(None) == ""


def test_a_table_has_as_many_cells_in_every_row(source: Source) -> None:
    rows = re.findall(r"^\|.*\|$", catalogue(source).text, re.MULTILINE)

    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5, 6}


def test_what_cannot_be_read_is_not_known_and_never_absent(tmp_path: Path) -> None:
    found = sample.read(tmp_path, {"services/caddy/compose.yml": "services: {a: [\n"}).source()
    made = catalogue(found)
    caddy = entry(made.text, "Service caddy")

    assert (
        caddy["Runs"] == caddy["Ports"] == "not known" and "caddy not known" in entry(made.text, "Node crtr")["Ports"]
    )
    assert made.notes[0].text.endswith("no file says it: caddy") and diagram(found).notes == made.notes
    assert "ports not known" in diagram(found).text


def test_ports_in_the_network_of_the_node_are_said_to_be_open(source: Source) -> None:
    assert entry(catalogue(source).text, "Service agent")["Ports"] == "others in the network of the node"
    assert "in the network of the node" in diagram(source).text


def test_a_service_that_publishes_nothing_says_so(tmp_path: Path) -> None:
    found = sample.read(tmp_path, {"services/agent/compose.yml": "services: {agent: {image: 'agent:1'}}\n"}).source()

    assert entry(catalogue(found).text, "Service agent")["Ports"] == "none"


def test_a_cluster_without_services_has_a_catalogue(tmp_path: Path) -> None:
    text = "version: 1\ncluster: {name: a}\ncheckout: ~/a\nnodes: {one: {hostname: one, ssh: {host: one.example}}}\n"
    made = catalogue(Source(sample.cluster(text)))

    assert "## Services" not in made.text and entry(made.text, "Node one")["Services"] == "none"
