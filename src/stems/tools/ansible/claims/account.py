"""As whom a task runs on a node: whose home `~` is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from stems.model.names import USER, is_name
from stems.tools.ansible.claims.expression import Evaluator, UndefinedError, UnknownError, switch
from stems.tools.ansible.claims.variables import View

_CONFIGURED = re.compile(r"^\s*become\w*\s*=", re.MULTILINE)
_ROOT = "root"


def account_of(levels: Iterable[Mapping[str, Any]], view: View, source: Path) -> str | None:
    """The account; empty for an SSH user that OpenSSH decides, None where it is not known. `levels` go inwards."""
    keys = list(levels)
    evaluator = Evaluator(view.look)
    try:
        become = _last(keys, "become", "ansible_become", evaluator)
        if become is None and _is_configured(source):
            return None
        if become is None or switch(become) is False:
            user = view.surroundings.node.ssh.user
            return None if not user and any("remote_user" in each for each in keys) else user
        account = _last(keys, "become_user", "ansible_become_user", evaluator) or _ROOT
    except UnknownError:
        return None
    return str(account) if switch(become) and is_name(USER, account) else None


def _last(keys: list[Mapping[str, Any]], word: str, variable: str, evaluator: Evaluator) -> object:
    """The variable, which wins over every keyword, or the innermost keyword."""
    try:
        return evaluator.value(f"{{{{ {variable} }}}}")
    except UndefinedError:
        return next((evaluator.value(each[word]) for each in reversed(keys) if each.get(word) is not None), None)


def _is_configured(source: Path) -> bool:
    path = source / "ansible.cfg"
    return path.is_file() and _CONFIGURED.search(path.read_text("utf-8", "replace")) is not None
