"""A change of anything that a Compose service is made of changes its digest, and nothing else does."""

from __future__ import annotations

import pytest

from stems.model.service import Service
from stems.tools.base import Job
from stems.tools.compose.check import check
from stems.tools.compose.parts import Parts, read_parts
from stems.tools.compose.project import read_project
from stems.tools.compose.required import required_keys
from tests.unit.tools.compose.conftest import NODE, MakeJob

FILES = {
    "web/compose.yml": """
x-common: &common {restart: always}
services:
  web:
    <<: *common
    image: busybox:${tag}
    env_file: [web.env, secret.env]
    environment: {A: "${TOKEN}", B: }
    volumes: ["./conf:/conf:ro", "/var/lib:/x", "data:/data"]
    configs: [main]
  other: {image: busybox}
configs: {main: {file: main.conf}}
volumes: {data: {}}
""",
    "web/web.env": "W=${FROM_ENV}\n",
    "web/conf/a": "a",
    "web/main.conf": "main",
    "web/README.md": "text",
}


def parts(job: Job, name: str = "web") -> Parts:
    project = read_project(job, job.cluster.services["web"], NODE)
    return read_parts(job, NODE, project=project, name=name)


def test_parts_say_what_a_service_is_made_of(make_job: MakeJob) -> None:
    found = parts(make_job(FILES, tag="1"))

    assert {name for name in found.digests if " " in name} == {
        "configs main",
        "file services/web/conf/a",
        "file services/web/main.conf",
        "file services/web/web.env",
        "variable tag",
    }
    assert found.from_env == ("B", "FROM_ENV", "TOKEN")
    assert found.untracked == ("secret.env",)


@pytest.mark.parametrize(
    ("path", "text", "changes"),
    [
        ("web/conf/a", "b", True),
        ("web/main.conf", "other", True),
        ("web/web.env", "W=2\n", True),
        ("web/compose.yml", FILES["web/compose.yml"].replace("always", "no"), True),
        ("web/README.md", "other", False),
        ("web/compose.yml", "# a comment\n" + FILES["web/compose.yml"], False),
    ],
)
def test_a_digest_changes_with_what_it_covers(make_job: MakeJob, path: str, text: str, changes: bool) -> None:
    before, other = parts(make_job(FILES, tag="1")), parts(make_job(FILES, tag="1"), "other")
    job = make_job({**FILES, path: text}, tag="1")

    assert (parts(job).digest != before.digest) is changes
    assert parts(job, "other").digest == other.digest


HANDED = """
services:
  web: {image: x, secrets: [token], configs: [{source: motd}], volumes: [{type: bind, source: site, target: /s}]}
secrets: {token: {environment: TOKEN}, unused: {environment: NOBODY}}
configs: {motd: {environment: greeting}}
"""


def test_a_value_that_becomes_a_secret_or_a_config_counts(make_job: MakeJob) -> None:
    job, other = (make_job({"web/compose.yml": HANDED}, greeting=text) for text in "ab")
    found = parts(job)

    assert found.from_env == ("TOKEN",)
    assert found.digests["variable greeting"] != parts(other).digests["variable greeting"]
    assert required_keys(job, NODE, read_project(job, job.cluster.services["web"], NODE)) == ("TOKEN",)


def test_a_bind_mount_needs_no_dot_to_be_one(make_job: MakeJob) -> None:
    found = parts(make_job({"web/compose.yml": HANDED, "web/site/a": "a"}))

    assert "file services/web/site/a" in found.digests


def test_a_variable_counts_only_where_it_is_used(make_job: MakeJob) -> None:
    one, two = make_job(FILES, tag="1", greeting="a"), make_job(FILES, tag="2", greeting="b")

    assert parts(one).digest != parts(two).digest
    assert parts(one, "other").digest == parts(two, "other").digest


@pytest.mark.parametrize(
    ("service", "needed"),
    [
        ('environment: {A: "${TOKEN}"}', ("TITLE", "TOKEN")),
        ("env_file: [{path: .env, required: false}]", ()),
        ("env_file: [.env]", ("TITLE",)),
        ("environment: {}", ("TITLE",)),
        ('environment: {A: "${TITLE:-x}"}', ()),
        ('environment: {A: "${TITLE:-x}", B: "${TITLE}"}', ("TITLE",)),
    ],
)
def test_the_template_is_needed_unless_the_project_can_do_without(
    make_job: MakeJob, service: str, needed: tuple[str, ...]
) -> None:
    text = f"services:\n  web:\n    image: x\n    {service}\n"
    job = make_job({"web/compose.yml": text, "web/env.template": "TITLE=x\n"})
    project = read_project(job, job.cluster.services["web"], NODE)

    assert required_keys(job, NODE, project) == needed


def test_a_default_is_no_password(make_job: MakeJob) -> None:
    text = "services:\n  web:\n    image: x\n    environment: {A: '${DB_PASSWORD:-changeme}', B: '${PORT:-80}'}\n"
    job = make_job({"web/compose.yml": text, "web/env.template": "DB_PASSWORD=\nPORT=\n"})

    assert required_keys(job, NODE, read_project(job, job.cluster.services["web"], NODE)) == ("DB_PASSWORD",)


APART = {
    "web/compose.yml": """
include: [../common/included.yml]
services:
  web: {extends: {file: ../common/base.yml, service: base}, image: x:1}
  local: {extends: web, init: true}
""",
    "common/base.yml": """
services:
  base: {volumes: ["./conf:/conf:ro"], env_file: [a.env], configs: [], build: ./built}
""",
    "common/included.yml": """
services:
  inner: {image: x, env_file: ["${NODE_NAME}.env"], secrets: [s, mine, far]}
secrets: {s: {file: secret.txt}, mine: {file: mine.txt}, far: {file: /run/keys/far}}
""",
    "common/conf/a": "a",
    "common/a.env": "A=1\n",
    "common/built/Dockerfile": "FROM x\n",
    "common/secret.txt": "s",
}


def test_paths_start_from_the_file_that_has_them(make_job: MakeJob) -> None:
    job = make_job(APART, services=(Service("web", ("crtr",), "compose"),))

    for name in ("web", "local"):
        assert {part for part in parts(job, name).digests if part.startswith(("file ", "build "))} == {
            "file services/common/conf/a", "file services/common/a.env", "build services/common/built/Dockerfile",
        }  # fmt: skip
    inner = parts(job, "inner")
    assert "file services/common/secret.txt" in inner.digests
    assert (inner.untracked, inner.handed) == (("../common/crtr.env",), ("../common/mine.txt",))


@pytest.mark.parametrize("more", ["scale: 2", "deploy: {replicas: 2}", "profiles: [debug]", "scale: ${MANY}"])
def test_how_many_containers_there_are_is_no_part_of_any(make_job: MakeJob, more: str) -> None:
    text = "services:\n  web:\n    image: x:1\n"
    before = parts(make_job({"web/compose.yml": text}))
    after = parts(make_job({"web/compose.yml": f"{text}    {more}\n"}))

    assert (after.digest, after.from_env) == (before.digest, before.from_env)


def test_what_is_extended_may_be_named_by_a_variable_of_the_cluster(make_job: MakeJob) -> None:
    files = {
        "web/compose.yml": "services:\n  web: {extends: {file: '../common/${kind}.yml', service: base}}\n",
        "common/arm.yml": "services: {base: {image: 'x:arm'}}\n",
        "common/amd.yml": "services: {base: {image: 'x:amd'}}\n",
    }
    one, other = (
        parts(make_job(files, services=(Service("web", ("crtr",), "compose"),), kind=kind)) for kind in ("arm", "amd")
    )

    assert one.digests["image"] != other.digests["image"]
    assert list(check(make_job(files, services=(Service("web", ("crtr",), "compose"),), kind="arm"))) == []
