"""A download that is another one tomorrow, or that anybody on the way can change."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.tasks import Task, listed
from stems.validation.ansible_trees import tasks_of
from stems.validation.moving_addresses import OWN, moves
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM430"

_NO = (None, "", False)

PAGE = Page(
    checks="""`get_url`, `unarchive`, `apt: deb=`, packages of `dnf` and `uri` with a `dest` from an address that
moves (`latest`, `master`, `main`, `nightly`) or that is plain `http://`, without a `checksum`; and packages of `pip`
from a repository without a tag.""",
    why="""Two nodes that are set up a week apart run different programs, a rollback brings the newest one again, and
nothing notices when somebody puts another file there: it runs as root.""",
    instead="""Download a version, and write its `checksum: sha256:…` beside it. `unarchive` has none: use `get_url`
first.""",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.get_url:
                    url: https://github.com/example/tool/releases/latest/download/tool-arm64
                    dest: /usr/local/bin/tool
                    mode: "0755"
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.get_url:
                    url: https://github.com/example/tool/releases/download/v1.4.2/tool-arm64
                    dest: /usr/local/bin/tool
                    checksum: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                    mode: "0755"
            """,
    },
    also_bad=(
        {
            "roles/a/tasks/main.yml": """
                - get_url: url=https://raw.githubusercontent.com/x/y/master/install.sh dest=/tmp/install.sh
                """,
        },
        {
            "roles/a/tasks/main.yml": """
                - unarchive: {src: "http://downloads.example.org/a-1.2.tgz", dest: /opt, remote_src: true}
                """,
        },
        {"roles/a/tasks/main.yml": "- apt: {deb: 'https://x.example/releases/tool_latest_amd64.deb'}\n"},
        {"roles/a/tasks/main.yml": "- dnf: {name: ['https://x.example/latest/a.rpm', b], state: present}\n"},
        {"roles/a/tasks/main.yml": "- pip: {name: 'git+https://git.example/a/b'}\n"},
        {"roles/a/tasks/main.yml": "- uri: {url: 'https://x.example/latest/a', dest: /opt/a}\n"},
        {"roles/a/tasks/main.yml": "- get_url: {url: 'https://x.example/main/{{ arch }}/tool', dest: /opt/tool}\n"},
    ),
    also_good=(
        {"roles/a/tasks/main.yml": "- get_url: {url: 'https://x.example/v1/tool', dest: /opt/tool}\n"},
        {"roles/a/tasks/main.yml": "- get_url: {url: 'https://x.example/latest/t', dest: /o, checksum: 'sha256:ab'}\n"},
        {"roles/a/tasks/main.yml": "- get_url: {url: 'http://127.0.0.1/a', dest: /opt/a}\n"},
        {"roles/a/tasks/main.yml": "- get_url: {url: 'http://nas/a', dest: /opt/a}\n"},
        {"roles/a/tasks/main.yml": "- get_url: {url: '{{ tool_url }}', dest: /opt/a}\n"},
        {"roles/a/tasks/main.yml": "- unarchive: {src: latest.tgz, dest: /opt}\n", "roles/a/files/latest.tgz": "x\n"},
        {"roles/a/tasks/main.yml": "- get_url: {url: 'https://download.example/linux/debian/gpg', dest: /etc/k}\n"},
        {"roles/a/tasks/main.yml": "- uri: {url: 'http://x.example/latest'}\n"},
        {"roles/a/tasks/main.yml": "- pip: {name: ['git+https://git.example/a/b@v1.2', requests]}\n- dnf: {name: a}\n"},
        {"roles/a/tasks/main.yml": "- get_url: {url: 'https://x.example/mainline/latest-news/1.2/a', dest: /opt/a}\n"},
    ),
)


_ARGUMENTS = {
    "get_url": "url", "unarchive": "src", "apt": "deb", "dnf": "name", "yum": "name", "package": "name", "uri": "url",
    "pip": "name",
}  # fmt: skip
_REPOSITORIES = ("git+https://", "git+http://", "git+ssh://", "git+git://")


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        name = _ARGUMENTS.get(task.module)
        arguments = task.arguments() if name else {}
        if name and arguments.get("checksum") in _NO and (task.module != "uri" or arguments.get("dest")):
            for url in listed(arguments.get(name)):
                if isinstance(url, str):
                    yield from _of(task, name, url)


def _of(task: Task, name: str, url: str) -> Iterator[Finding]:
    place = task.at_argument(name)
    if task.module == "pip":
        if url.startswith(_REPOSITORIES) and "@" not in url.rpartition("/")[2]:
            message = f"{url} is another commit at each run"
            yield Finding(CODE, place, message, "write a tag or a commit behind it: `@v1.2.0`", Severity.WARNING)
        return
    if url.startswith(("http://", "https://")) and moves(url):
        message = f"{url} is another file tomorrow, and no checksum says which one is meant"
        yield Finding(CODE, place, message, "download a version, and give its checksum", Severity.WARNING)
    elif url.startswith("http://") and not OWN.match(url):
        message = f"{url} is not encrypted, and no checksum says which file is meant"
        yield Finding(CODE, place, message, "write https://, or give its checksum", Severity.WARNING)


RULE = Rule(CODE, "unpinned-download", Stage.SECURITY, Principle.D2, PAGE, check, Severity.WARNING)
