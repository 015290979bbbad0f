"""The text of a proposed `config/cluster.yml`: every guess with the place that it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stems.lifecycle.assessment.proposal import Proposal, ProposedNode, ProposedService
from stems.lifecycle.assessment.proposed_domains import ProposedDomain
from stems.model.assessment import Evidence
from stems.model.change import Domain
from stems.readers.written import write_scalar

_HEAD = """\
# Proposed by `stems adopt` from what is in this repository. What says "guess" is one: read it, correct it, and remove
# the comment. What is commented out is not certain enough to stand there.
version: 1
"""
_LONGEST = 160


def cluster_text(proposal: Proposal) -> str:
    return "\n".join(_lines(proposal)) + "\n"


def _lines(proposal: Proposal) -> Iterator[str]:
    yield _HEAD + "\n".join(_cluster(proposal))
    yield f"checkout: {proposal.checkout}  {_guess('a clone for stems alone')}"
    yield from _section("nodes", [(_node(one), one.doubt) for one in proposal.nodes])
    yield from _section("domains", [(_domain(one), one.doubt) for one in proposal.domains])
    yield from _section("services", [(_service(one), one.doubt) for one in proposal.services])


def _cluster(proposal: Proposal) -> list[str]:
    name, called = write_scalar(proposal.cluster), _guess("called like this repository")
    if not proposal.timezone:
        return [f"cluster: {{name: {name}}}  {called}"]
    return ["cluster:", f"  name: {name}  {called}", f"  timezone: {_value(proposal.timezone)}"]


def _section(title: str, entries: Sequence[tuple[Sequence[str], str]]) -> Iterator[str]:
    if not entries:
        return
    yield ""
    # A key with nothing but comments below it would have no value.
    yield f"{title}:" if any(not doubt for _, doubt in entries) else f"# {title}:"
    for lines, doubt in sorted(entries, key=lambda entry: bool(entry[1])):
        if not doubt:
            yield from (f"  {line}" for line in lines)
        else:
            yield f"  # not certain: {_plain(doubt)}"
            yield from (f"  # {_readable(line)}" for line in lines)


def _node(node: ProposedNode) -> list[str]:
    lines = [
        f"{write_scalar(node.name)}:",
        f"  hostname: {_value(node.hostname)}",
        "  ssh:",
        f"    host: {_value(node.host)}",
    ]
    lines += [f"    user: {_value(node.user)}"] if node.user else []
    lines += [f"    port: {node.port.says}  {_guess(_from(node.port))}"] if node.port else []
    lines += [f"  role: {_value(node.role)}"] if node.role else []
    lines += [f"  arch: {_value(node.arch)}"] if node.arch else []
    if node.hardware:
        lines.append("  hardware:")
        # A number and a size are no texts there.
        lines += [f"    {key}: {found.says}  {_guess(_from(found))}" for key, found in node.hardware.items()]
    return lines


def _domain(domain: ProposedDomain) -> list[str]:
    one = domain.one
    lines = [
        f"{one.domain.value}:",
        f"  tool: {write_scalar(domain.tool)}",
        f"  source: {_value(Evidence(one.evidence.place, one.root))}",
    ]
    if one.domain is Domain.SYSTEM and one.entries:
        others = f"; others are {', '.join(one.entries[1:4])}" if one.entries[1:] else ""
        lines.append(
            f"  playbook: {write_scalar(one.entries[0])}  {_guess(f'the likeliest of {len(one.entries)}{others}')}"
        )
    if domain.inventory:
        lines.append(f"  inventory: {write_scalar(domain.inventory)}  {_guess(domain.why)}")
    return lines


def _service(service: ProposedService) -> list[str]:
    one = service.one
    why = _from(one.why) if one.why else "nothing says where"
    names = [write_scalar(node) for node in service.nodes] or ["NODE"]
    nodes = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
    comments = {"data": f"  {_guess('it has volumes')}"}
    keys = (f"  {key}: {write_scalar(value)}{comments.get(key, '')}" for key, value in service.keys.items())
    return [f"{write_scalar(service.name)}:", f"  node: {nodes}  {_guess(why)}", *keys]


def _value(evidence: Evidence) -> str:
    return f"{write_scalar(evidence.says)}  {_guess(_from(evidence))}"


def _from(evidence: Evidence) -> str:
    return f"from {evidence.place}"


def _guess(text: str) -> str:
    return f"# guess: {_plain(text)}"


def _plain(text: str) -> str:
    return _readable(text)[:_LONGEST]


def _readable(text: str) -> str:
    """Text that no comment ends at and no reader of YAML refuses."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
