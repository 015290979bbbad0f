"""A download that is run as it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.commands import Line, command_lines
from stems.validation.moving_addresses import moves
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM615"
_RUN = (
    r"(?:(?:sudo|doas)\s+(?:-\S+\s+)*)?(?:env\s+)?(?:\w+=\S*\s+)*(?:/[\w/]*/)?"
    r"(?:(?:ba|da|z|k|a|fi)?sh|python3?|perl|ruby|node)"
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
_FETCHED = re.compile(r"\b(?:curl|wget)\s[^|;&\n]*")
_TO = re.compile(r"\s(?:-[a-zA-Z]*[oO]|--output(?:-document)?)[= ]*[\"']?(?P<file>[\w./~${}-]+)")
_AS_NAMED = re.compile(r"\s-[a-zA-Z]*O\b|\s--remote-name\b")
_BEFORE = r"(?:^|[;&|(]|\b(?:sudo|doas|then|do|exec)\b)\s*(?:-\S+\s+)*"
_SCRIPT = re.compile(r"https?://[^\s\"'`<>|;)\\]+")
_VERSION = re.compile(r"\d+\.\d+|[0-9a-f]{40}|\$\{?\w*(?:VERSION|TAG|SHA|COMMIT)", re.IGNORECASE)
_COMPARES = re.compile(r"sha\d+sum|shasum|b2sum|openssl\s+dgst|gpg\s.*--verify|gpgv|cosign|minisign")
_NEAR = 8
_LOCAL = re.compile(r"https?://(?:localhost|127\.|\[::1\])")

PAGE = Page(
    checks="""`curl … | sh` and its relatives - `wget -O- | bash`, `bash <(curl …)`, `sh -c "$(curl …)"`, and a file
that is saved from an address without a version and run in the next lines - in scripts, dotfiles, Dockerfiles, units,
playbooks and workflows. Documentation, comments and what is only printed are not meant.""",
    why="""Whoever owns that address, or the way to it, owns the node: what runs was seen by nobody, is another thing
tomorrow, and a connection that breaks half-way runs the first half.""",
    instead="""Download a named version to a file, compare it with a checksum that is in the repository, then run it.
Better: take the package of the distribution.""",
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
        {"bin/a.sh": "#!/bin/sh\ncurl -fsSL https://get.example.com -o get.sh\nsudo sh get.sh\n"},
        {"bin/a.sh": "#!/bin/sh\nwget -q https://example.com/i.sh; chmod +x i.sh; ./i.sh\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -sO https://example.com/i.sh\nbash i.sh\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -Ls https://example.com/i -o /tmp/i.sh && bash /tmp/i.sh --yes\n"},
        {"etc/cron.d/update": "0 3 * * * root curl -s https://example.com/up.sh | bash\n"},
        {"cloud-init/user-data": "#cloud-config\nruncmd:\n  - curl -fsSL https://get.example.com | sh\n"},
        {"quadlets/a.container": "[Container]\nImage=a:1\nExec=sh -c 'wget -qO- https://example.com/a | sh'\n"},
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
        {"bin/a.sh": "#!/bin/sh\ncurl -o a.sh https://example.com/a.sh\nsha256sum -c a.sum\nsh a.sh\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -o a.sh https://example.com/v1.2.3/a.sh\nsh a.sh\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -o page.html https://example.com/\nsh ./build.sh page.html\n"},
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
    yield from _saved(subject.once(command_lines))


def _saved(lines: Sequence[Line]) -> Iterator[Finding]:
    """What is saved first, and run in one of the next lines without a look at it."""
    for index, line in enumerate(lines):
        fetched = _FETCHED.search(line.text) if "http" in line.text else None
        address = _SCRIPT.search(fetched[0]) if fetched else None
        if fetched is None or address is None or not line.runs(fetched.start()):
            continue
        name = _name(fetched[0], address[0])
        # That an address moves is told by a rule of its own.
        if not name or _VERSION.search(address[0]) or _LOCAL.match(address[0]) or moves(address[0]):
            continue
        near = [line.text[fetched.end() :]]
        near += [each.text for each in lines[index + 1 : index + 1 + _NEAR] if each.file.path == line.file.path]
        if _is_run(name, near):
            message = f"{name} is run as it came from {address[0]}, whatever it is"
            remedy = "download a named version, compare its checksum, then run it"
            yield Finding(CODE, line.place(fetched[0]), message, remedy, Severity.WARNING)


def _name(command: str, address: str) -> str:
    """The file that a download goes to; nothing where it goes on to a program."""
    found = _TO.search(command)
    if found and not found["file"].startswith("http"):
        return "" if found["file"] in ("-", "/dev/null") else found["file"]
    is_named_like = command.startswith("wget") or _AS_NAMED.search(command) is not None
    return address.rpartition("/")[2].partition("?")[0] if is_named_like else ""


def _is_run(name: str, texts: Sequence[str]) -> bool:
    """Whether something runs a file before anything compares it."""
    file = rf"[\"']?(?:\./)?{re.escape(name)}(?=$|[\s\"';&|)])"
    by_itself = file if "/" in name else rf"[\"']?\./{re.escape(name)}(?=$|[\s\"';&|)])"
    pattern = re.compile(rf"{_BEFORE}(?:(?:/[\w/]*/)?(?:ba|da|z|k|a)?sh\s+(?:-\S+\s+)*{file}|{by_itself})")
    for text in texts:
        if _COMPARES.search(text):
            return False
        if pattern.search(text):
            return True
    return False


RULE = Rule(CODE, "piped-download", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
