"""Every secret that is written in a file of the repository, for the rules that tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname

from stems.validation.commands import is_script, plain_name
from stems.validation.files import File
from stems.validation.patterns import any_of
from stems.validation.secrets.lines import assignments
from stems.validation.secrets.names import secret_kind
from stems.validation.secrets.tokens import tokens
from stems.validation.secrets.values import Worth, worth
from stems.validation.subject import Subject
from stems.validation.templated import is_template_name

_CONFIGURES = any_of(
    "*.yml", "*.yaml", "*.json", "*.jsonc", "*.json5", "*.toml", "*.ini", "*.cfg", "*.conf", "*.cnf", "*.config",
    "*.env",
    ".env", ".env.*", "*.properties", "*.xml", "*.tf", "*.tfvars", "*.nix", "*.service", "*.netrc", ".netrc",
    "_netrc", "*.inv",
    "hosts", "inventory", "inventory.*", "Dockerfile*", "Containerfile*", ".npmrc", ".pypirc", ".my.cnf",
    "my.cnf", ".pgpass",
    "*.php", "*.rc", ".*rc", "config", "credentials", ".git-credentials", "*.vars", "*.plist", "*.hcl",
    "*.container", "env",
    "*.users", ".htpasswd", "htpasswd", "*.kube*", "Makefile", "environment", "*credentials", "msmtprc", "fetchmailrc",
    "*.py", "*.creds", "*.secret*",
)  # fmt: skip
_EXAMPLES = re.compile(
    r"example|sample|template|\bdist\b|\btpl\b|schema|locale|i18n|translation|\blang\b|mock|env\.defaults?", re.I
)
_ELSEWHERE = re.compile(r"example|sample|schema|locale|i18n|translation", re.I)
_NOT_OURS = any_of(
    "*.lock", "*.sum", "package-lock.json", "*.min.js", "*.map", "*.svg", "*.css", "*.ipynb", "known_hosts*",
    "*.pub", "*.crt",
    "*.patch", "*.diff",
)  # fmt: skip
# What other people wrote, or what is a test of something: a token there is made up.
_MADE_UP = frozenset(
    ["test", "tests", "testdata", "fixtures", "example", "examples", "sample", "samples", "vendor", "node_modules",
     "third_party", "site-packages", "molecule"]
)  # fmt: skip
_QUOTED_ONLY = (".tf", ".nix", ".php", ".hcl", ".fish", ".py")
_ENVIRONMENTS = re.compile(r"(?:^|/)(?:\.env(?:\.[\w-]+)?|[\w.-]+\.env)$")
# A rule about playbooks is about these.
_CONNECTS = re.compile(r"ansible_\w*pass(?:word)?")
# A database that lives for one run of the checks needs a password, and no secret one.
_PIPELINES = re.compile(r"(?:^|/)(?:\.(?:github|gitea|forgejo)/workflows/|\.gitlab-ci|\.woodpecker|\.drone\.)")
_ONE = re.compile(r"(?:^|[._-])pass(?:word|phrase|wd)?(?:\.txt|\.secret)?$", re.IGNORECASE)
_PLAIN = (".txt", ".secret")
_NOT_ONE = (" ", "\n", "\t", "=", ": ", "{{", "<")
_LONGEST = 200
_MOST = 512 * 1024


@dataclass(frozen=True, slots=True)
class Secret:
    """One written secret: the name that it has there, or whose token it is. Its value is not kept."""

    file: File
    line: int
    column: int
    name: str
    worth: Worth
    is_token: bool = False


def written_secrets(subject: Subject) -> tuple[Secret, ...]:
    """Asked for with `subject.once`."""
    return tuple(secret for file in subject.files for secret in _of(file))


def is_environment(path: str) -> bool:
    """Whether it is an `.env` with values, and no example or template of one."""
    return _ENVIRONMENTS.search(path) is not None and not _is_example(path) and not is_template_name(path)


def _is_example(path: str) -> bool:
    return _EXAMPLES.search(path.rpartition("/")[2]) is not None or _ELSEWHERE.search(dirname(path)) is not None


def _of(file: File) -> Iterator[Secret]:
    text = file.text
    if not text or file.is_documentation or _NOT_OURS.fullmatch(file.name):
        return
    parts = {part.lstrip("._") for part in file.folder.lower().split("/")}
    if not _MADE_UP.isdisjoint(parts) or _EXAMPLES.search(file.name) or file.is_encrypted:
        return
    told = set[int]()
    for offset, provider in tokens(text):
        place = file.at(offset)
        told.add(place.line)
        yield Secret(file, place.line, place.column, provider, Worth.RANDOM, is_token=True)
    if _is_one(file):
        value = worth(text.strip(), is_password=True)
        if value in (Worth.WORD, Worth.RANDOM) and 1 not in told:
            yield Secret(file, 1, 1, file.name, value)
    elif _configures(file):
        yield from (secret for secret in _assigned(file) if secret.line not in told)


def _is_one(file: File) -> bool:
    """Whether all that is in a file is one secret, as its name or folder says."""
    text = file.text.strip()
    if file.is_aside or not text or len(text) > _LONGEST or any(sign in text for sign in _NOT_ONE):
        return False
    is_of_secrets = file.folder.rpartition("/")[2].lstrip(".") == "secrets" and file.name.endswith(_PLAIN)
    is_plain = "." not in file.name or file.name.endswith(_PLAIN) or file.name.startswith(".")
    return _ONE.search(plain_name(file.path)) is not None if is_plain and not is_of_secrets else is_of_secrets


def _configures(file: File) -> bool:
    if file.is_aside or len(file.text) > _MOST or _is_example(file.path):
        return False
    name = plain_name(file.path)
    return _CONFIGURES.fullmatch(name) is not None or is_script(file) or _is_inventory(file.path)


def _is_inventory(path: str) -> bool:
    return re.search(r"(?:^|/)(?:(?:group|host)_vars|inventor(?:y|ies))/", path) is not None


def _assigned(file: File) -> Iterator[Secret]:
    quoted_only = plain_name(file.path).endswith(_QUOTED_ONLY)
    seen = set[tuple[int, Worth]]()
    for found in assignments(file):
        kind = "" if _CONNECTS.fullmatch(found.name) else found.kind or secret_kind(found.name)
        if not kind or (quoted_only and not found.is_quoted):
            continue
        value = worth(found.value, is_password=kind == "password")
        if value is Worth.WORD and (_PIPELINES.search(file.path) or file.name.endswith(".py")):
            continue
        if value is Worth.NOTHING or (kind == "hash" and value is not Worth.HASH) or (found.line, value) in seen:
            continue
        seen.add((found.line, value))
        yield Secret(file, found.line, found.column, found.name, value)
