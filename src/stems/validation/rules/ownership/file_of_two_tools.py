"""A file in a home that a chezmoi source and a playbook both write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.source import Entry
from stems.tools.chezmoi.templated import Ignored
from stems.validation.dotfiles import sources_of
from stems.validation.home_files import HomeFile, home_files
from stems.validation.page import Page
from stems.validation.reached import Reached, reached
from stems.validation.rule import Rule
from stems.validation.sites import sites_of
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM705"

_BASHRC = {"home/dot_bashrc": "alias ll='ls -l'\n", "home/dot_vimrc": "set nocompatible\n"}

PAGE = Page(
    checks="""Files in a home that tasks of Ansible write, such as `~/.bashrc`, and that are targets of a chezmoi
source of the repository as well, where `config/cluster.yml` does not declare both: two-owners tells it
then. Only tasks that a play leads to count. What one of the two only makes where there is none (`create_`,
`force: false`) is no conflict, and it is a note where one of them has a condition.""",
    why="""Each run of one tool undoes the other's: the line that the playbook adds is gone after the next
`chezmoi apply`, and comes back with the next play. Both are right, and the file is never the same for long.""",
    instead="Leave the file to chezmoi, and take the task out; what differs between nodes goes into a template.",
    bad={
        **_BASHRC,
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.lineinfile:
                    path: ~/.bashrc
                    line: export EDITOR=vim
            """,
    },
    good={
        "home/dot_bashrc": "alias ll='ls -l'\nexport EDITOR=vim\n",
        "home/dot_vimrc": "set nocompatible\n",
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.package: {name: vim}
            """,
    },
    also_bad=(
        {
            **_BASHRC,
            "ansible/site.yml": "- hosts: all\n  become: true\n  roles: [shell]\n",
            "ansible/roles/shell/tasks/main.yml": """
                - template: {src: bashrc.j2, dest: "/home/{{ username }}/.bashrc", owner: "{{ username }}"}
                """,
            "ansible/roles/shell/templates/bashrc.j2": "alias a=b\n",
        },
        {
            **_BASHRC,
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    - copy: {src: "{{ item }}", dest: "~/.{{ item }}"}
                      loop: [vimrc, tmux.conf]
                """,
            "ansible/files/vimrc": "a\n",
        },
        {
            "chezmoi/dot_config/git/config.tmpl": "[user]\n",
            "chezmoi/dot_zshrc": "a\n",
            "ansible/site.yml": "- hosts: all\n  tasks:\n    - import_tasks: tasks/git.yml\n",
            "ansible/tasks/git.yml": """
                - file: {src: /srv/git.conf, dest: "{{ ansible_env.HOME }}/.config/git/config", state: link}
                """,
        },
    ),
    also_good=(
        # chezmoi only makes it, or Ansible does.
        {
            "home/create_dot_bashrc": "a\n",
            "home/dot_vimrc": "a\n",
            "ansible/site.yml": "- hosts: all\n  tasks:\n    - copy: {content: a, dest: ~/.bashrc}\n",
        },
        {
            **_BASHRC,
            "ansible/site.yml": "- hosts: all\n  tasks:\n    - copy: {content: a, dest: ~/.bashrc, force: false}\n",
        },
        # Nothing leads to the tasks.
        {
            **_BASHRC,
            "ansible/site.yml": "- hosts: all\n  roles: [shell]\n",
            "ansible/roles/shell/tasks/main.yml": "- package: {name: zsh}\n",
            "ansible/roles/shell/tasks/old.yml": "- copy: {content: a, dest: ~/.bashrc}\n",
        },
        # Another home: that of root.
        {
            **_BASHRC,
            "ansible/site.yml": "- hosts: all\n  become: true\n  tasks:\n    - copy: {content: a, dest: ~/.bashrc}\n",
        },
        {
            **_BASHRC,
            "ansible/site.yml": "- hosts: all\n  tasks:\n    - copy: {content: a, dest: /root/.bashrc}\n",
        },
        # Conditions on both sides may exclude each other.
        {
            **_BASHRC,
            "home/.chezmoiignore": '{{ if eq .chezmoi.os "darwin" }}\n.bashrc\n{{ end }}\n',
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    - copy: {content: a, dest: ~/.bashrc}
                      when: ansible_system == "Darwin"
                """,
        },
        {
            **_BASHRC,
            "home/.chezmoiignore": ".bashrc\n",
            "ansible/site.yml": "- hosts: all\n  tasks:\n    - copy: {content: a, dest: ~/.bashrc}\n",
        },
        {
            **_BASHRC,
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    - copy: {content: a, dest: ~/.bashrc}
                      when: not use_chezmoi
                    - copy: {content: a, dest: ~/.profile}
                    # - copy: {content: a, dest: ~/.bashrc}
                """,
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    sources = subject.once(sources_of)
    if not sources:
        return
    for site in subject.once(sites_of):
        wanted: dict[str, list[Entry]] = defaultdict(list)
        for dotfiles in sources:
            if not (site.is_declared and dotfiles.is_declared):
                for entry in dotfiles.source.at(Kind.FILE, Kind.MODIFY, Kind.LINK):
                    wanted[entry.target].append(entry)
        for each in reached(site) if wanted else ():
            yield from _of(each, wanted)


def _of(each: Reached, wanted: Mapping[str, list[Entry]]) -> Iterator[Finding]:
    for file in home_files(each.task):
        for entry in wanted.get(file.path, ()):
            severity = _severity(each, file, entry)
            if severity:
                holds = "" if severity is Severity.WARNING else ", if their conditions hold"
                message = f"~/{file.path} is written by this task and by {entry.place.path}{holds}"
                remedy = "leave it to one of the two"
                yield Finding(CODE, each.task.at_argument(file.argument), message, remedy, severity, (entry.place,))


def _severity(each: Reached, file: HomeFile, entry: Entry) -> Severity | None:
    if entry.ignored is Ignored.YES or _is_about_chezmoi(each):
        return None
    if not file.is_whole and entry.kind is Kind.MODIFY:
        return None
    if each.is_certain and entry.ignored is Ignored.NO:
        return Severity.WARNING
    return Severity.NOTE if each.is_certain or entry.ignored is Ignored.NO else None


def _is_about_chezmoi(each: Reached) -> bool:
    """Whether a condition asks for what would write it otherwise, or holds never."""
    conditions = [str(keys["when"]) for keys in (each.task.keys, *each.task.above) if "when" in keys]
    return any("chezmoi" in text or "dotfiles" in text or text == "False" for text in conditions)


RULE = Rule(CODE, "file-of-two-tools", Stage.OWNERSHIP, Principle.D4, PAGE, check, Severity.WARNING)
