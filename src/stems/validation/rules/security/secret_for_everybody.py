"""A secret that a task writes so that every account of the node can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.content import joined
from stems.tools.ansible.repository.search import places
from stems.tools.ansible.repository.tasks import Task
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM452"

PAGE = Page(
    checks="""`copy` and `template` tasks, and `lineinfile`, `blockinfile` and `file`, that write a secret with a
`mode` that lets everybody read it: private keys, configuration of WireGuard, `.netrc`, files of credentials, and what
is filled in with a variable that is called like a password, a token or a secret. For private keys and WireGuard also
where no `mode` is written. What lies in the home of root is not meant, but for keys in its `.ssh`.""",
    why="""Every account and every service on the node reads it, also the one container that mounts `/etc`. `ssh` and
`wg-quick` complain or refuse, and only where the key is used.""",
    instead='Write `mode: "0600"` and the `owner` that needs it.',
    bad={
        "playbook.yml": """
            - hosts: all
              become: true
              tasks:
                - ansible.builtin.template:
                    src: wg0.conf.j2
                    dest: /etc/wireguard/wg0.conf
                    mode: "0644"
            """,
        "templates/wg0.conf.j2": "PrivateKey = {{ wireguard_private_key }}\n",
    },
    good={
        "playbook.yml": """
            - hosts: all
              become: true
              tasks:
                - ansible.builtin.template:
                    src: wg0.conf.j2
                    dest: /etc/wireguard/wg0.conf
                    mode: "0600"
            """,
        "templates/wg0.conf.j2": "PrivateKey = {{ wireguard_private_key }}\n",
    },
    also_bad=(
        {
            "roles/a/tasks/main.yml": "- copy: {content: '{{ vault_key }}', dest: /home/me/.ssh/id_ed25519}\n",
        },
        {
            "roles/a/tasks/main.yml": """
                - copy:
                    dest: /opt/web/config.yml
                    content: "password: {{ vault_db_password }}"
                    mode: u=rw,g=r,o=r
                """,
        },
        {
            "roles/a/tasks/main.yml": "- template: {src: env.j2, dest: /opt/web/.env, mode: '0644'}\n",
            "roles/a/templates/env.j2": "DB_PASSWORD={{ db_password }}\n",
        },
        {"roles/a/tasks/main.yml": "- copy: {src: key, dest: /root/.ssh/id_ed25519, mode: '0644'}\n"},
        {"roles/a/tasks/main.yml": "- file: {path: /etc/wireguard/private.key, mode: '0644'}\n"},
        {"roles/a/tasks/main.yml": "- lineinfile: {path: /srv/.env, line: 'P={{ db_password }}', mode: '0644'}\n"},
        {
            "roles/a/tasks/main.yml": "- template: src=smb.j2 dest=/etc/samba/.smbcredentials mode=644\n",
            "roles/a/templates/smb.j2": "password={{ nas_password }}\n",
        },
    ),
    also_good=(
        {"roles/a/tasks/main.yml": "- copy: {src: a.pub, dest: /home/me/.ssh/id_ed25519.pub, mode: '0644'}\n"},
        {
            "roles/a/tasks/main.yml": "- template: {src: env.j2, dest: /opt/web/.env, mode: '0644'}\n",
            "roles/a/templates/env.j2": "TZ={{ timezone }}\n",
        },
        {
            "roles/a/tasks/main.yml": "- template: {src: env.j2, dest: /opt/web/.env}\n",
            "roles/a/templates/env.j2": "DB_PASSWORD={{ db_password }}\n",
        },
        {"roles/a/tasks/main.yml": "- copy: {src: a.key, dest: /root/a.key, mode: '0644'}\n"},
        {"roles/a/tasks/main.yml": "- file: {path: /etc/wireguard, state: directory, mode: '0755'}\n"},
        {"roles/a/tasks/main.yml": "- lineinfile: {path: /etc/hosts, line: '192.0.2.1 gate', mode: '0644'}\n"},
        {"roles/a/tasks/main.yml": "- copy: {src: a.asc, dest: /etc/apt/keyrings/docker.asc, mode: '0644'}\n"},
        {"roles/a/tasks/main.yml": "- copy: {content: '{{ vault_key }}', dest: /etc/a.key, mode: '{{ key_mode }}'}\n"},
        {
            "roles/a/tasks/main.yml": "- template: {src: pam.j2, dest: /etc/pam.d/common-password, mode: '0644'}\n",
            "roles/a/templates/pam.j2": "password required pam_unix.so minlen={{ password_min_length }}\n",
        },
        {
            "roles/a/tasks/main.yml": "- template: {src: web.j2, dest: /etc/web.conf, mode: '0640'}\n",
            "roles/a/templates/web.j2": "token={{ web_token }}\n",
        },
    ),
)

_KEY = re.compile(
    r".*/\.ssh/id_[\w-]+|/etc/wireguard/[^/]+\.(?:conf|key)|.*/(?:privkey|private|[\w.-]*private[_-]key)\.(?:pem|key)"
)
_HOLDS = re.compile(
    r".*/(?:\.netrc|\.pgpass|\.my\.cnf|\.?smbcredentials|[\w.-]*credentials|\.vault[_-]pass\w*|[\w.-]+\.key)"
)
_FILLED = re.compile(
    r"\{\{[^{}]*?\b\w*(?:password|passwd|passphrase|secret|token|api_?key|private_?key|preshared_?key)\b[^{}]*\}\}",
    re.IGNORECASE,
)
_WRITES = frozenset({"copy", "template", "file", "lineinfile", "blockinfile"})
_OCTAL = re.compile(r"0?[0-7]{3}|[0-7]{4}")
_SYMBOLS = re.compile(r"(?:^|,)(?:[ug]*[oa][ugoa]*|)[+=][wxXst]*r")
_LONGEST, _LONGEST_PATH = 64, 1000
_HASHED = ("hash", "crypt", "public", "digest")


def check(subject: Subject) -> Iterator[Finding]:
    for tree, task in tasks_of(subject):
        arguments = task.arguments() if task.module in _WRITES else {}
        target, mode = arguments.get("dest", arguments.get("path")), arguments.get("mode")
        if (
            not isinstance(target, str)
            or len(target) > _LONGEST_PATH
            or (target.startswith("/root/") and not target.startswith("/root/.ssh/"))
            or arguments.get("remote_src")
        ):
            continue
        is_key = _KEY.fullmatch(target) is not None
        if mode is None and is_key and task.module in ("copy", "template"):
            message = f"{target} gets no mode, so that every account of the node may read it"
            yield _found(task, "dest", message)
        elif isinstance(mode, str) and _lets_read(mode) and (is_key or _is_secret(tree, task, target, arguments)):
            yield _found(task, "mode", f"the mode {mode} lets every account of the node read {target}")


def _found(task: Task, argument: str, message: str) -> Finding:
    return Finding(CODE, task.at_argument(argument), message, 'write `mode: "0600"`', Severity.WARNING)


def _lets_read(mode: str) -> bool:
    if _OCTAL.fullmatch(mode):
        return bool(int(mode[-1]) & 4)
    return len(mode) <= _LONGEST and _SYMBOLS.search(mode) is not None


def _is_secret(tree: AnsibleTree, task: Task, target: str, arguments: dict[str, object]) -> bool:
    content = next((arguments[name] for name in ("content", "line", "block") if arguments.get(name)), None)
    text = content if isinstance(content, str) else _template(tree, task, arguments.get("src"))
    is_filled = any(not any(word in found[0].lower() for word in _HASHED) for found in _FILLED.finditer(text))
    return is_filled or (_HOLDS.fullmatch(target) is not None and not text)


def _template(tree: AnsibleTree, task: Task, name: object) -> str:
    if task.module != "template" or not isinstance(name, str) or "{{" in name:
        return ""
    paths = (joined(folder, name) for folder in places(tree, task, "templates"))
    return next((tree.content.text(path) for path in paths if path in tree.content), "")


RULE = Rule(CODE, "secret-for-everybody", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
