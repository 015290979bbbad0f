"""A checkout of whatever a branch has that day."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM431"

_MOVING = frozenset({"master", "main", "HEAD", "head", "develop", "devel", "trunk"})

PAGE = Page(
    checks="`git` tasks without a `version`, or with that of a branch that always moves, such as `main`.",
    why="""Each node gets what the branch has on the day of its run. A preview says nothing about what comes, a rollback
to last week's commit does not bring last week's code back, and whoever takes over the other repository is root.""",
    instead="Write a tag or a commit as `version`: then an update is a change that somebody reviews.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.git:
                    repo: https://github.com/example/tool.git
                    dest: /opt/tool
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.git:
                    repo: https://github.com/example/tool.git
                    dest: /opt/tool
                    version: v1.4.2
            """,
    },
    also_bad=(
        {"roles/a/tasks/main.yml": "- git: repo=https://github.com/x/y.git dest=/opt/y version=master\n"},
        {"roles/a/tasks/main.yml": "- git: {repo: 'git@github.com:x/y.git', dest: /y, version: HEAD}\n"},
    ),
    also_good=(
        {"roles/a/tasks/main.yml": "- git: repo=https://github.com/x/y.git dest=/opt/y version={{ y_version }}\n"},
        {"roles/a/tasks/main.yml": "- git: {repo: 'https://x.example/y.git', dest: /y, version: release-1}\n"},
        {"roles/a/tasks/main.yml": "- git: '{{ options }}'\n- git: {}\n  args: '{{ options }}'\n"},
        {"roles/a/tasks/main.yml": "- git_config: {name: user.name, value: me}\n- package: {name: git}\n"},
        {"roles/a/tasks/main.yml": "- git: {repo: '{{ item.repo }}', dest: /y, version: '{{ item.at }}'}\n"},
        {"roles/a/tasks/main.yml": "- git: {repo: /srv/git/own.git, dest: /y}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        arguments = task.arguments() if task.module == "git" else {}
        repository = arguments.get("repo", arguments.get("name"))
        version = arguments.get("version", "HEAD")
        # One on the same machine is the owner's own.
        if isinstance(repository, str) and not repository.startswith(("/", "file:")) and version in _MOVING:
            message = f"{repository} is another commit at each run"
            remedy = "write a tag or a commit as `version`"
            place = task.at_argument("version" if "version" in arguments else "repo")
            yield Finding(CODE, place, message, remedy, Severity.WARNING)


RULE = Rule(CODE, "unpinned-checkout", Stage.SECURITY, Principle.D2, PAGE, check, Severity.WARNING)
