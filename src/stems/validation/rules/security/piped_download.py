"""A download that is run as it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.commands import command_lines
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM615"
_RUN = (
    r"(?:sudo\s+(?:-\S+\s+)*)?(?:env\s+)?(?:\w+=\S*\s+)*(?:/[\w/]*/)?(?:(?:ba|da|z|k|a|fi)?sh|python3?|perl|ruby|node)"
)
_PIPED = re.compile(
    rf"\b(?:curl|wget)\b(?:[^|;\n]|(?<!\|)\|(?!\|)(?!\s*{_RUN}\b)){{0,600}}?(?<!\|)\|(?!\|)\s*{_RUN}(?=$|[\s\"';&)|])"
)
_INSIDE = re.compile(
    r"(?:(?:(?:ba|da|z|k|a)?sh|eval|source|python3?)\b|(?:^|[\s;&])\.)\s*(?:-\w+\s+)*[\"']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b"
)
# What comes is then only read: `python3 -m json.tool`, `sh -c 'cat >x'`.
_AS_DATA = re.compile(r"\|\s*\S*(?:sh\s+-\w*c|(?:python3?|perl|ruby|node)\s+-\w*[mcen])\s")
_OPTION = 8
_LOCAL = re.compile(r"https?://(?:localhost|127\.|\[::1\])")

PAGE = Page(
    checks="""`curl … | sh` and its relatives - `wget -O- | bash`, `bash <(curl …)`, `sh -c "$(curl …)"` - in
scripts, dotfiles, Dockerfiles, units, playbooks and workflows. Documentation, comments and what is only printed are
not meant.""",
    why="""Whoever owns that address, or the way to it, owns the node: what runs was seen by nobody, is another
thing tomorrow, and a connection that breaks half-way runs the first half.""",
    instead="""Download a named version to a file, compare it with a checksum that is in the repository, then run
it. Better: take the package of the distribution.""",
    bad={
        "bin/install.sh": """
            #!/bin/sh
            curl -fsSL https://get.example.com/ | sudo sh
            """,
    },
    good={
        "bin/install.sh": """
            #!/bin/sh
            curl -fsSLo /tmp/tool.tar.gz https://example.com/v1.2.0/tool.tar.gz
            echo "0a1b2c  /tmp/tool.tar.gz" | sha256sum --check
            tar -C /usr/local/bin -xzf /tmp/tool.tar.gz tool
            """,
    },
    also_bad=(
        {"bin/a.sh": "#!/bin/bash\nwget -qO- https://example.com/install.sh | bash -s -- --yes\n"},
        {"bin/a.sh": '#!/bin/bash\nsh -c "$(curl -fsSL https://example.com/install.sh)" "" --unattended\n'},
        {"bin/a.sh": "#!/bin/bash\nbash <(curl -s https://example.com/a.sh)\n"},
        {"bin/a.sh": "#!/bin/bash\ncurl -sfL https://get.example.io \\\n  | EXEC=x sh -s - server\n"},
        {"images/web/Dockerfile": "FROM debian\nRUN curl -sL https://example.com/x | bash - \\\n  && apt update\n"},
        {"provision/roles/a/tasks/main.yml": "- ansible.builtin.shell: curl -L https://example.com | sh\n"},
        {"provision/roles/a/tasks/main.yml": "- shell: |\n    set -e\n    curl -L https://example.com/x | bash\n"},
        {"home/run_once_a.sh.tmpl": "#!/bin/sh\n{{ if .a }}\ncurl -L https://example.rs | sh -s -- -y\n{{ end }}\n"},
        {".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n    - run: curl -L https://example.com/x | python3 -\n"},
        {"dotfiles/dot_zshrc": 'eval "$(curl -fsSL https://example.com/prompt)"\n'},
        {"units/a.service": "[Service]\nExecStart=/bin/sh -c 'curl https://example.com/a | sh'\n"},
        {
            "roles/a/tasks/main.yml": '- ansible.builtin.shell: /bin/bash -c "$(curl -fsSL https://example.com/x.sh)"\n'
            "  args: {creates: /opt/x}\n"
        },
        {
            "home/.chezmoiscripts/run_onchange_tools.tmpl": '{{ if eq .chezmoi.os "linux" -}}\n#!/usr/bin/env bash\n'
            "curl -fsSL https://example.com/x | bash\n{{ end }}\n"
        },
        {
            "home/run_once_before_tools.tmpl": "{{- /* Only once.\n  See the manual. */ -}}\n#!/bin/sh\n"
            "curl -fsSL https://example.com/x | sh\n"
        },
        {"home/.chezmoiscripts/run_after_x": "curl -fsSL https://example.com/x | sh\n"},
    ),
    also_good=(
        {"README.md": "Run `curl -L https://example.com | sh`.\n", "bin/a.sh": "#!/bin/sh\n"},
        {"bin/a.sh": "#!/bin/sh\n# curl -L https://example.com | sh\necho 'curl -L https://example.com | sh'\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -fs https://example.com/x.json | jq -r .name\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -fsS https://example.com/up || sh ./alert.sh\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -fs https://example.com/x.tgz | tar xz; bash install.sh\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -fsSL https://example.com/key.asc | sudo gpg --dearmor -o /etc/a.gpg\n"},
        {"bin/a.sh": "#!/bin/sh\ncat <<EOF\nTo install: curl -L https://example.com | sh\nEOF\n"},
        {"provision/roles/a/tasks/main.yml": "- name: Not curl https://example.com | sh\n  debug: {msg: x}\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -s https://example.com/list | grep -v sh | sort\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -s https://example.com/a | python3 -m json.tool\n"},
        {"host_vars/a.yml": "note: never run curl https://example.com | sh here\n"},
        {"home/.chezmoiscripts/run_x.tmpl": "{{ if .x }}\n#!/usr/bin/python3\nA = 'curl x.example | sh'\n{{ end }}\n"},
        {"home/run_onchange_note.py.tmpl": "# curl\nA = 'curl -L https://example.com | sh'\n"},
        {"host_vars/a.yml": 'note: see /opt/bash -c "$(curl https://example.com)" there\n'},
        {"old/a.sh": "#!/bin/sh\ncurl -L https://example.com | sh\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for line in subject.once(command_lines):
        text = line.text
        found = (_PIPED.search(text) or _INSIDE.search(text)) if "curl" in text or "wget" in text else None
        if (
            found
            and line.runs(found.start())
            and not _LOCAL.search(text)
            and not _AS_DATA.search(text[: found.end() + _OPTION])
        ):
            message = "a download is run as it comes, whatever it is"
            remedy = "download a named version, compare its checksum, then run it"
            yield Finding(CODE, line.place(found[0]), message, remedy, Severity.WARNING)


RULE = Rule(CODE, "piped-download", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
