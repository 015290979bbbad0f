"""A mode that lets everybody on the node write."""

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

CODE = "STM616"
_OPEN = re.compile(
    r"\bchmod\s+(?:-{1,2}[a-zA-Z][\w-]*\s+)*[\"']?"
    r"(?P<mode>0?[0-7]?[0-7][0-7][2367]|(?:[ugo]*[oa][ugo]*|)[+=]r?w[xX]?)[\"']?(?=\s|,|$)"
)
_MADE = re.compile(
    r"(?<!npm )(?<!apt )(?<!get )(?<!pip )(?<!dnf )(?<!yum )(?<!brew )\b(?P<what>install|mkdir)"
    r"\s[^|;&\n]{0,300}?(?:-m|--mode)[= ]?[\"']?(?P<mode>0?[0-7]?[0-7][0-7][2367])(?=[\s\"']|$)"
    r"|\b(?P<mask>umask)\s+(?P<bits>0{1,4})(?=[\s;&\"')]|$)"
)
_PRINTED = re.compile(r"\b(?:echo|printf)\s[^;&|]*$")
_STICKY = re.compile(r"0?1[0-7]{3}")
_MASKED = re.compile(r"[+=]")

PAGE = Page(
    checks="""`chmod 777`, `chmod 666`, `chmod a+rwx`, `chmod o+w` and so on, `install` and `mkdir` with such a mode,
and `umask 000`, in scripts, dotfiles, Dockerfiles, units and steps of playbooks and workflows. Sticky folders such as
`/tmp` (`1777`) are not meant.""",
    why="""Every account and every container with that path mounted may change the file, also a script that root runs
tomorrow. It is written when something was refused, and the owner was what was wrong.""",
    instead="Give it to the account that needs it: `chown`, `chmod u=rwX,g=rX`, or the `user` of the container.",
    bad={
        "bin/prepare.sh": """
            #!/bin/sh
            chmod -R 777 /srv/media
            """,
    },
    good={
        "bin/prepare.sh": """
            #!/bin/sh
            chown -R media:media /srv/media
            chmod -R u=rwX,g=rX,o= /srv/media
            """,
    },
    also_bad=(
        {"bin/a.sh": "#!/bin/sh\nsudo chmod 0777 /data\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod a+rwx ./data\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod o+w /etc/app.conf\n"},
        {"bin/a.sh": "#!/bin/sh\ninstall -d -m 0777 /srv/media\n"},
        {"bin/a.sh": "#!/bin/sh\nmkdir -p -m 777 /srv/media\n"},
        {"bin/a.sh": "#!/bin/sh\numask 000\ntouch /srv/a\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod 666 /var/run/docker.sock\n"},
        {"images/a/Dockerfile": "FROM debian:12\nRUN mkdir /data && chmod -R 777 /data\n"},
        {"provision/roles/a/tasks/main.yml": "- name: Open\n  shell: chmod 777 /srv\n"},
    ),
    also_good=(
        {"host_vars/a.yml": "note: never chmod 777 anything\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod 1777 /scratch\nchmod 755 /a\nchmod 0640 /b\nchmod +x c\nchmod 775 d\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod u+rwx,go-rwx ~/.ssh\nchmod g+w shared\nchmod o-w b\n"},
        {"bin/a.sh": "#!/bin/sh\n# chmod 777 /data\necho 'never chmod 777'\n"},
        {"bin/a.sh": "#!/bin/sh\ninstall -m 755 a /usr/bin/a\nmkdir -m 700 b\numask 077\necho chmod 777 /data\n"},
        {"bin/a.sh": "#!/bin/sh\nmkdir -m 1777 /scratch\nnpm install -m 777\napt install a\n"},
        {"bin/a.sh": '#!/bin/sh\nchmod "$mode" /data\nchmod 600 /777\n'},
        {"bin/a.sh": "#!/bin/sh\nchmod u=rw,go=r a\nchmod 2755 b\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for line in subject.once(command_lines):
        found = (_OPEN.search(line.text) if "chmod" in line.text else None) or _MADE.search(line.text)
        if found is None or not line.runs(found.start()) or _PRINTED.search(line.text[: found.start()]):
            continue
        said = found.groupdict()
        mode, what = said.get("mode") or "", said.get("what")
        if not _is_kept(mode):
            shown = f"{what} -m {mode}" if what else f"umask {said['bits']}" if said.get("mask") else f"chmod {mode}"
            message = f"`{shown}` lets every account on the node write"
            remedy = "give it to the account that needs it, with `chown`"
            yield Finding(CODE, line.place(found[0]), message, remedy, Severity.WARNING)


def _is_kept(mode: str) -> bool:
    """Whether a mode only looks open: a sticky folder, or `+w` without a name, which the umask masks."""
    return _STICKY.fullmatch(mode) is not None or _MASKED.match(mode) is not None


RULE = Rule(CODE, "world-writable", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
