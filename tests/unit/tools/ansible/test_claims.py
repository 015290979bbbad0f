"""What tasks would own on a node follows from the text, or is said to be unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.model.claim import Certainty
from stems.tools.ansible import tool as ansible
from tests.unit.tools.ansible.build import NODES, job

WORDS = {Certainty.CERTAIN: "", Certainty.POSSIBLE: "perhaps ", Certainty.UNKNOWN: "unknown "}


def claimed(root: Path, files: dict[str, str], node: str = "crtr", *, inventory: str = "") -> list[str]:
    found = ansible.claims(job(root, files, inventory=inventory), NODES[node])
    return [f"{WORDS[each.certainty]}{each.extent.value} {each.resource}".replace("file:", "") for each in found]


def of_tasks(root: Path, tasks: str, head: str = "", node: str = "crtr", **files: str) -> str:
    """What a play on every node claims; `head` is what it says besides tasks."""
    lines = "".join(f"    {line}\n" for line in tasks.splitlines())
    text = f"- hosts: all\n{head}  tasks:\n{lines}"
    return ", ".join(claimed(root, {"site.yml": text, **files}, node))


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("copy: {content: x, dest: /etc/motd}", "whole /etc/motd"),
        ("ansible.builtin.copy: {src: motd, dest: /etc/motd}", "whole /etc/motd"),
        ("copy: {src: motd, dest: /etc/}", "whole /etc/motd"),
        ("copy: {src: x, dest: /etc/motd}", "either /etc/motd, perhaps whole /etc/motd/x"),
        ("copy: {src: '{{ what }}', dest: /etc/motd}", "either /etc/motd"),
        ("copy: {src: '{{ what }}', dest: /etc/}", "unknown whole /etc/"),
        ("copy: {src: tree/, dest: /opt/x}", "whole /opt/x/a, whole /opt/x/b/c"),
        ("copy: {src: tree, dest: /opt/x/}", "whole /opt/x/tree/a, whole /opt/x/tree/b/c"),
        ("copy: {src: /etc/a, dest: /etc/b/, remote_src: yes}", "whole /etc/b/a"),
        ("copy: src=a dest=/etc/a", "whole /etc/a"),
        ("action: copy src=a dest=/etc/a", "whole /etc/a"),
        ("action: {module: copy, src: a, dest: /etc/a}", "whole /etc/a"),
        ("copy: {content: x}\nargs: {dest: /etc/a}", "whole /etc/a"),
        ("copy: '{{ all }}'", "unknown whole "),
        ("template: {src: motd.j2, dest: /etc/motd}", "whole /etc/motd"),
        ("file: {path: /opt/x, state: directory}", "directory /opt/x"),
        ("file: {path: /opt/x, mode: '0600'}", "directory /opt/x"),
        ("file: {path: /opt/x, state: directory, recurse: true}", "filled /opt/x"),
        ("file: {dest: /opt/x, src: /y, state: link}", "link /opt/x"),
        ("file: {name: /opt/x, state: absent}", "gone /opt/x"),
        ("file: {path: /opt/x, state: touch}", "whole /opt/x"),
        ("file: {path: /opt/x, state: '{{ nobody | default(omit) }}'}", "directory /opt/x"),
        ("lineinfile: {path: /etc/hosts, line: x}", "part /etc/hosts"),
        ("lineinfile: {destfile: /etc/hosts, line: x}", "part /etc/hosts"),
        ("blockinfile: {dest: /etc/hosts, block: x}", "part /etc/hosts"),
        ("replace: {path: /etc/hosts, regexp: x}", "part /etc/hosts"),
        ("community.general.ini_file: {path: /etc/x.ini, section: a}", "part /etc/x.ini"),
        ("unarchive: {src: a.tgz, dest: /opt}", "filled /opt"),
        ("git: {repo: 'https://x.example/y', dest: /opt/y, name: z}", "filled /opt/y"),
        ("get_url: {url: 'https://x.example/tool', dest: /usr/bin/tool}", "whole /usr/bin/tool"),
        ("get_url: {url: 'https://x.example/a?b', dest: /opt/}", "perhaps whole /opt/a"),
        ("assemble: {src: parts, dest: /etc/x}", "whole /etc/x"),
        ("ansible.posix.synchronize: {src: far/, dest: /opt/x}", "filled /opt/x"),
        ("synchronize: {src: tree/, dest: /opt/x}", "whole /opt/x/a, whole /opt/x/b/c"),
        ("synchronize: {src: tree/, dest: /opt/x, delete: true}", "tree /opt/x"),
        ("synchronize: {src: tree, dest: /opt/x, delete: yes, rsync_opts: [a]}", "perhaps tree /opt/x/tree"),
        ("synchronize: {src: /var/x, dest: here, mode: pull}", ""),
        ("ansible.posix.authorized_key: {user: guest, key: x}", "part ~guest/.ssh/authorized_keys"),
        ("authorized_key: {user: root, key: x, exclusive: true}", "whole ~root/.ssh/authorized_keys"),
        ("cron: {name: x, cron_file: backup, user: root}", "part /etc/cron.d/backup"),
        ("cron: {name: x}", ""),
        ("apt_repository: {repo: deb x, filename: docker}", "part /etc/apt/sources.list.d/docker.list"),
        ("systemd: {name: caddy, state: started}", "whole unit:caddy.service"),
        ("systemd_service: {unit: a.timer, enabled: true}", "whole unit:a.timer"),
        ("service: {name: caddy, state: restarted}", ""),
        ("service: {name: caddy, state: restarted, enabled: yes}", "whole unit:caddy.service"),
        ("systemd: {daemon_reload: true}", ""),
        ("systemd: {name: caddy, state: started, scope: user}", ""),
        ("community.docker.docker_container: {name: web, published_ports: ['80:80']}",
         "whole container:web, whole port:*:80/tcp"),
        ("docker_container: {name: web, state: absent, published_ports: ['80:80']}", "whole container:web"),
        ("community.docker.docker_compose_v2: {project_src: /opt/web, project_name: www}", "whole project:www"),
        ("docker_compose_v2: {project_src: /opt/web/}", "perhaps whole project:web"),
        ("copy: {content: x, dest: relative}", "unknown whole relative"),
        ("copy: {content: x, dest: /etc/../x}", "unknown whole /etc/../x"),
        ("copy: {content: x, dest: $HOME/x}", "unknown whole $HOME/x"),
        ("command: rm -rf /etc/x", ""),
    ],
)  # fmt: skip
def test_modules(tmp_path: Path, task: str, expected: str) -> None:
    lines = task.split("\n")
    tasks = f"- {lines[0]}\n" + "".join(f"  {line}\n" for line in lines[1:])
    files = {"files/tree/a": "", "files/tree/b/c": "", "files/motd": "", "files/a": ""}

    assert of_tasks(tmp_path, tasks, **files) == expected


COPY = "- copy: {content: x, dest: '%s'}\n"


@pytest.mark.parametrize(
    ("head", "keys", "home"),
    [
        ("", "", "~owner"),
        ("  become: true\n", "", "~root"),
        ("  become: true\n", "  become: false\n", "~owner"),
        ("  become: true\n  become_user: guest\n", "", "~guest"),
        ("  become: true\n", "  become_user: guest\n", "~guest"),
        ("  vars: {who: guest}\n", "  become: yes\n  become_user: '{{ who }}'\n", "~guest"),
        ("  vars: {ansible_become: true}\n", "", "~root"),
        ("", "  become: '{{ maybe }}'\n", ""),
    ],
)
def test_whose_home_it_is(tmp_path: Path, head: str, keys: str, home: str) -> None:
    assert of_tasks(tmp_path, COPY % "~/x" + keys, head) == (f"whole {home}/x" if home else "unknown whole ~/x")


def test_a_configuration_may_say_who_runs_it(tmp_path: Path) -> None:
    cfg = {"ansible.cfg": "[privilege_escalation]\nbecome = True\n"}

    assert of_tasks(tmp_path, COPY % "~/x", **cfg) == "unknown whole ~/x"


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("{{ ansible_env.HOME }}/x", "", "whole ~owner/x"),
        ("{{ ansible_env.HOME }}/x", "  become: true\n", "whole ~root/x"),
        ("{{ ansible_facts['user_dir'] }}/x", "", "whole ~owner/x"),
        ("/home/{{ ansible_user }}/x", "", "whole /home/owner/x"),
        ("/etc/{{ ansible_distribution }}", "", "unknown whole /etc/{{ ansible_distribution }}"),
        ("/etc/{{ ansible_facts.distribution | default('x') }}", "", "unknown whole "),
        ("{{ folder }}/x", "", "whole /etc/crtr/x"),
        ("{{ folder }}/x", "  vars: {folder: /opt}\n", "whole /opt/x"),
        ("{{ app.folder }}/x", "  vars: {app: {folder: '{{ folder }}'}}\n", "whole /etc/crtr/x"),
        ("{{ app['folder'] | default('/a') }}/x", "  vars: {app: {}}\n", "whole /a/x"),
        ("{{ nobody | default('/a') }}/x", "", "whole /a/x"),
        ("{{ nobody }}/x", "", "unknown whole {{ nobody }}/x"),
        ("/{{ role_name | default('a') }}", "", "unknown whole "),
        ("/{{ folder | default(unknown_too) | basename }}", "", "whole /crtr"),
        ("/etc/{{ inventory_hostname }}", "", "whole /etc/crtr"),
        ("/etc/{{ folder | basename | upper }}", "", "whole /etc/CRTR"),
        ("/etc/{{ 'a' if node_name == 'crtr' else 'b' }}", "", "whole /etc/a"),
        ("/etc/{{ odd }}", "", "whole /etc/{{ not a template }}"),
        ("/etc/{{ folder | regex_replace('a', 'b') }}", "", "unknown whole "),
        ("/etc/{{ loops }}", "  vars: {loops: '{{ loops }}'}\n", "unknown whole /etc/{{ loops }}"),
        ("/etc/{% if x %}a{% endif %}", "", "unknown whole "),
        ("/etc/{{ lookup('env', 'HOME') }}", "", "unknown whole "),
    ],
)
def test_variables(tmp_path: Path, path: str, head: str, expected: str) -> None:
    found = of_tasks(tmp_path, f'- copy: {{content: x, dest: "{path}"}}\n', head)

    assert found.startswith(expected) if expected == "unknown whole " else found == expected


def test_layers_of_variables_are_ranked_as_ansible_does(tmp_path: Path) -> None:
    def with_files(**files: str) -> str:
        return of_tasks(tmp_path / str(len(list(tmp_path.iterdir()))), COPY % "/{{ where }}/x", **files)

    every = {"group_vars/all.yml": "where: all\n"}
    role = {"group_vars/gateway/main.yml": "where: role\n"}
    host = {"host_vars/crtr.yml": "where: host\n"}
    assert with_files(**every) == "whole /all/x"
    assert with_files(**every, **role) == "whole /role/x"
    assert with_files(**every, **role, **host) == "whole /host/x"
    # The variables of a node are over those of its groups.
    assert of_tasks(tmp_path / "c", COPY % "{{ folder }}/x", **{"group_vars/all.yml": "folder: /a\n"}) == (
        "whole /etc/crtr/x"
    )
    assert of_tasks(tmp_path / "d", COPY % "{{ folder }}/x", **{"host_vars/crtr.yml": "folder: /a\n"}) == "whole /a/x"


@pytest.mark.parametrize(
    "other",
    [
        "- command: x\n  register: folder\n",
        "- set_fact: {folder: /x}\n",
        "- set_fact: folder=/x\n",
    ],
)
def test_what_a_task_sets_is_unknown(tmp_path: Path, other: str) -> None:
    assert of_tasks(tmp_path, other + COPY % "{{ folder }}/x") == "unknown whole {{ folder }}/x"


@pytest.mark.parametrize(
    ("tasks", "files"),
    [
        ("- include_vars: x.yml\n", {}),
        ("", {"host_vars/crtr/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n3132\n"}),
    ],
)
def test_what_cannot_be_read_may_say_otherwise(tmp_path: Path, tasks: str, files: dict[str, str]) -> None:
    assert of_tasks(tmp_path, tasks + COPY % "{{ folder }}/x", **files) == "perhaps whole /etc/crtr/x"
    # A path without variables is as certain as before.
    assert of_tasks(tmp_path, tasks + COPY % "/etc/x", **files) == "whole /etc/x"


def test_files_of_variables_of_a_play(tmp_path: Path) -> None:
    task = COPY % "/{{ where }}/x"

    assert of_tasks(tmp_path, task, "  vars_files: [a.yml]\n", **{"a.yml": "where: file\n"}) == "whole /file/x"
    assert of_tasks(tmp_path, task, "  vars: {where: b}\n  vars_files: ['{{ x }}.yml']\n") == "perhaps whole /b/x"


@pytest.mark.parametrize(
    ("loop", "path", "expected"),
    [
        ("loop: [a, b]", "/etc/{{ item }}", "whole /etc/a, whole /etc/b"),
        ("loop: [{dest: /a}, {dest: '{{ folder }}/b'}]", "{{ item.dest }}", "whole /a, whole /etc/crtr/b"),
        ("with_items: [{path: /a}]", "{{ item['path'] }}", "whole /a"),
        ("with_items: [[a, b], c]", "/{{ item }}", "whole /a, whole /b, whole /c"),
        ("with_items: ['{{ names }}', c]", "/{{ item }}", "whole /p, whole /q, whole /c"),
        ("with_items: '{{ names }}'", "/{{ item }}", "whole /p, whole /q"),
        ("loop: '{{ names }}'", "/{{ item }}", "whole /p, whole /q"),
        ("loop: '{{ names + [\"r\"] }}'", "/{{ item }}", "whole /p, whole /q, whole /r"),
        ("loop: '{{ sites }}'", "{{ item.dest }}", "whole /s"),
        ("loop: '{{ apps | dict2items }}'", "/{{ item.key }}/{{ item.value }}", "whole /one/1"),
        ("with_dict: '{{ apps }}'", "/{{ item.key }}", "whole /one"),
        ("loop: [a]\n  loop_control: {loop_var: each, index_var: n}", "/{{ each }}{{ n }}", "whole /a0"),
        ("loop: []", "/etc/x", ""),
        ("loop: '{{ unknown }}'", "/{{ item }}", "unknown whole /{{ item }}"),
        ("loop: '{{ unknown }}'", "/etc/x", "perhaps whole /etc/x"),
        ("with_sequence: count=3", "/{{ item }}", "unknown whole /{{ item }}"),
        ("with_fileglob: ['conf/*.conf']", "/etc/{{ item | basename }}", "whole /etc/a.conf, whole /etc/b.conf"),
        ("with_fileglob: ['none/*']", "/etc/{{ item | basename }}", ""),
        ("loop: [a, b]\n  when: item == 'b'", "/{{ item }}", "whole /b"),
    ],
)
def test_loops(tmp_path: Path, loop: str, path: str, expected: str) -> None:
    head = "  vars: {names: [p, q], sites: [{dest: /s, x: '{{ nobody }}'}], apps: {one: 1}}\n"
    files = {"files/conf/a.conf": "", "files/conf/b.conf": "", "files/conf/c.txt": ""}

    assert of_tasks(tmp_path, f'- copy: {{content: x, dest: "{path}"}}\n  {loop}\n', head, **files) == expected


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("true", ""), ("false", None), ("yes", ""), ("no", None),
        ("node_name == 'crtr'", ""), ("node_name != 'crtr'", None),
        ("inventory_hostname in groups['gateway']", ""), ("'gpu' in group_names", None), ("nobody is defined", None),
        ("nobody is not defined", ""), ("node_name is defined", ""), ("ansible_os_family == 'Debian'", "perhaps "),
        ("ansible_os_family == 'Debian' and node_name == 'drtr'", None), ("not ready | default(false)", ""),
        ("node_name == 'crtr' or ansible_os_family == 'Debian'", ""), ("[node_name == 'crtr', 'a' == 'b']", None),
        ("nobody", "perhaps "), ("node_name is match('c')", "perhaps "), ("{{ node_name == 'crtr' }}", ""),
    ],
)  # fmt: skip
def test_conditions(tmp_path: Path, condition: str, word: str | None) -> None:
    written = condition if condition.startswith("[") else f'"{condition}"'
    expected = "" if word is None else f"{word}whole /etc/x"

    assert of_tasks(tmp_path, COPY % "/etc/x" + f"  when: {written}\n") == expected


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ("- meta: end_host\n  when: ansible_x\n- copy: {content: x, dest: /a}\n", "perhaps whole /a"),
        ("- meta: end_host\n  when: node_name == 'drtr'\n- copy: {content: x, dest: /a}\n", "whole /a"),
        ("- block:\n    - copy: {content: x, dest: /a}\n  when: ansible_x\n", "perhaps whole /a"),
        ("- block:\n    - copy: {content: x, dest: /a}\n  rescue:\n    - copy: {content: x, dest: /b}\n",
         "whole /a, perhaps whole /b"),
        ("- copy: {content: x, dest: /a}\n  tags: [never]\n", ""),
        ("- copy: {content: x, dest: /a}\n  check_mode: true\n", ""),
        ("- copy: {content: x, dest: /a}\n  delegate_to: other.example\n", ""),
        ("- copy: {content: x, dest: /a}\n  delegate_to: '{{ inventory_hostname }}'\n", "whole /a"),
        ("- import_tasks: more.yml\n  when: ansible_x\n", "perhaps whole /more-"),
        ("- include_tasks: more.yml\n  loop: [a, b]\n  loop_control: {loop_var: kind}\n",
         "whole /more-a, whole /more-b"),
        ("- include_tasks: more.yml\n  vars: {kind: a}\n- include_tasks: more.yml\n  vars: {kind: b}\n",
         "whole /more-a, whole /more-b"),
        ("- include_tasks: '{{ which }}.yml'\n", "perhaps whole /more-"),
        ("- include_role: {name: web}\n  vars: {kind: x}\n", "whole /x, whole /web"),
        ("- include_role: {name: web, tasks_from: extra}\n", "whole /extra"),
    ],
)  # fmt: skip
def test_what_is_around_a_task_holds_for_it(tmp_path: Path, tasks: str, expected: str) -> None:
    files = {
        "more.yml": "- copy: {content: x, dest: \"/more-{{ kind | default('') }}\"}\n",
        "roles/web/defaults/main.yml": "kind: default\n",
        "roles/web/tasks/main.yml": "- copy: {content: x, dest: '/{{ kind }}'}\n- copy: {content: x, dest: /web}\n",
        "roles/web/tasks/extra.yml": "- copy: {content: x, dest: /extra}\n",
        "more/x.txt": "",
    }
    if "which" in tasks:
        files = {"more.yml": files["more.yml"]}

    assert of_tasks(tmp_path, tasks, **files) == expected


def test_a_role_may_come_several_times_with_other_parameters(tmp_path: Path) -> None:
    files = {
        "site.yml": "- hosts: all\n  roles: [{role: app, name_of: a}, {role: app, vars: {name_of: b}}, app]\n",
        "roles/app/defaults/main.yml": "name_of: c\n",
        "roles/app/tasks/main.yml": "- copy: {content: x, dest: '/{{ name_of }}'}\n",
    }

    assert claimed(tmp_path, files) == ["whole /a", "whole /b", "whole /c"]


def test_a_file_of_a_role_that_nothing_includes_claims_nothing(tmp_path: Path) -> None:
    files = {
        "site.yml": "- hosts: all\n  roles: [app]\n",
        "roles/app/tasks/main.yml": "- include_tasks: b.yml\n  when: ansible_x\n",
        "roles/app/tasks/a.yml": "- copy: {content: x, dest: /a}\n",
        "roles/app/tasks/b.yml": "- copy: {content: x, dest: /b}\n",
        "roles/app/handlers/main.yml": "- copy: {content: x, dest: /handled}\n",
    }

    assert claimed(tmp_path, files) == ["perhaps whole /b", "perhaps whole /handled"]


def test_a_variable_of_another_role_is_not_taken_for_certain(tmp_path: Path) -> None:
    files = {
        "site.yml": "- hosts: all\n  roles: [one, two]\n",
        "roles/one/defaults/main.yml": "place: /one\n",
        "roles/one/tasks/main.yml": "- copy: {content: x, dest: '{{ place }}'}\n",
        "roles/two/vars/main.yml": "place: /two\n",
        "roles/two/tasks/main.yml": "- copy: {content: x, dest: '{{ place }}'}\n",
    }

    assert claimed(tmp_path, files) == ["unknown whole {{ place }}", "whole /two"]


@pytest.mark.parametrize(
    ("hosts", "node", "expected"),
    [
        ("gateway", "crtr", ["whole /a"]),
        ("gateway", "drtr", []),
        ("web[0:1]", "crtr", ["perhaps whole /a"]),
    ],
)
def test_where_a_play_runs(tmp_path: Path, hosts: str, node: str, expected: list[str]) -> None:
    text = f"- hosts: '{hosts}'\n  tasks:\n    - copy: {{content: x, dest: /a}}\n"

    assert claimed(tmp_path, {"site.yml": text}, node) == expected


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [("all", ["whole /a"]), ("crtr", ["whole /a"]), ("servers", ["perhaps whole /a"]), ("drtr", [])],
)
def test_another_inventory_may_have_groups_of_its_own(tmp_path: Path, hosts: str, expected: list[str]) -> None:
    text = f"- hosts: {hosts}\n  tasks:\n    - copy: {{content: x, dest: /a}}\n"

    assert claimed(tmp_path, {"site.yml": text, "hosts.yml": "all: {}\n"}, inventory="hosts.yml") == expected


def test_an_import_of_a_playbook_may_have_a_condition(tmp_path: Path) -> None:
    files = {
        "site.yml": "- import_playbook: more.yml\n  when: ansible_x\n  vars: {where: /b}\n",
        "more.yml": "- hosts: all\n  tasks:\n    - copy: {content: x, dest: '{{ where }}'}\n",
    }

    assert claimed(tmp_path, files) == ["perhaps whole /b"]


def test_text_that_multiplies_ends(tmp_path: Path) -> None:
    variables = ", ".join(f"v{n}: '{{{{ v{n + 1} }}}}{{{{ v{n + 1} }}}}'" for n in range(30))

    assert of_tasks(tmp_path, COPY % "/{{ v0 }}", f"  vars: {{{variables}, v30: x}}\n") == "unknown whole /{{ v0 }}"
