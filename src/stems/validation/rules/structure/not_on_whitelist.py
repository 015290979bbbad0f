"""A file that lies where the user's own whitelist allows none like it."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.whitelists import outside, whitelists_of

CODE = "STM801"

PAGE = Page(
    checks="""What lies in the folders that `.meta/whitelists/*.yml` name, beside what they list: a mapping of
folders (`root` is the top) to names and patterns, or `allowed_files`, `allowed_directories` and `patterns` of one
folder. A folder without a list may hold anything.""",
    why="""Somebody decided which files lie at the top, so that they are found. A stray one is what another person
looks for in the wrong place, or what was never meant to be committed.""",
    instead="Move it to where its kind lies, or put it on the list with a reason.",
    bad={
        ".meta/whitelists/root.yml": """
            allowed_files: [README.md, .gitignore]
            allowed_directories: [.meta, config, services]
            """,
        "README.md": "# Home\n",
        "notes.txt": "remember the cable\n",
    },
    good={
        ".meta/whitelists/root.yml": """
            allowed_files: [README.md, .gitignore]
            allowed_directories: [.meta, config, services]
            """,
        "README.md": "# Home\n",
    },
    also_bad=(
        {".meta/whitelists/all.yml": "root: [README.md, .meta/, config/]\n", "x.sh": "#!/bin/sh\n"},
        {
            ".meta/whitelists/ansible.yaml": "path: ansible\nfiles: [site.yml]\ndirectories: [roles]\n",
            "ansible/old.cfg": "x\n",
        },
        {
            ".meta/whitelists/structure.yml": """
                version: 1
                directories:
                  docs:
                    patterns: ["*.md", {name: images, reason: pictures}]
                """,
            "docs/plan.docx": "x\n",
        },
        {".meta/whitelists/root.yml": "- README.md\n- .meta\n- config\n", "stray/a.txt": "x\n"},
    ),
    also_good=(
        {".meta/whitelists/root.yml": "docs: [README.md]\nfolders: [.meta, docs, config]\n", "docs/a.txt": "x\n"},
        {".meta/whitelists/all.yml": "root: ['*.md', .meta, config]\nscripts: ['*.sh']\n", "a.md": "x\n"},
        {
            ".meta/whitelists/all.yml": "scripts: ['*.sh', 'lib/*.sh']\n",
            "scripts/a.sh": "x\n",
            "scripts/lib/b.sh": "x\n",
        },
        {".meta/whitelists/all.yml": "scripts: ['*.sh']\n", "other/anything": "x\n"},
        {".meta/whitelists/all.yml": "anything: 4\n", "x": "x\n"},
        {".meta/whitelists/notes.md": "root: []\n", "x": "x\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for path, file, found in outside(subject.once(whitelists_of), subject.files):
        where = found.folder or "the top"
        message = f"{printable(path)} is not among what may lie in {printable(where)}"
        remedy = f"move it, or put it on the list in {found.place.path}"
        yield Finding(CODE, file.place(1), message, remedy, Severity.WARNING, also=(found.place,))


RULE = Rule(CODE, "not-on-whitelist", Stage.STRUCTURE, Principle.P3, PAGE, check, Severity.WARNING)
