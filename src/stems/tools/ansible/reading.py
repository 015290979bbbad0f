"""Whether a task only reads, as far as its text tells: the usual probe of a playbook.

The callback plugin loads this file by its path, into a Python that may not have stems: it imports nothing of it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

_MODULES = frozenset({
    "assert", "debug", "fail", "find", "gather_facts", "getent", "include_vars", "ping", "set_fact", "set_stats",
    "setup", "slurp", "stat", "wait_for", "wait_for_connection",
})  # fmt: skip
_COMMANDS = frozenset({"command", "shell", "raw"})

_READERS = frozenset({
    "[", "apt-cache", "arch", "awk", "basename", "blkid", "cat", "cksum", "cmp", "cut", "date", "df", "diff", "dig",
    "dirname", "dpkg-query", "du", "echo", "egrep", "expr", "false", "fgrep", "file", "find", "findmnt", "free",
    "getconf", "getent", "grep", "groups", "head", "host", "id", "ip", "jq", "last", "ldd", "ls", "lsb_release",
    "lsblk", "lscpu", "lsmod", "lsof", "lspci", "lsusb", "md5sum", "namei", "netstat", "nproc", "nslookup",
    "nvidia-smi", "pgrep", "printenv", "printf", "ps", "pwd", "readlink", "realpath", "sha1sum", "sha256sum",
    "sha512sum", "sort", "ss", "stat", "sysctl", "tail", "test", "tr", "true", "type", "uname", "uniq", "uptime",
    "vcgencmd", "wc", "whereis", "which", "whoami",
})  # fmt: skip
"""Programs that write nothing whatever they are told, but for what `_WRITING` names."""

_WRITING = {
    "awk": re.compile(r">|system\s*\(|inplace"),
    "date": re.compile(r"(?:^|\s)(?:-s|--set)"),
    "find": re.compile(r"(?:^|\s)-(?:delete|exec|execdir|ok|okdir|fprint\w*|fls)\b"),
    "ip": re.compile(r"\b(?:add|append|change|del|delete|exec|flush|replace|restore|set)\b"),
    "nvidia-smi": re.compile(r"(?:^|\s)-(?!q\b|L\b|-query|-format|-id|i\b|-list)"),
    "sort": re.compile(r"(?:^|\s)(?:-\w*o|--output)"),
    "ss": re.compile(r"(?:^|\s)(?:-\w*[KD]|--kill|--diag)"),
    "sysctl": re.compile(r"=|(?:^|\s)(?:-\w*[wp]|--write|--load|--system)"),
    "vcgencmd": re.compile(r"\bset_|\bdisplay_power\s+\d"),
}

_ASKING = frozenset({
    "cat", "describe", "get", "get-default", "images", "info", "inspect", "is-active", "is-enabled", "is-failed",
    "is-system-running", "list", "list-timers", "list-unit-files", "list-units", "log", "logs", "ls", "ls-files",
    "ls-remote", "ps", "rev-parse", "show", "stats", "status", "version", "whoami",
})  # fmt: skip
"""First words of programs that have many, where the program only answers."""

_NESTED = frozenset({"docker", "kubectl", "lxc", "nmcli", "pct", "podman", "qm", "zfs"})
"""Programs whose second word says what is done, as in `docker container ls`."""

_ANSWERS = frozenset({"--version", "-version", "-V", "--help"})
_QUERIES = {
    "command": re.compile(r"-[vV]$"),
    "dpkg": re.compile(
        r"-(?:[lLsS]|-list|-listfiles|-status|-search|-print-architecture|-get-selections|-compare-versions)$"
    ),
    "rpm": re.compile(r"-q|--query"),
}
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_REFERENCE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_OPERATORS = frozenset("|&;<>()\n")
_BETWEEN = frozenset({"|", "||", "&&", ";", "\n"})


def only_reads(module: str, arguments: object) -> bool:
    """Whether a task of this module does nothing but look. What cannot be told does more."""
    return never_changes(module, arguments) or (
        module in _COMMANDS and _command_reads(_command(arguments), is_shell=module != "command")
    )


def never_changes(module: str, arguments: object) -> bool:
    """Whether a module only looks and says so by itself, so that a task need not."""
    if module == "uri":
        return str(_given(arguments, "method") or "GET").upper() in ("GET", "HEAD") and not _given(arguments, "dest")
    return module in _MODULES or module.endswith(("_info", "_facts"))


def _command_reads(text: str, *, is_shell: bool) -> bool:
    text = _REFERENCE.sub("VALUE", text).strip()
    if not text or (is_shell and ("`" in text or "$(" in text)):
        return False
    try:
        return all(_part_reads(part) for part in (_parts(text) if is_shell else [shlex.split(text)]))
    except ValueError:
        return False


def _parts(text: str) -> Iterator[list[str]]:
    """The simple commands of a script. Raises `ValueError` for what is more than a list of them, or writes files."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars="".join(_OPERATORS))
    lexer.whitespace, lexer.commenters = " \t\r", ""
    words: list[str] = []
    redirected = ""
    for part in lexer:
        if redirected:
            if not (part == "/dev/null" or "<" in redirected or (redirected == ">&" and part.isdigit())):
                raise ValueError("writes a file")
            redirected = ""
        elif part in ("<", ">", ">>", ">&", "&>"):
            redirected = part
        elif part in _BETWEEN or set(part) == {"\n"}:
            yield words
            words = []
        elif set(part) <= _OPERATORS:
            raise ValueError("more than simple commands")
        else:
            words.append(part)
    yield words


def _part_reads(words: list[str]) -> bool:
    while words and (_ASSIGNED.fullmatch(words[0]) or words[0] in ("sudo", "!", "exec", "time")):
        words = words[1:]
    if not words:
        return True
    program, rest = words[0].rpartition("/")[2], words[1:]
    if program in _READERS:
        return not (program in _WRITING and _WRITING[program].search(" ".join(rest)))
    if program in _QUERIES:
        return bool(rest) and (rest[0] in _ANSWERS or _QUERIES[program].match(rest[0]) is not None)
    # Neither options nor the folder of `git -C FOLDER`.
    named = [word for word in rest if word[0:1] != "-" and "/" not in word]
    return (len(rest) == 1 and rest[0] in _ANSWERS) or _answers(program, named)


def _answers(program: str, words: list[str]) -> bool:
    """Whether the word that says what is done only asks."""
    at = 1 if program in _NESTED and len(words) > 1 and words[0] not in _ASKING else 0
    return len(words) > at and program != "VALUE" and words[at] in _ASKING


def _command(arguments: object) -> str:
    if isinstance(arguments, Mapping):
        if isinstance(arguments.get("argv"), list):
            return shlex.join(map(str, arguments["argv"]))
        return str(arguments.get("cmd") or arguments.get("_raw_params") or "")
    return arguments if isinstance(arguments, str) else ""


def _given(arguments: object, key: str) -> object:
    if isinstance(arguments, Mapping):
        return arguments.get(key)
    match = re.search(rf"\b{key}=(\S+)", str(arguments))
    return match[1] if match else None
