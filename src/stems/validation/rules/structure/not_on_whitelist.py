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
folders (`root` is the top) to names and patterns, or `allowed_files`, `allowed_directories`, `extensions` and
`patterns` of one folder, or a list of such folders; `forbidden` is what may not lie there. A pattern such as
`docs/*.md` is about that folder. A folder without a list may hold anything.""",
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
        {".meta/whitelists/root-files.yml": "- README.md\n- .meta\n- config\n", "stray/a.txt": "x\n"},
        {
            ".meta/whitelists/structure.yml": "rules:\n  - {path: docs, allowed: ['*.md']}\n",
            "docs/a.md": "a\n",
            "docs/a.docx": "x\n",
        },
        {
            ".meta/whitelists/structure.yml": "directories:\n  - name: docs\n    allowed_files: ['*.md']\n",
            "docs/a.docx": "x\n",
        },
        {".meta/whitelists/root.yml": "allowed_root_files: [README.md]\n", "stray.txt": "x\n"},
        {".meta/whitelists/root.yml": "allowed: [docs/*.md, .meta/**, config/**]\n", "docs/a.docx": "x\n"},
        {".meta/whitelists/all.yml": "roles/*: [tasks/, handlers/]\n", "roles/a/stuff/x.txt": "x\n"},
        {".meta/whitelists/docs.yml": "extensions: [.md, png]\n", "docs/a.docx": "x\n"},
        {".meta/whitelists/docs.yml": "forbidden: ['*.tmp']\n", "docs/a.tmp": "x\n"},
    ),
    also_good=(
        {".meta/whitelists/root.yml": "allowed_root_files: [README.md]\n", "docs/a.md": "a\n", "README.md": "a\n"},
        {".meta/whitelists/root.yml": "allowed_directories: [.meta, config]\n", "README.md": "a\n"},
        {
            ".meta/whitelists/root.yml": "allowed: [docs/, docs/a.md, .meta/**, config/**]\nrequired: [bin/x]\n",
            "docs/b.md": "a\n",
            "bin/y": "a\n",
        },
        {
            ".meta/whitelists/all.yml": "docs: {extensions: [.md], forbidden: [draft*]}\nroles/*: [tasks/, '*.md']\n",
            "docs/a.md": "a\n",
            "docs/sub/x.txt": "a\n",
            "roles/a/tasks/main.yml": "- ansible.builtin.ping:\n",
            "roles/a/README.md": "a\n",
            "roles/other.txt": "a\n",
        },
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
