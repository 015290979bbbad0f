"""A template that Jinja cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.cluster import UserDomain
from stems.model.finding import Finding, Place
from stems.model.principle import Principle
from stems.tools.ansible.repository.content import is_below, joined
from stems.tools.ansible.repository.jinja import parse_template
from stems.tools.ansible.repository.names import parsed_in, templates, written
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM421"

PAGE = Page(
    checks="""Templates of Ansible (`*.j2`), and the templates and conditions in playbooks, tasks and variables: Jinja's
own parser reads them. Filters and tests are not looked for, and `#jinja2:` gives a file other delimiters.""",
    why="""The task stops on the first node that meets it, after everything before it was carried out. `{{.Names}}` for
Docker and `${#list}` in a shell script are the usual ones: Jinja takes them for its own.""",
    instead="Close what is open; put text that is not for Jinja between `{% raw %}` and `{% endraw %}`.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.template: {src: motd.j2, dest: /etc/motd, mode: "0644"}
            """,
        "templates/motd.j2": """
            Welcome to {{ inventory_hostname }}
            {% if ansible_check_mode %}
            This is a dry run.
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.template: {src: motd.j2, dest: /etc/motd, mode: "0644"}
            """,
        "templates/motd.j2": """
            Welcome to {{ inventory_hostname }}
            {% if ansible_check_mode %}
            This is a dry run.
            {% endif %}
            """,
    },
    also_bad=(
        {"site.yml": "- hosts: all\n  tasks:\n    - shell: docker ps --format '{{.Names}}'\n"},
        {"site.yml": "- hosts: all\n  tasks:\n    - debug:\n        msg: '{{ inventory_hostname }'\n"},
        {"site.yml": "- hosts: all\n  tasks:\n    - debug: {msg: a}\n      when: ansible_os_family = 'Debian'\n"},
        {
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
            "roles/web/templates/a.j2": "{% for x in xs %}\n{{ x }}\n{% endif %}\n",
        },
        {
            "roles/web/tasks/main.yml": "- debug: {msg: a}\n",
            "roles/web/defaults/main.yml": "web_root: '{{ base | default(\"/srv\" }}/web'\n",
        },
        {
            "roles/sh/tasks/main.yml": "- template: {src: a.sh.j2, dest: /usr/local/bin/a}\n",
            "roles/sh/templates/a.sh.j2": 'list=(a b)\necho "${#list[@]}"\n',
        },
        {"site.yml": "- hosts: all\n  tasks: []\n", "group_vars/all.yml": "domain: '{{ name }.example'\n"},
        {
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
            "roles/web/templates/a.j2": "#jinja2: variable_start_string: '[%', variable_end_string: '%]'\n[% name\n",
        },
    ),
    also_good=(
        {"site.yml": "- hosts: all\n  tasks:\n    - shell: docker ps --format '{% raw %}{{.Names}}{% endraw %}'\n"},
        {"site.yml": "- hosts: all\n  tasks:\n    - shell: !unsafe docker ps --format '{{.Names}}'\n"},
        {"site.yml": "- hosts: all\n  tasks:\n    - shell: echo '{{ \"{{\" }}.Names}}'\n"},
        {
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
            "roles/web/templates/a.j2": "{{ xs | map('extract', hostvars) | ansible.utils.ipaddr | to_nice_yaml }}\n"
            "{{ x is ansible.builtin.version('1', '>') }}\n"
            "{% do xs.append(1) %}{% for x in xs %}{% continue %}{% endfor %}\n",
        },
        {
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
            "roles/web/templates/a.j2": "#jinja2: variable_start_string: '[%', variable_end_string: '%]'\n"
            "{{ .Names }} [% name %]\n",
        },
        {
            "roles/web/tasks/main.yml": """
                - template: {src: a.j2, dest: /etc/a, variable_start_string: "[%", variable_end_string: "%]"}
                """,
            "roles/web/templates/a.j2": "{{ .Names }} [% name %]\n",
        },
        {
            "roles/web/tasks/main.yml": "- debug: {msg: a}\n  when: not (a | bool) and b in ['x', 'y']\n",
            "roles/web/files/dashboard.yml": "legend: '{{.instance}}'\n",
        },
        {"site.yml": "- hosts: all\n  tasks: []\n", "services/web/compose.yml": "x-a: '{{.x}}'\nservices: {}\n"},
        {"site.yml": "- hosts: all\n  tasks: []\n", "archive/templates/old.j2": "{% if x %}\n"},
        {
            "ansible.cfg": "[defaults]\njinja2_extensions = jinja2.ext.i18n\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
            "templates/a.j2": "{% trans %}x{% endtrans %}\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    # Those of the tool `files` are rendered, which finds more.
    user = tuple(joined("", job.settings.source) for _, job in subject.jobs if isinstance(job.settings, UserDomain))
    for tree in subject.once(ansible_trees_of):
        for document in written(tree):
            for at, parsed in parsed_in(document):
                if parsed.problem and not _is_extended(tree, parsed.problem):
                    yield _finding(document.place(*at), parsed.problem)
        own = {
            str(each) for task in tree.tasks if task.module == "template" for each in _with_delimiters(task.arguments())
        }
        for path in templates(tree):
            if path.rpartition("/")[2] in own or any(is_below(path, source) for source in user):
                continue
            parsed = parse_template(tree.content.text(path))
            if parsed.problem and not _is_extended(tree, parsed.problem):
                yield _finding(Place(path, max(parsed.line, 1)), parsed.problem)


def _finding(place: Place, problem: str) -> Finding:
    remedy = "correct it, or put what is not for Jinja between {% raw %} and {% endraw %}"
    return Finding(CODE, place, f"Jinja cannot read this: {problem}", remedy)


def _is_extended(tree: AnsibleTree, problem: str) -> bool:
    """Whether it is a tag that an extension may bring."""
    return problem.startswith("Encountered unknown tag") and bool(tree.configuration.says("jinja2_extensions"))


def _with_delimiters(arguments: dict[str, object]) -> Iterator[str]:
    """The template that a task gives other delimiters."""
    if any(str(name).endswith(("_start_string", "_end_string")) for name in arguments):
        yield str(arguments.get("src", "")).rpartition("/")[2]


RULE = Rule(CODE, "broken-jinja", Stage.SYNTAX, Principle.P2, PAGE, check)
