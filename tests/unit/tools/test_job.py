"""What several ask of one job is made once, and anew for another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from stems.infrastructure.local import LocalRunner
from stems.model.cluster import Cluster, ServicesDomain
from stems.tools.base import Job, Tree


def test_what_is_made_of_a_job_is_made_once_for_each(tmp_path: Path) -> None:
    job = Job(
        Cluster("colab", "~/c", {}), ServicesDomain("compose", "a"), Tree(tmp_path, ""), {}, LocalRunner(), tmp_path
    )
    made: list[str] = []

    def source(job: Job) -> str:
        made.append(job.settings.source)
        return made[-1]

    other = replace(job, settings=ServicesDomain("compose", "b"))

    assert [job.once(source), job.once(source), other.once(source), job.once(source)] == ["a", "a", "b", "a"]
    assert made == ["a", "b"]
