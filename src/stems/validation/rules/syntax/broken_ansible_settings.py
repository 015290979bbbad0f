"""An `ansible.cfg` that Ansible cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM454"

_SHOWN = 60

PAGE = Page(
    checks="""Files called `ansible.cfg`: lines that are no section, no `KEY = VALUE` and no comment, settings before
the first section, and sections and keys that stand twice.""",
    why="""Every command of Ansible stops with "Error reading config file" before it has looked at a playbook.""",
    instead="Correct the line, or remove it.",
    bad={
        "ansible.cfg": """
            [defaults]
            inventory = hosts.ini
            forks = 5
            inventory = hosts.yml
            """,
    },
    good={
        "ansible.cfg": """
            [defaults]
            inventory = hosts.ini
            forks = 5
            """,
    },
    also_bad=(
        {"ansible/ansible.cfg": "[defaults]\nhost_key_checking\n"},
        {"ansible.cfg": "inventory = hosts.ini\n[defaults]\nforks = 5\n"},
        {"ansible.cfg": "[defaults]\nforks = 5\n[ssh_connection]\npipelining = True\n[defaults]\ntimeout = 5\n"},
    ),
    also_good=(
        {
            "ansible.cfg": "# forks\n; forks\n[defaults]\nforks: 5\ninventory =\n    a.ini,\n    b.ini\n"
            "empty =\nansible_managed = 50% made ; by hand\n[ssh_connection]\nforks = 5\n",
        },
        {"roles/a/templates/ansible.cfg": "{% if a %}\n[defaults]\n{% endif %}\n"},
        {"docs/ansible.cfg": "forks\n", "examples/ansible.cfg": "forks\n"},
        {"ansible.cfg": ""},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files.named("ansible.cfg"):
        if not (file.is_aside or file.is_documentation or file.is_template) and "templates" not in file.path.split("/"):
            yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    """What Python's reader says, which is Ansible's."""
    import configparser  # noqa: PLC0415  # most repositories have no such file

    parser = configparser.ConfigParser(inline_comment_prefixes=(";",), interpolation=None)
    try:
        parser.read_string(file.text)
    except configparser.MissingSectionHeaderError as error:
        yield _finding(file, error.lineno, "stands before the first section", "write `[defaults]` above it")
    except (configparser.DuplicateOptionError, configparser.DuplicateSectionError) as error:
        yield _finding(file, error.lineno or 1, "stands twice", "keep one of the two")
    except configparser.ParsingError as error:
        for line, _ in error.errors[:10]:
            yield _finding(file, line, "is no setting", "write `KEY = VALUE`, or `#` before it")
    except (configparser.Error, ValueError, AttributeError):
        yield Finding(CODE, file.place(1, 1), "Ansible cannot read this", "write sections with `KEY = VALUE`")


def _finding(file: File, number: int, said: str, remedy: str) -> Finding:
    written = file.line(number)
    column = len(written) - len(written.lstrip()) + 1
    message = f"`{printable(written.strip())[:_SHOWN]}` {said}: Ansible does not start"
    return Finding(CODE, file.place(number, column), message, remedy)


RULE = Rule(CODE, "broken-ansible-settings", Stage.SYNTAX, Principle.P2, PAGE, check)
