"""A cluster file that Git ignores."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join

from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Place
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.gitignored import ignores_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import NO_CLUSTER, Subject

CODE = "STM115"

PAGE = Page(
    checks="A `config/cluster.yml` that is there, that Git does not track, and that a line of `.gitignore` is about.",
    why="""Plans are made of commits, and no commit has it: what is valid here is nothing on the next machine. `config/`
is in many templates of `.gitignore`, for programs that write into it.""",
    instead="Write `/services/*/config/` or whatever is meant, and `git add config/cluster.yml`.",
    bad={".gitignore": "config/\n"},
    good={".gitignore": "/services/*/config/\n"},
    also_good=({".gitignore": "config/*\n!config/cluster.yml\n"}, {".gitignore": "# config/\n"}),
)


def check(subject: Subject) -> Iterator[Finding]:
    if subject.cluster is NO_CLUSTER or CLUSTER_FILE in subject.files:
        return
    line = subject.once(ignores_of).line_for(CLUSTER_FILE)
    if line:
        message = f"`{printable(line.pattern)}` is about {CLUSTER_FILE}, so that no commit has it"
        place = Place(join(line.folder, ".gitignore"), line.number, 1)
        yield Finding(CODE, place, message, f"name what is meant, and `git add {CLUSTER_FILE}`")


RULE = Rule(CODE, "ignored-cluster-file", Stage.SCHEMA, Principle.D2, PAGE, check)
