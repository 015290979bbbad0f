"""A file or folder whose name is nearly the one that its program looks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.roles import Role
from stems.tools.ansible.repository.spelling import is_slip
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.tools.compose.model.files import COMPOSE_FILES
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.dotfiles import sources_of
from stems.validation.files import File, Files
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM812"

PAGE = Page(
    checks="""Names that are nearly those that a program looks for: `.github/workflow/`, `.pre-commit-config.yml`,
`.gitlab-ci.yaml`, `.chezmoignore`, `docker_compose.yml`, `group_var/`, `task/` or `template/` in a role, and
`main.yml` beside `tasks/` instead of in it. Where the right name is there too, or something names the file, nothing
is said. Also a `docker-compose.yml` beside a `compose.yaml`, of which Compose takes one.""",
    why="""Nothing reads it and nothing says so: the checks do not run, the dotfile that was to be left alone is
written, the variables have their defaults.""",
    instead="Rename it with `git mv`.",
    bad={
        ".github/workflow/check.yml": """
            on: push
            jobs: {}
            """,
    },
    good={
        ".github/workflows/check.yml": """
            on: push
            jobs: {}
            """,
    },
    also_bad=(
        {".pre-commit-config.yml": "repos: []\n"},
        {".gitlab-ci.yaml": "stages: [test]\n"},
        {"home/dot_bashrc": "a\n", "home/.chezmoignore": "README.md\n"},
        {"home/dot_bashrc": "a\n", "home/.chezmoitemplate/head": "a\n"},
        {"web/docker_compose.yml": "services:\n  web:\n    image: nginx:1.27\n"},
        {
            "web/compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            "web/docker-compose.yml": "services:\n  old:\n    image: nginx:1.25\n",
        },
        {"site.yml": "- hosts: all\n  tasks: [{ping: }]\n", "group_var/all.yml": "a: 1\n"},
        {
            "site.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/tasks/main.yml": "- package: {name: nginx}\n",
            "roles/web/handler/main.yml": "- name: restart nginx\n  service: {name: nginx, state: restarted}\n",
        },
        {
            "site.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/main.yaml": "- package: {name: nginx}\n",
            "roles/web/defaults/main.yml": "a: 1\n",
        },
    ),
    also_good=(
        {
            "site.yml": "- hosts: all\n  roles: [web]\n  tasks:\n    - include_tasks: roles/db/main.yml\n",
            "roles/web/tasks/main.yml": "- package: {name: nginx}\n",
            "roles/web/main.yml": "a: 1\n",
            "roles/db/main.yml": "- package: {name: nginx}\n",
            "roles/db/defaults/main.yml": "a: 1\n",
        },
        {".pre-commit-config.yml": "repos: []\n", ".pre-commit-config.yaml": "repos: []\n"},
        {"web/docker-compose.yml": "services: {web: {image: 'nginx:1.27'}}\n", "web/composer.yml": "a: 1\n"},
        {
            "web/docker_compose.yml": "services:\n  web:\n    image: nginx:1.27\n",
            "up.sh": "#!/bin/sh\ndocker compose -f web/docker_compose.yml up -d\n",
        },
        {
            "site.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/tasks/main.yml": "- template: {src: ../template/a.j2, dest: /etc/a}\n",
            "roles/web/template/a.j2": "a\n",
        },
        {"site.yml": "- hosts: all\n  tasks: [{ping: }]\n", "group_vars/all.yml": "a: 1\n"},
        {"home/dot_bashrc": "a\n", "home/.chezmoiignore": "README.md\n", "home/.chezmoitemplates/a": "a\n"},
        {"app/task/main.yml": "a: 1\n", "app/template/index.html": "a\n"},
        {"old/.pre-commit-config.yml": "repos: []\n"},
    ),
)

_AT_TOP = {
    ".pre-commit-config.yml": ".pre-commit-config.yaml",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    ".gitlab-ci.yaml": ".gitlab-ci.yml",
    "gitlab-ci.yml": ".gitlab-ci.yml",
}
_WORKFLOW = re.compile(r"\.github/(?:workflow|worflows|workfows|workflos)/[^/]+\.ya?ml")
_VARIABLES = {
    each: right
    for right in ("group_vars", "host_vars")
    for each in (right.removesuffix("s"), right.replace("_", "-"), right.replace("_", ""), right.replace("_", "s_"))
}
_PARTS = {
    "task": "tasks", "handler": "handlers", "template": "templates", "default": "defaults", "var": "vars",
    "handelers": "handlers", "deafults": "defaults", "tempates": "templates",
}  # fmt: skip
_TASKS = re.compile(r"(?:main|tasks)\.ya?ml")
_CHEZMOI = (
    ".chezmoiignore",
    ".chezmoiremove",
    ".chezmoiroot",
    ".chezmoiversion",
    ".chezmoiscripts",
    ".chezmoitemplates",
)
_SERVICES = re.compile(r"^services:", re.MULTILINE)

Found = tuple[str, str]
"""A path, and the one that would be read."""


def check(subject: Subject) -> Iterator[Finding]:
    files = subject.files
    for path, right in dict.fromkeys(
        (*_at_top(files), *_of_compose(files), *_of_ansible(subject), *_of_chezmoi(subject))
    ):
        if right not in files and not any(True for _ in files.under(right)) and not _is_named(files, path):
            message = f"nothing reads {path}: what is looked for is called {right}"
            first = path if path in files else next((file.path for file in files.under(path)), path)
            yield Finding(CODE, Place(first, 1, 1), message, f"git mv {path} {right}", Severity.WARNING)
    yield from _second(files)


def _second(files: Files) -> Iterator[Finding]:
    """Files that Compose would find by themselves, where it takes the one beside them."""
    for file in files.named(*COMPOSE_FILES):
        first = next(path for name in COMPOSE_FILES if (path := _beside(file, name)) in files)
        if file.path != first and not (file.is_aside or file.is_documentation) and not _is_named(files, file.path):
            message = f"Compose takes {first}, and never {file.path}"
            remedy = "remove one of them, or name both with `-f`"
            yield Finding(CODE, file.place(1, 1), message, remedy, Severity.WARNING)


def _at_top(files: Files) -> Iterator[Found]:
    for path, right in _AT_TOP.items():
        if path in files:
            yield path, right
    for file in files.under(".github"):
        if _WORKFLOW.fullmatch(file.path):
            yield file.folder, ".github/workflows"


def _of_compose(files: Files) -> Iterator[Found]:
    for file in files.named("*compo*.yml", "*compo*.yaml"):
        if file.name in COMPOSE_FILES or file.is_aside or file.is_documentation:
            continue
        right = next((name for name in COMPOSE_FILES if is_slip(file.name, name)), "")
        has_one = any(_beside(file, name) in files for name in COMPOSE_FILES)
        if right and not has_one and _SERVICES.search(file.text):
            yield file.path, _beside(file, right)


def _beside(file: File, name: str) -> str:
    return f"{file.folder}/{name}" if file.folder else name


def _of_ansible(subject: Subject) -> Iterator[Found]:
    for tree in subject.once(ansible_trees_of):
        if not tree.plays and not tree.roles:
            continue
        for path in tree.paths:
            folder = dirname(path)
            right = _VARIABLES.get(basename(folder))
            if right and path.endswith((".yml", ".yaml")):
                yield folder, f"{folder[: -len(basename(folder))]}{right}"
        for role in tree.own_roles:
            yield from _of_role(tree, role) if role.name else ()


def _of_role(tree: AnsibleTree, role: Role) -> Iterator[Found]:
    for name in tree.content.folders_in(role.folder):
        if name in _PARTS:
            yield role.part(name), role.part(_PARTS[name])
    if not tree.content.named(role.part("tasks"), "main"):
        # Tasks beside the folder for them.
        for path in tree.content.files_in(role.folder):
            if _TASKS.fullmatch(basename(path)):
                yield path, role.part("tasks/main.yml")


def _of_chezmoi(subject: Subject) -> Iterator[Found]:
    for dotfiles in subject.once(sources_of):
        start = f"{dotfiles.source.root}/" if dotfiles.source.root else ""
        for file in subject.files.under(dotfiles.source.root):
            name = file.path[len(start) :].partition("/")[0]
            if name.startswith(".chez") and (right := next((each for each in _CHEZMOI if is_slip(name, each)), "")):
                yield start + name, start + right


def _is_named(files: Files, path: str) -> bool:
    """Whether something gives it to a program by its name."""
    last = basename(path)
    words = [f"{last}/" if path not in files else last]
    if _TASKS.fullmatch(last):
        # Every role has such a name.
        words = [f"../{last}", "/".join(path.split("/")[-2:])]
    return any(word in file.text for file in files if file.path != path and not file.is_documentation for word in words)


RULE = Rule(CODE, "unread-name", Stage.STRUCTURE, Principle.P3, PAGE, check, Severity.WARNING)
