"""Truth is read from both folders that it may lie in, and from no file of somebody else."""

from __future__ import annotations

from pathlib import Path

from stems.model.node import Hardware, Node, SshAddress
from stems.model.truth import Gpu, Truth
from stems.readers.written_truth import write_truth
from stems.validation.files import Files
from stems.validation.hardware import Has, has
from stems.validation.truth import truths

G = 1024**3


def read(root: Path, files: dict[str, str]) -> dict[str, object]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return {name: truth.cpus for name, truth in truths(Files(root, files)).nodes.items()}


def test_the_folder_that_came_later_holds(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "truth/gate.yml": write_truth(Truth("gate", cpus=1)),
            "truth/work.yml": write_truth(Truth("work", cpus=2)),
            ".meta/ssot/gate.yml": write_truth(Truth("gate", cpus=4)),
            ".meta/ssot/nas.yml": "node: nas\ncpus: 8\n",
            "truth/old/nas.yml": write_truth(Truth("nas", cpus=8)),
        },
    )

    assert found == {"gate": 4, "work": 2}


def test_what_is_declared_holds_number_by_number() -> None:
    truth = Truth("gate", arch="arm64", cpus=4, memory=8 * G, gpu=(Gpu("v3d", "broadcom"), Gpu("BMC", "aspeed")))

    assert has(_node()) == Has()
    assert has(_node(), truth) == Has("arm64", 4, 8 * G, 1)
    assert has(_node(cpus=2)) == Has(cpus=2, gpu=0), "who declares hardware says that there is no more"
    assert has(_node(cpus=2), truth) == Has("arm64", 2, 8 * G, 1)
    assert has(_node(gpu=2), Truth("gate")) == Has(gpu=2)


def _node(**hardware: int) -> Node:
    return Node("gate", "gate", SshAddress("gate.example"), hardware=Hardware(**hardware))
