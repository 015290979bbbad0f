"""A script of the dotfiles that writes outside of the home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.commands import shell_lines
from stems.validation.dotfiles import sources_of
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM323"
_SYSTEM = r"[\"']?(?P<{}>/(?:etc|usr|opt|lib|boot|srv|var/(?:lib|spool))/[\w./@+%-]*)"
_WRITES = re.compile(
    rf"(?:>>?|\btee\b(?:\s+-\S+)*)\s*{_SYSTEM.format('into')}"
    rf"|\b(?:cp|mv|install\s+-|ln|rsync)\b[^;&|\n]{{0,600}}?\s{_SYSTEM.format('to')}[\"']?\s*(?:$|[;&|])"
    rf"|\bsed\b[^;&|\n]{{0,600}}?\s-i\S*\s[^;&|\n]{{0,600}}?\s{_SYSTEM.format('edited')}"
)

PAGE = Page(
    checks="""Scripts of chezmoi that write below `/etc`, `/usr`, `/opt`, `/boot`, `/srv` or `/var/lib`: with `>`,
`tee`, `cp`, `install`, `ln`, `sed -i` and so on. The first such line of each script is named. Links in the home
that lead there are not meant.""",
    why="""`chezmoi diff` does not show such a file, `chezmoi verify` does not compare it, and a rollback of the
dotfiles leaves it. It has another owner than the rest of `/etc`, which nobody sees.""",
    instead="Let the system domain write it: `ansible.builtin.copy` or `template`.",
    bad={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/run_onchange_hosts.sh": """
            #!/bin/sh
            echo "192.0.2.1 gate" | sudo tee -a /etc/hosts
            """,
    },
    good={
        "home/dot_bashrc": "alias ll='ls -l'\n",
        "home/run_onchange_fonts.sh": """
            #!/bin/sh
            fc-cache -f ~/.local/share/fonts
            """,
    },
    also_bad=(
        {"home/run_once_a.sh": "#!/bin/sh\nsudo cp a.conf /etc/modprobe.d/a.conf\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh.tmpl": '#!/bin/sh\nsudo install -m 644 "{{ .chezmoi.sourceDir }}/a" /usr/local/bin/a\n'},
        {"home/run_once_a.sh": "#!/bin/sh\ncat > /etc/a.conf <<EOF\nx\nEOF\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\nsudo sed -i 's/a/b/' /etc/default/grub\n", "home/dot_a": "a\n"},
    ),
    also_good=(
        {"home/run_once_a.sh": '#!/bin/sh\ncp /etc/skel/.profile "$HOME/.profile"\n', "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\n. /etc/os-release\ngrep -q x /etc/hosts\n", "home/dot_a": "a\n"},
        {"home/symlink_dot_zoneinfo": "/usr/share/zoneinfo\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\nln -sf /usr/bin/fdfind ~/.local/bin/fd\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\n# cp a /etc/a\necho 'cp a /etc/a' > ~/x\n", "home/dot_a": "a\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        for entry, file in dotfiles.scripts():
            if "encrypted" not in entry.attributes.flags:
                yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    for line in shell_lines(file):
        found = _WRITES.search(line.text)
        if found:
            path = found["into"] or found["to"] or found["edited"]
            message = f"a script of the dotfiles writes {path}, which belongs to the system"
            yield Finding(CODE, line.place(path), message, "let the system domain write it", Severity.WARNING)
            return


RULE = Rule(CODE, "dotfile-outside-home", Stage.OWNERSHIP, Principle.D4, PAGE, check, Severity.WARNING)
