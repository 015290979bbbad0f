"""A program that a script or an image downloads in whatever version there is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.commands import Line, command_lines
from stems.validation.moving_addresses import OWN, moves
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM612"

PAGE = Page(
    checks="""`curl` and `wget` in scripts, dotfiles, Dockerfiles, units, playbooks and workflows, and `ADD` in
Dockerfiles, that save what is at an address that moves - `latest`, `master`, `main`, `nightly` - or, where it is a
program, that comes without TLS, unless the next lines compare a checksum or a signature. Lists, keys, pictures and
what is only asked for are not meant; what is piped to a shell is piped-download's. Packages that are installed with
`@latest`, or from a repository without a tag, are meant, too.""",
    why="""Two nodes that are set up a week apart run different programs, a rollback brings the newest one again, and
nothing notices when somebody puts another file there.""",
    instead="""Write the version into the address, and compare its checksum: `echo "SUM  FILE" | sha256sum --check`,
in a Dockerfile `ADD --checksum=sha256:…`.""",
    bad={
        "bin/install.sh": """
            #!/bin/sh
            curl -fsSLo /usr/local/bin/tool https://github.com/example/tool/releases/latest/download/tool-arm64
            chmod +x /usr/local/bin/tool
            """,
    },
    good={
        "bin/install.sh": """
            #!/bin/sh
            curl -fsSLo /usr/local/bin/tool https://github.com/example/tool/releases/download/v1.4.2/tool-arm64
            chmod +x /usr/local/bin/tool
            """,
    },
    also_bad=(
        {"bin/a.sh": "#!/bin/bash\nwget https://example.com/master/tool.tar.gz\n"},
        {"bin/a.sh": "#!/bin/bash\ncurl -L https://example.com/nightly/tool.tgz | sudo tar xz -C /opt\n"},
        {"bin/a.sh": '#!/bin/bash\ncurl -fsSL "https://example.com/tool-latest-amd64.deb" > /tmp/tool.deb\n'},
        {"bin/a.sh": "#!/bin/bash\nwget -qO- https://example.com/latest/tool.tgz | tar xz -C /opt\n"},
        {"bin/a.sh": "#!/bin/sh\nwget https://github.com/example/tool/archive/main.zip\n"},
        {"bin/a.sh": "#!/bin/sh\nwget -O /usr/local/bin/tool http://example.com/tool-1.0\n"},
        {"bin/a.sh": "#!/bin/sh\ngo install example.com/tool@latest\npip install git+https://example.com/b/tool\n"},
        {"web/Dockerfile": "FROM debian:12\nRUN wget -q https://example.com/latest/tool -O /usr/bin/tool\n"},
        {"web/Dockerfile": "FROM debian:12\nADD https://raw.githubusercontent.com/x/y/main/run.sh /run.sh\n"},
        {"roles/a/tasks/main.yml": "- shell: curl -Lo /usr/bin/t https://example.com/latest/t\n"},
        {"home/run_once_a.sh.tmpl": "#!/bin/sh\nwget -O /tmp/a.deb https://example.com/latest/a.deb\n"},
    ),
    also_good=(
        {"bin/a.sh": "#!/bin/sh\ncurl -Lo t https://example.com/latest/t\necho 'ab  t' | sha256sum -c\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -s https://api.github.com/repos/x/y/releases/latest | jq -r .tag_name\n"},
        {"bin/a.sh": "#!/bin/sh\nwget -qO- https://example.com/latest/version | head -1\n"},
        {"bin/a.sh": "#!/bin/sh\nV=$(curl -s https://example.com/latest/version)\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -fsSL https://example.com/main/key.gpg -o /etc/apt/keyrings/a.gpg\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -so /etc/hosts.block https://raw.githubusercontent.com/x/y/master/hosts\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -fsS -o /dev/null https://example.com/latest/\n"},
        {
            "bin/a.sh": "#!/bin/sh\n# curl -Lo t https://example.com/latest/t\necho 'wget https://example.com/latest/t'\n"
        },
        {"bin/a.sh": "#!/bin/sh\ncurl -fsSL https://example.com/main/install.sh | sh\n"},
        {"bin/a.sh": "#!/bin/sh\nwget http://nas.lan/latest/backup.tar\n"},
        {"bin/a.sh": "#!/bin/sh\ngo install example.com/tool@v1.2.0\npip install git+https://example.com/b/tool@v2\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -s http://ip.example.com >/tmp/address\nwget -O page http://example.com/\n"},
        {"bin/a.sh": "#!/bin/sh\nwget http://nas:8080/tool\ncurl -o /dev/null http://example.com/up\n"},
        {"README.md": "```\nwget https://example.com/latest/tool\n```\n", "bin/a.sh": "#!/bin/sh\n"},
        {"web/Dockerfile": "FROM debian:12\nADD --checksum=sha256:ab https://example.com/latest/a /a\n"},
        {"examples/a.sh": "#!/bin/sh\nwget https://example.com/latest/tool\n"},
    ),
)

_ADDRESS = re.compile(r"https?://[^\s\"'`<>|;)\\]+")
_FETCHES = re.compile(r"\b(?:curl|wget)\b|^\s*ADD\s")
_TO_FILE = re.compile(r"\s-[a-zA-Z]*[oO]\b|\s--output(?:-document|-dir)?\b|\s--remote-name\b")
_ONWARDS = re.compile(
    r"(?<![\d&])>(?!&|\s*/dev/null)|\|\s*(?:sudo\s+)?(?:tar|bsdtar|gunzip|zcat|unzip|tee|dd|cpio)\b",
)
_TO_OUTPUT = re.compile(r"\s-[a-zA-Z]*[oO]\s*-(?:\s|$)|\s--output(?:-document)?[= ]-(?:\s|$)")
_ONLY_ASKS = re.compile(
    r"(?:-o|>)\s*/dev/null|\s-[a-zA-Z]*I\b|\s--head\b|\s--spider\b|\s(?:-d|--data\S*|-X)\s|--dearmor|apt-key"
)
_RUNS = re.compile(
    r"\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:\w+=\S*\s+)*(?:\S*/)?(?:\w*sh|python3?|perl)\b|(?:<\(|\$\(|`)\s*(?:curl|wget)"
)
_PACKAGE = re.compile(
    r"\b(?:go\s+(?:install|run)|npm\s+(?:i|install)|npx|pnpm\s+(?:add|dlx)|bunx|uvx)\s[^;&|\n]{0,200}?(?P<what>[\w@./-]{1,200}@latest)\b"
    r"|\b(?:pip[\dx.]*|uv)\s[^;&|\n]{0,300}?(?P<other>git\+https?://[^\s@\"']+)(?=[\s\"']|$)"
)
_PROGRAM = re.compile(
    r"\.(?:sh|bash|py|pl|deb|rpm|run|bin|appimage|jar|tar(?:\.\w+)?|tgz|txz|zip)(?:[?#]|$)", re.IGNORECASE
)
_TO_PROGRAMS = re.compile(r"[\s=\"'](?:/usr(?:/local)?/s?bin|/opt)/")
_DATA = re.compile(
    r"\.(?:gpg|asc|key|pub|keys|sig|list|repo|sources|json|txt|html?|md|csv|xml|dat|mmdb|png|jpe?g|svg|gif|webp|ttf|otf)"
    r"(?:[?#].*)?$|/hosts$|//api\.",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"sha\d+sum|shasum|b2sum|md5sum|openssl\s+dgst|gpg\s.*--verify|gpgv|cosign|minisign|--checksum")
_NEAR = 8


def check(subject: Subject) -> Iterator[Finding]:
    path, lines = "", list[str]()
    for line in subject.once(command_lines):
        address = _address(line)
        if address and line.file.path != path:
            path, lines = line.file.path, line.file.lines
        if address and not _is_compared(line, lines):
            message = f"{address} is another file tomorrow, and nothing says which one is meant"
            if not moves(address):
                message = f"{address} comes without TLS, and nothing compares what arrives"
            remedy = "write the version into the address, and compare its checksum"
            yield Finding(CODE, line.place(address), message, remedy, Severity.WARNING)
        package = _PACKAGE.search(line.text)
        if package and line.runs(package.start()):
            what = package["what"] or package["other"]
            message = f"{what} is another program tomorrow, and nothing says which one is meant"
            yield Finding(CODE, line.place(what), message, "write its version, or a tag", Severity.WARNING)


def _address(line: Line) -> str:
    text = line.text
    fetched = _FETCHES.search(text) if "http" in text else None
    if fetched is None or not line.runs(fetched.start()) or _RUNS.search(text) or _ONLY_ASKS.search(text):
        return ""
    if not _saves(fetched[0], text):
        return ""
    found = (each[0] for each in _ADDRESS.finditer(text, fetched.end()))
    return next(
        (
            each
            for each in found
            if (moves(each) or _is_plain(each, text)) and not OWN.match(each) and not _DATA.search(each)
        ),
        "",
    )


def _is_plain(address: str, text: str) -> bool:
    """Whether a program comes without TLS from somewhere that is written out."""
    is_program = _PROGRAM.search(address) or _TO_PROGRAMS.search(text)
    return bool(is_program) and address.startswith("http://") and not address.startswith(("http://$", "http://{"))


def _saves(program: str, text: str) -> bool:
    if _ONWARDS.search(text):
        return True
    # wget and ADD save whatever they get.
    return not _TO_OUTPUT.search(text) and (program != "curl" or _TO_FILE.search(text) is not None)


def _is_compared(line: Line, lines: list[str]) -> bool:
    near = lines[line.number - 1 : line.number + _NEAR]
    return any(_COMPARES.search(each) for each in (line.text, *near))


RULE = Rule(CODE, "unpinned-program", Stage.SECURITY, Principle.D2, PAGE, check, Severity.WARNING)
