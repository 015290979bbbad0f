"""What `stems adopt` shows: enough to choose by, and all that is left for a person to do."""

from __future__ import annotations

import click

from stems.cli.render.adopt import adopted_document, candidates_document, render_adopted, render_candidates
from stems.lifecycle.adopt import Adopted
from stems.tools.compose.existing.candidates import grouped
from stems.tools.compose.existing.described import described
from stems.tools.compose.existing.proposal import Destination
from tests.unit.tools.compose.existing.recorded import recorded

ENTRY = "  vault:\n    node: prtr\n    reason: TO BE WRITTEN\n"


def adopted(line: int) -> Adopted:
    found = recorded("vault")
    candidate = next(one for one in grouped(found) if one.name == "vault")
    proposal = described(candidate, found, Destination("vault", "prtr", "~/c/services/vault"))
    return Adopted("prtr", candidate, "vault", "services/vault", proposal, ENTRY, line)


def lines(made: Adopted) -> list[str]:
    return [click.unstyle(line) for line in render_adopted(made)]


def test_candidates_stand_in_columns() -> None:
    rows = [click.unstyle(line) for line in render_candidates("prtr", tuple(grouped(recorded("all"))))]

    assert rows[0].split() == ["NAME", "KIND", "STATE", "IMAGES", "PORTS", "VOLUMES"]
    assert rows[3].startswith("vault   container  running  stems-lab/busybox:1  127.0.0.1:8200:80  ")
    assert rows[-1] == " next: write its configuration with `stems adopt prtr NAME`"
    assert list(render_candidates("prtr", ())) == ["prtr: nothing to adopt"]


def test_what_was_written_and_what_is_left_is_said() -> None:
    said = lines(adopted(7))

    assert said[0] == "prtr  container vault as service vault"
    assert "  wrote config/cluster.yml:7         its entry" in said
    assert "    volume vault, at /vault in vault" in said
    assert "  3 values for services/vault/.env in the node's checkout" in said
    assert any(line.startswith("    umask 077; mkdir -p ~/c/services/vault") for line in said)


def test_an_entry_that_could_not_be_added_is_shown_to_be_pasted() -> None:
    said = lines(adopted(0))

    at = said.index("  for `services` of config/cluster.yml:")
    assert said[at + 1 : at + 4] == ENTRY.rstrip().split("\n")


def test_documents_hold_no_values() -> None:
    listed, one = candidates_document("prtr", tuple(grouped(recorded("all")))), adopted_document(adopted(7))

    assert {listed["schema"], one["schema"]} == {"stems.adopt/1"}
    assert [each["name"] for each in one["adopted"]["values"]] == ["VAULT_COMMAND_2", "ODD", "VAULT_TOKEN"]
    for secret in ("hunter2", "5ecret"):
        assert secret not in str(listed) + str(one)
