"""A crontab whose last line does not end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.edit import Edit
from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM151"
_FOLDERS = frozenset({"cron.d", "crontabs", "dot_cron.d"})
_NAMES = re.compile(r"(?:.*[._-])?crontab(?:\.(?:txt|j2|tmpl))?|.*\.cron(?:\.(?:j2|tmpl))?")
# Minute, hour, day, month, weekday, or one word for all of them; then what to run.
_ENTRY = re.compile(
    r"[ \t]*(?:@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)"
    r"|(?:[\d*][\w*/,-]*\s+){4}[\w*][\w*/,-]*)\s+\S"
)

PAGE = Page(
    checks="""Files of `cron.d` and crontabs whose last line is an entry, and has no newline at its end. `--fix`
adds it.""",
    why="""The cron of Debian does not load such a file at all: it writes "Missing newline before EOF, this crontab
file will be ignored" to the system's log, where nobody reads it, and the backup of every night does not run.""",
    instead="End the last line: most editors do so when they are told to end files with a newline.",
    bad={"ansible/files/cron.d/backup": b"MAILTO=me\n30 3 * * * root /usr/local/bin/backup"},
    good={"ansible/files/cron.d/backup": b"MAILTO=me\n30 3 * * * root /usr/local/bin/backup\n"},
    also_bad=(
        {"etc/cron.d/certbot": b"0 */12 * * * root certbot -q renew"},
        {"crontab": b"@reboot /home/me/start.sh"},
        {"hosts/gate/pi.crontab": b"*/5 * * * * curl -fsS https://ping.example/1"},
        {"roles/backup/templates/backup.cron.j2": b"15 2 * * 1-5 root {{ backup_command }}"},
        {"files/crontab.txt": b"# m h dom mon dow command\n0 4 * * sun /opt/prune"},
    ),
    also_good=(
        {"etc/cron.d/certbot": b"0 */12 * * * root certbot -q renew\n"},
        # The last line is no entry: all of them are loaded.
        {"etc/cron.d/.placeholder": b""},
        {"etc/cron.daily/backup": b"#!/bin/sh\nexec backup"},
        {"scripts/crontab.md": b"30 3 * * * root backup"},
        {"files/cron.yml": b"cron: '30 3 * * * root backup'"},
        {"services/ofelia/config.ini": b"schedule = 0 0 * * *"},
        {"old/crontab": b"@daily true"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        if _is_crontab(file) and not (file.is_aside or file.is_documentation):
            yield from _of(file)


def _is_crontab(file: File) -> bool:
    return not _FOLDERS.isdisjoint(file.folder.split("/")[-1:]) or bool(_NAMES.fullmatch(file.name))


def _of(file: File) -> Iterator[Finding]:
    lines = file.lines
    if lines and _ENTRY.match(lines[-1]):
        message = "the last line has no newline at its end, so that cron ignores the whole file"
        fix = (Edit(file.path, len(file.text), "", "\n"),)
        yield Finding(CODE, file.place(len(lines), len(lines[-1])), message, "end it", Severity.WARNING, fix=fix)


RULE = Rule(CODE, "unended-crontab", Stage.SYNTAX, Principle.O1, PAGE, check, Severity.WARNING)
