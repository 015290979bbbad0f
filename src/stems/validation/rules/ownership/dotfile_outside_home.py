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
_SYSTEM = r"[\"']?(?P<{}>/(?:etc|usr|opt|lib|boot|srv|var/(?:lib|spool))(?:/[\w./@+%-]*|(?![\w./@+%-])))"
_SAVES = r"(?:-[a-zA-Z]*[oOP]|--output(?:-document|-dir)?|--directory-prefix)"
_WRITES = re.compile(
    rf"(?:>>?|\btee\b(?:\s+-\S+)*)\s*{_SYSTEM.format('into')}"
    rf"|\b(?:cp|mv|install\s+-|ln|rsync)\b[^;&|\n]{{0,600}}?\s{_SYSTEM.format('to')}[\"']?\s*(?:$|[;&|])"
    rf"|\b(?:mkdir|touch|rm|chmod|chown|truncate)\b[^;&|\n]{{0,600}}?\s{_SYSTEM.format('changed')}"
    rf"|\b(?:curl|wget)\b[^;&|\n]{{0,600}}?\s{_SAVES}[ =]?{_SYSTEM.format('saved')}"
    rf"|\b(?:tar|unzip|bsdtar)\b[^;&|\n]{{0,600}}?\s(?:-C|-d|--directory)[ =]?{_SYSTEM.format('unpacked')}"
    rf"|\bgit\s+clone\b[^;&|\n]{{0,600}}?\s{_SYSTEM.format('cloned')}"
    rf"|\bsed\b[^;&|\n]{{0,600}}?\s-i\S*\s[^;&|\n]{{0,600}}?\s{_SYSTEM.format('edited')}"
)

_DESTINATION = re.compile(
    r"^[ \t]*[\"']?destDir[\"']?[ \t]*[:=][ \t]*[\"']?(?P<path>/(?:(?!home/|Users/)[^\s\"']{0,300})?)[\"']?[ \t]*$",
    re.MULTILINE,
)
_EXTERNAL = re.compile(
    r"^(?:\[[\"'](?P<path>(?:/|\.\./|~)[^\"'\n]{0,300})[\"']\]"
    r"|[\"']?(?P<key>(?:/|\.\./|~)[^\"'\s:]{1,300})[\"']?:[ \t]*$)",
    re.MULTILINE,
)

PAGE = Page(
    checks="""Scripts of chezmoi that write below `/etc`, `/usr`, `/opt`, `/boot`, `/srv` or `/var/lib`: with `>`,
`tee`, `cp`, `install`, `ln`, `sed -i`, `mkdir`, `curl -o` and so on. The first such line of each script is named.
Also a `destDir` that is no home, and targets of `.chezmoiexternal` outside of it. Links in the home that lead there
are not meant.""",
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
        {"home/run_once_a.sh": "#!/bin/sh\nmkdir -p /opt/tool\n", "home/dot_a": "a\n"},
        {
            "home/run_once_a.sh": "#!/bin/sh\nsudo curl -fsSLo /usr/local/bin/a https://x.example/a\n",
            "home/dot_a": "a\n",
        },
        {"home/run_once_a.sh": "#!/bin/sh\ncurl -sL https://x.example/a | sudo tar -xz -C /opt\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\ngit clone https://x.example/a /opt/a\n", "home/dot_a": "a\n"},
        {"home/.chezmoi.toml.tmpl": 'destDir = "/"\n[data]\na = 1\n', "home/dot_a": "a\n"},
        {
            "home/.chezmoiexternal.toml": '["/etc/motd"]\ntype = "file"\nurl = "https://x.example/a"\n',
            "home/dot_a": "a\n",
        },
        {"home/.chezmoiexternal.yaml": "../shared/a:\n  type: file\n  url: https://x.example/a\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\nsudo sed -i 's/a/b/' /etc/default/grub\n", "home/dot_a": "a\n"},
    ),
    also_good=(
        {"home/run_once_a.sh": '#!/bin/sh\ncp /etc/skel/.profile "$HOME/.profile"\n', "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\n. /etc/os-release\ngrep -q x /etc/hosts\n", "home/dot_a": "a\n"},
        {
            "home/run_once_a.sh": "#!/bin/sh\nmkdir -p ~/.local/etc/a\ntar -xf /opt/a.tgz -C ~/.local\n"
            "curl -o ~/a https://x.example/etc/a\nls /etc/a\nrm -rf ~/.cache/a\ntest -d /opt/a || exit 0\n"
            'git clone https://x.example/usr/a "$HOME/a"\n',
            "home/.chezmoi.toml.tmpl": 'destDir = "/home/owner"\n',
            "home/.chezmoiexternal.toml": '[".vim/a"]\ntype = "file"\nurl = "https://x.example/a"\n',
        },
        {"home/symlink_dot_zoneinfo": "/usr/share/zoneinfo\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\nln -sf /usr/bin/fdfind ~/.local/bin/fd\n", "home/dot_a": "a\n"},
        {"home/run_once_a.sh": "#!/bin/sh\n# cp a /etc/a\necho 'cp a /etc/a' > ~/x\n", "home/dot_a": "a\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        for file in dotfiles.special(".chezmoi."):
            yield from _destination(file)
        for file in dotfiles.special(".chezmoiexternal"):
            yield from _externals(file)
        for entry, file in dotfiles.scripts():
            if "encrypted" not in entry.attributes.flags:
                yield from _of(file)


def _destination(file: File) -> Iterator[Finding]:
    """`destDir` in the configuration of chezmoi."""
    for found in _DESTINATION.finditer(file.text):
        message = f"chezmoi would write to {found['path']}, which is no home"
        yield Finding(CODE, file.at(found.start("path")), message, "let the system domain own it", Severity.WARNING)


def _externals(file: File) -> Iterator[Finding]:
    """Targets of what chezmoi gets from elsewhere: they begin below the home."""
    for found in _EXTERNAL.finditer(file.text):
        path = found["path"] or found["key"]
        message = f"{path} is outside of the home, where chezmoi puts nothing"
        remedy = "write a path below the home, or let the system domain own it"
        yield Finding(CODE, file.at(found.start("path" if found["path"] else "key")), message, remedy, Severity.WARNING)


def _of(file: File) -> Iterator[Finding]:
    for line in shell_lines(file):
        found = _WRITES.search(line.text)
        if found:
            path = next(path for path in found.groups() if path)
            message = f"a script of the dotfiles writes {path}, which belongs to the system"
            yield Finding(CODE, line.place(path), message, "let the system domain write it", Severity.WARNING)
            return


RULE = Rule(CODE, "dotfile-outside-home", Stage.OWNERSHIP, Principle.D4, PAGE, check, Severity.WARNING)
