"""A script whose first line names an interpreter that does not exist, but nearly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from posixpath import basename

from stems.model.finding import Finding
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM137"
_KNOWN = (
    "bash", "dash", "zsh", "fish", "ksh", "mksh", "tcsh", "busybox", "python", "python3", "python2", "perl",
    "ruby", "node",
    "nodejs", "deno", "lua", "luajit", "awk", "gawk", "mawk", "make", "php", "tclsh", "expect", "osascript",
    "pwsh", "rscript",
    "ansible-playbook", "elvish", "xonsh", "guile", "julia", "swift", "stap", "bats", "nix-shell", "rbash",
    "yash", "posh", "gosh", "hush", "sash", "oksh", "lksh",
    "ipython", "bpython", "pythonw", "jruby", "mruby", "gmake", "bmake", "cmake", "bpftrace", "groovy",
    "scala", "bun",
)  # fmt: skip
_SHEBANG = re.compile(r"#![ \t]*(?P<program>\S+)(?P<rest>[^\n]*)")
_ASSIGNED = re.compile(r"\w+=")
_SHORTEST, _LONGEST = 3, 20

PAGE = Page(
    checks="""First lines such as `#!/bin/bsah` and `#!/usr/bin/env pyhton3`: the interpreter is none that is known,
and one letter or two away from one.""",
    why="""The script cannot be started: `bad interpreter`. `sh script` works nevertheless, so that whoever wrote it
has seen it run; the unit or hook that starts it by its name fails.""",
    instead="Write the interpreter that is meant.",
    bad={
        "bin/backup": """
            #!/bin/bsah
            echo backup
            """,
    },
    good={
        "bin/backup": """
            #!/bin/bash
            echo backup
            """,
    },
    also_bad=(
        {"bin/report": "#!/usr/bin/env pyhton3\nprint(1)\n"},
        {"bin/report": "#! /usr/bin/env -S pyton3 -u\nprint(1)\n"},
        {"bin/report": "#!/usr/bin/bahs -e\necho\n"},
    ),
    also_good=(
        {"bin/a": "#!/bin/sh\n"},
        {"bin/a": "#!/usr/bin/env -S uv run --script\n"},
        {"bin/a": "#!/usr/bin/env python3.12\n"},
        {"bin/a": "#!/usr/sbin/nft -f\n"},
        {"bin/a": "#!/usr/bin/with-contenv bash\n"},
        {"bin/a": "#!/usr/bin/env NODE_ENV=x node\n"},
        {"bin/a": "#!/command/execlineb -P\n"},
        {"bin/a.j2": "#!{{ interpreter }}\n"},
        {"bin/a": "#!/usr/bin/env bash\r\n"},
        {"bin/a": "#!/opt/pythons/mine/bin/run\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        text = file.text
        found = _SHEBANG.match(text) if text.startswith("#!") and not file.is_aside else None
        if found is None:
            continue
        program = _program(found["program"], found["rest"])
        meant = _meant(program)
        if meant:
            place = file.place(1, text.find(program) + 1)
            yield Finding(CODE, place, f"no interpreter is called {printable(program)}", f"write `{meant}`")


def _program(path: str, rest: str) -> str:
    name = basename(path)
    if name != "env":
        return name
    words = (word for word in rest.split() if not word.startswith("-") and not _ASSIGNED.match(word))
    return basename(next(words, ""))


def _meant(program: str) -> str:
    # Versions count as the program: python3.12.
    bare = program.rstrip("0123456789.")
    if not _SHORTEST < len(program) <= _LONGEST or program in _KNOWN or bare in _KNOWN or not program.isascii():
        return ""
    # A longer name of other letters is a program of its own: `mybash`, `zshell`.
    near = (
        name
        for name in get_close_matches(program, _KNOWN, n=5, cutoff=0.75)
        if abs(len(name) - len(program)) <= 1 and len(set(name) ^ set(program)) <= 1
    )
    return next(near, "")


RULE = Rule(CODE, "unknown-interpreter", Stage.SYNTAX, Principle.O1, PAGE, check)
