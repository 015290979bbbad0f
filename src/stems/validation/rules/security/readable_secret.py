"""A dotfile with secrets that other accounts of the node can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.source import Entry
from stems.tools.chezmoi.templated import Ignored
from stems.tools.files.source import Source, parents, read_source
from stems.validation.commands import command_lines
from stems.validation.dotfiles import Dotfiles, sources_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM618"
_FILES = "files"
_SECRET = re.compile(
    r"\.(?:netrc|pgpass|my\.cnf|mylogin\.cnf|git-credentials|pypirc|vault-token|smbcredentials|mbsyncrc|msmtprc|fetchmailrc)"
    r"|\.ssh/(?:id_[\w.-]+|[\w.-]+\.(?:key|pem))|\.aws/credentials|\.kube/config|\.docker/config\.json"
    r"|\.config/(?:rclone/rclone\.conf|gh/hosts\.yml|sops/age/keys\.txt|hub|restic/[\w.-]*pass\w*|msmtp/config)"
    r"|\.gnupg/(?:private-keys|secring|sshcontrol)[\w./-]*|\.age/[\w./-]+"
)

_CHMOD = re.compile(
    r"\b(?:chmod\s+(?:-{1,2}[a-zA-Z][\w-]*\s+)*|install\s[^;&|\n]{0,300}?(?:-m|--mode)[= ]?)"
    r"(?:0?[0-7]{2}[4-7]|[ugo]*[oa][ugo]*[+=]r[wx]*|\+r[wx]*)\s+(?P<names>[^;&|\n]+)"
)
_HOLDS = re.compile(
    r"(?:^|/)(?:\.env(?:\.(?!example|sample|template|dist)[\w-]+)?|\.netrc|\.pgpass|\.my\.cnf|\.git-credentials"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)[\w-]*|\.vault[_-]pass\w*|privkey\d*\.pem|[\w.-]*private[\w.-]*\.(?:key|pem)"
    r"|kubeconfig|\.kube/config|\.aws/credentials|\.?smbcredentials)$"
    r"|^/etc/wireguard/[\w.*-]+|/ssl/private/[\w.*-]+|(?:^|/)\.?secrets/[\w.*-]+$|\.ssh/\*$|(?:server|tls|ssl|host)\.key$"
)
_PRINTED = re.compile(r"\b(?:echo|printf)\s[^;&|]*$")

PAGE = Page(
    checks="""Targets of a chezmoi source that hold secrets by their name - `.netrc`, `.pgpass`, private keys in
`.ssh`, `.aws/credentials` and so on - and what is encrypted in the source, when neither they nor a folder that they
are in have the attribute `private_`; and such targets of the tool `files` without a mode that keeps others away. Also
`chmod 644` and `install -m 644` of such a file in scripts.""",
    why="""chezmoi gives such a file the mode 0644, so that every account and every service on the node can read it,
also one that it decrypted. `ssh` and PostgreSQL refuse it then, and say so only where it is used.""",
    instead="`chezmoi chattr +private FILE`, or a mode in `.stems-files.yml`.",
    bad={"home/dot_netrc.tmpl": 'machine example.com login me password {{ pass "example" }}\n'},
    good={"home/private_dot_netrc.tmpl": 'machine example.com login me password {{ pass "example" }}\n'},
    also_bad=(
        {"home/encrypted_dot_netrc.age": "age-encryption.org/v1\n"},
        {"home/dot_ssh/encrypted_id_ed25519.age": "age-encryption.org/v1\n"},
        {"home/dot_pgpass.tmpl": '{{ pass "db" }}\n'},
        {"home/dot_config/rclone/encrypted_rclone.conf.age": "age-encryption.org/v1\n"},
        {"home/dot_ssh/id_ed25519.tmpl": "{{ pass `key` }}\n"},
        {"dotfiles/.ssh/id_ed25519": "a\n", "dotfiles/.bashrc": "a\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod 644 ~/.ssh/id_ed25519\n"},
        {"bin/a.sh": "#!/bin/sh\nsudo chmod 0644 /etc/wireguard/wg0.conf\n"},
        {"bin/a.sh": "#!/bin/sh\ninstall -m 644 .env /srv/app/.env\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod a+r secrets/db_password\n"},
        {"home/dot_aws/credentials.tmpl": '{{ pass "aws" }}\n'},
    ),
    also_good=(
        {"home/private_dot_ssh/encrypted_id_ed25519.age": "age-encryption.org/v1\n"},
        {"home/dot_ssh/encrypted_private_id_ed25519.age": "age-encryption.org/v1\n"},
        {"home/dot_ssh/private_config": "Host gate\n", "home/dot_ssh/id_ed25519.pub": "ssh-ed25519 AAAA me\n"},
        {"dotfiles/.netrc": "machine a\n", "dotfiles/.stems-files.yml": 'modes: {".netrc": "0600"}\n'},
        {"dotfiles/.ssh/id_rsa": "a\n", "dotfiles/.stems-files.yml": 'modes: {".ssh/": "0700"}\n'},
        # It holds no secret, and ssh takes it as it is.
        {"home/dot_ssh/config": "Host gate\n"},
        {"dotfiles/.ssh/config": "Host gate\n"},
        {"other/.netrc": "machine a\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod 600 ~/.ssh/id_ed25519\nchmod 644 ~/.ssh/id_ed25519.pub ~/.ssh/config\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod 644 .env.example\nchmod 640 .env\nchmod +x bin/env\necho chmod 644 .env\n"},
        {"bin/a.sh": "#!/bin/sh\nchmod go-rwx .env\nchmod 755 secrets\nchmod u+r .netrc\n"},
        {"home/dot_aws/config": "[default]\n", "home/dot_netrc.tmpl": "", "home/.chezmoiignore": ".netrc\n"},
        {"home/remove_dot_netrc": "", "home/dot_a": "a\n"},
        {"home/private_dot_config/gh/hosts.yml.tmpl": "{{ pass `gh` }}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for dotfiles in subject.once(sources_of):
        private = _private_folders(dotfiles)
        for entry in dotfiles.source.at(Kind.FILE, Kind.CREATE, Kind.MODIFY):
            if entry.ignored is not Ignored.YES and _is_secret(entry) and not _is_kept(entry, private):
                yield _found(entry.place, entry.target, "let its name begin with `private_`: `chezmoi chattr +private`")
    for tool, job in subject.jobs:
        if tool.NAME == _FILES:
            yield from _of_files(read_source(job))

    for line in subject.once(command_lines):
        found = _CHMOD.search(line.text) if "chmod" in line.text or "install" in line.text else None
        if found and line.runs(found.start()) and not _PRINTED.search(line.text[: found.start()]):
            name = next((name for name in found["names"].split() if _HOLDS.search(name.strip("\"'"))), "")
            if name:
                message = f"{name} will be readable by every account of the node"
                yield Finding(CODE, line.place(found[0]), message, "give it the mode 600", Severity.WARNING)


def _found(place: Place, target: str, remedy: str) -> Finding:
    return Finding(CODE, place, f"~/{target} will be readable by every account of the node", remedy, Severity.WARNING)


def _of_files(source: Source) -> Iterator[Finding]:
    for item in source.items:
        if not _SECRET.fullmatch(item.target) or item.target.endswith(".pub") or not item.mode:
            continue
        modes = [item.mode, *(source.modes.get(f"{folder}/", "0755") for folder in parents(item.target))]
        if all(int(mode, 8) & 0o077 for mode in modes):
            yield _found(item.place, item.target, "give it the mode 0600 in `.stems-files.yml`")


def _private_folders(dotfiles: Dotfiles) -> set[str]:
    return {entry.target for entry in dotfiles.source.at(Kind.DIR) if "private" in entry.attributes.flags}


def _is_secret(entry: Entry) -> bool:
    if entry.target.endswith(".pub"):
        return False
    return "encrypted" in entry.attributes.flags or _SECRET.fullmatch(entry.target) is not None


def _is_kept(entry: Entry, private: set[str]) -> bool:
    """Whether its own mode or that of a folder above keeps others away."""
    folder = dirname(entry.target)
    while folder and folder not in private:
        folder = dirname(folder)
    return bool(folder) or "private" in entry.attributes.flags


RULE = Rule(CODE, "readable-secret", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
