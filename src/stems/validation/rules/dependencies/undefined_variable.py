"""A variable that nothing defines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.given_names import misspelt
from stems.tools.ansible.repository.names import Names, Use, has_vault, hides_variables, names_of
from stems.tools.ansible.repository.spelling import nearly
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM439"

_SECRET = re.compile(r"vault|secret|passw|token|key|private", re.IGNORECASE)
_SHORTEST = 5
_MOST_USES = 2
_MOST = 300
"""Names that are looked for in every other file of the repository."""

PAGE = Page(
    checks="""Names in templates, tasks and conditions that no inventory, variables file, default, play, task, loop or
`register` of the tree defines, that nothing checks with `is defined` and that have no `default()`. A warning where
the name is one letter from a defined one, or from a fact; otherwise a note, and only where nothing else can define
it: no vault but one for `vault_NAME`, no role from elsewhere with such a name, no program, no file of variables that
Git ignores, no word of it in a script or page.""",
    why="""Ansible stops at the task that needs it, on the first node; in a template only when the line is reached. A
renamed variable lives on in the one template that nobody renders often.""",
    instead="Correct the name, or give it a value in `defaults/main.yml` or `group_vars/`.",
    bad={
        "hosts.ini": "[web]\ngate ansible_host=192.0.2.7\n",
        "group_vars/web.yml": "nginx_port: 8080\n",
        "playbook.yml": """
            - hosts: web
              tasks:
                - ansible.builtin.debug: {msg: "Listening on {{ ngnix_port }}"}
            """,
    },
    good={
        "hosts.ini": "[web]\ngate ansible_host=192.0.2.7\n",
        "group_vars/web.yml": "nginx_port: 8080\n",
        "playbook.yml": """
            - hosts: web
              tasks:
                - ansible.builtin.debug: {msg: "Listening on {{ nginx_port }}"}
            """,
    },
    also_bad=(
        {
            "hosts": "[web]\na\n",
            "group_vars/all/main.yml": "web_password: '{{ vault_web_password }}'\n",
            "group_vars/all/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n61\n",
            "site.yml": "- hosts: web\n  tasks:\n    - debug: {msg: '{{ site_title }} {{ web_pasword }}'}\n",
        },
        # A role of galaxy defines what begins like its name, and nothing else; facts may be misspelt too.
        {
            "hosts": "[web]\na\n",
            "requirements.yml": "roles:\n  - {name: geerlingguy.docker, version: 7.4.1}\n",
            "site.yml": "- hosts: web\n  roles: [geerlingguy.docker]\n"
            "  tasks:\n    - debug: {msg: '{{ ansible_os_famly }} {{ site_title }} {{ docker_users }}'}\n",
        },
        {"site.yml": "- hosts: all\n  tasks:\n    - debug: {msg: '{{ itme }}'}\n      loop: [1]\n"},
        {
            "roles/web/defaults/main.yml": "web_listen_port: 80\n",
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
            "roles/web/templates/a.j2": "# made by Ansible\nlisten {{ web_listen_prot }};\n",
        },
        {
            "roles/web/tasks/main.yml": """
                - command: uptime
                  register: result
                - debug: {msg: late}
                  when: resutl.rc != 0
                """,
        },
        {
            "hosts": "[web]\na web_domain=a.example\n",
            "site.yml": "- hosts: web\n  vars: {full: 'www.{{ web_domian }}'}\n"
            "  tasks:\n    - debug: {msg: '{{ full }}'}\n",
        },
        {
            "roles/web/vars/main.yml": "web_user: www\n",
            "roles/web/tasks/main.yml": "- file: {path: /srv, owner: '{{ web_usre }}', state: directory}\n",
            "group_vars/all/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n61\n",
        },
    ),
    also_good=(
        {
            "hosts": "[web]\na\n",
            "group_vars/all/main.yml": "web_password: '{{ vault_web_password }}'\n",
            "group_vars/all/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n61\n",
            "site.yml": "- hosts: web\n  tasks:\n    - debug: {msg: '{{ db_password }} {{ vault_x }}'}\n",
        },
        {
            "site.yml": "- hosts: all\n  vars: {name: a}\n  tasks:\n    - include_vars: {file: a.yml, name: named}\n"
            "    - debug: {msg: '{{ named.a }}'}\n",
            "a.yml": "a: 1\n",
        },
        {
            "roles/web/defaults/main.yml": "web_port: 80\nweb_ports: [80]\n",
            "roles/web/tasks/main.yml": """
                - debug: {msg: "{{ item.x }} {{ web_prot | default(web_port) }} {{ ansible_hostname }}"}
                  loop: "{{ web_ports }}"
                - debug: {msg: "{{ web_part }}"}
                  when: web_part is defined
                - debug: {msg: "{{ one }} {{ index }}"}
                  loop: [1]
                  loop_control: {loop_var: one, index_var: index}
                - set_fact: {web_port2: 1}
                - set_fact: web_portx=1
                - debug: {msg: "{{ web_port2 }} {{ web_portx }} {{ groups['web'] }}"}
                - debug: {msg: "{{ hostvars[inventory_hostname] }}"}
                - include_role: {name: db}
                  vars: {db_name: x}
                """,
            "roles/web/templates/a.j2": "{% set web_pord = 1 %}\n"
            "{% for web_pork in web_ports %}{{ web_pork }}{% endfor %}\n"
            "{% macro web_porx(web_pory) %}{{ web_pory }}{% endmacro %}{{ web_porx(web_pord) }}\n",
            "roles/db/tasks/main.yml": "- debug: {msg: '{{ db_name }}'}\n",
        },
        {
            "site.yml": "- hosts: all\n  vars_prompt:\n    - {name: app_version, prompt: Which}\n  tasks:\n"
            "    - debug: {msg: '{{ app_version }} {{ deploy_branch }}'}\n",
            "Makefile": "deploy:\n\tansible-playbook site.yml -e deploy_branch=main\n",
        },
        {
            "roles/web/meta/argument_specs.yml": "argument_specs:\n  main:\n    options: {web_root: {type: str}}\n",
            "roles/web/tasks/main.yml": "- debug: {msg: '{{ web_root }}'}\n",
        },
        {
            "hosts": "[web]\na\n",
            "site.yml": "- hosts: web\n  roles: [geerlingguy.nginx]\n"
            "  tasks:\n    - debug: {msg: '{{ nginx_user }}'}\n",
            "group_vars/web.yml": "nginx_users: 1\n",
        },
        {
            "hosts": "[web]\na\n",
            "site.yml": "- hosts: web\n  tasks:\n    - set_fact: {'{{ item }}_version': 1}\n      loop: [web]\n"
            "    - debug: {msg: '{{ web_version }}'}\n",
            "skeleton/{{cookiecutter.name}}/README.j2": "{{ cookiecutter.name }}\n",
        },
        {"ansible/site.yml": "- hosts: all\n  tasks:\n    - debug: {msg: '{{ node_name }} {{ timezone }}'}\n"},
        {
            "hosts": "[web]\na\n",
            "site.yml": "- hosts: web\n  tasks:\n    - debug: {msg: '{{ db_passwd }}'}\n",
            "group_vars/web/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n61\n",
        },
        {
            "roles/web/tasks/main.yml": "- debug: {msg: \"{{ lookup('env', 'HOME') }} {{ vars['x'] }} {{ omit }}\"}\n",
            "roles/web/files/a.json": '{"x": "{{ nope }}"}\n',
        },
        {
            "site.yml": "- hosts: all\n  vars_files: ['vars/{{ env_name }}.yml']\n"
            "  tasks:\n    - debug: {msg: '{{ a_name }}'}\n",
            "vars/lab.yml": "a_name: 1\n",
        },
        {
            "hosts": "[web]\na\n",
            "site.yml": "- hosts: web\n  tasks:\n    - debug: {msg: '{{ vault_domain }}'}\n",
            ".gitignore": "*.retry\ngroup_vars/all/vault.yml\n",
        },
        {
            "hosts": "[web]\na\n",
            "group_vars/web.yml": "vault_domains: [a.example]\n",
            "site.yml": "- hosts: web\n  tasks:\n    - debug: {msg: '{{ vault_domain1 }} {{ site_title }}'}\n",
            ".gitignore": "secrets.yml\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    given = {name for _, job in subject.jobs for values in job.variables.values() for name in values}
    for tree in subject.once(ansible_trees_of):
        names = names_of(tree)
        unknown = {name: uses for name, uses in names.unknown().items() if name not in given}
        unknown = dict(islice(unknown.items(), _MOST))
        said = _said(subject, unknown)
        for name, uses in unknown.items():
            if name not in said:
                yield from _of(tree, names, name, uses)


def _of(tree: AnsibleTree, names: Names, name: str, uses: list[Use]) -> Iterator[Finding]:
    meant = misspelt(name) or (nearly(name, names.defined) if len(name) >= _SHORTEST else "")
    place = uses[0].place
    # Secrets are what people keep in files that Git ignores, or that are encrypted.
    is_secret = _SECRET.search(name) is not None
    is_hidden = is_secret and hides_variables(tree)
    is_other = is_hidden or _is_sibling(name, meant) or _is_of_others(tree, name)
    if meant and len(uses) <= _MOST_USES and not is_other:
        message = f"nothing defines `{name}`; did you mean `{meant}`?"
        yield Finding(CODE, place, message, f"write `{meant}`", Severity.WARNING)
    elif names.is_closed and not meant and not is_other and not (is_secret and has_vault(tree)):
        message = f"nothing in the repository defines `{name}`"
        remedy = "give it a value in defaults/main.yml or group_vars/, or a `default()`"
        yield Finding(CODE, place, message, remedy, Severity.NOTE)


def _is_sibling(one: str, other: str) -> bool:
    """Whether two names differ on purpose: one and many, or numbers."""
    return re.sub(r"\d|s\b|s_", "", one) == re.sub(r"\d|s\b|s_", "", other)


def _is_of_others(tree: AnsibleTree, name: str) -> bool:
    """Whether a role that is not here may define it: its variables begin like its name."""
    words = {word for use in tree.foreign_uses for word in re.split(r"[._-]", use.short)}
    return any(use.is_dynamic for use in tree.foreign_uses) or name.startswith(tuple(words - {""}))


def _said(subject: Subject, names: dict[str, list[Use]]) -> set[str]:
    """Those that a script, a page or a pipeline names: somebody gives them on the command line."""
    if not names:
        return set()
    left, found = set(names), set[str]()
    own = {use.place.path for uses in names.values() for use in uses}
    for file in subject.files:
        if file.path not in own and not file.path.endswith((".j2", ".jinja2")):
            text = file.text
            # In YAML a role or a group may have the same name; `-e name=value` stands there in comments.
            after = r"\s*[=:]" if file.path.endswith((".yml", ".yaml")) else r"\b"
            found |= {name for name in left - found if name in text and re.search(rf"\b{re.escape(name)}{after}", text)}
    return found


RULE = Rule(
    CODE, "undefined-variable", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING, needs_every_file=True
)
