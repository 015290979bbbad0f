"""No file makes the judgement break: what is bad is made worse at random, and there is a finding or none."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from stems.validation.catalogue import RULES
from stems.validation.page import Example, Link, shown
from tests.unit.validation.examples import default_cluster, judged

EXAMPLES = [
    {"config/cluster.yml": default_cluster(example), **example}
    for rule in RULES
    for example in (rule.page.bad, *rule.page.also_bad)
]
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"\n", b": ", b"- ", b"[", b"}", b"&a ", b"*a", b"<<: ", b"{{ ", b"${", b"null", b"!!x ", b"\t", b"0"]
    ),
)


@st.composite
def worse(draw: st.DrawFn) -> Example:
    example = dict(draw(st.sampled_from(EXAMPLES)))
    path = draw(st.sampled_from(sorted(path for path in example if not isinstance(example[path], Link))))
    content = example[path]
    whole = content if isinstance(content, bytes) else shown(content).encode()
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, min(len(whole), start + 12)))
    example[path] = whole[:start] + draw(PIECES) + whole[end:]
    return example


@settings(max_examples=60)
@given(worse())
def test_whatever_is_in_a_file_the_judgement_ends(example: Example) -> None:
    with tempfile.TemporaryDirectory() as folder:
        judgement = judged(Path(folder), example, every_stage=True)

    assert all(judgement.rule(finding) and str(finding.place) for finding in judgement.findings)
