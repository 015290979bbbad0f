"""Whether what a task misses in check mode may come with an earlier change, or is a mistake of the playbook."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stems.model.change import Change
from stems.tools.ansible.events import Outcome

_INCLUDES = frozenset({"include_tasks", "import_tasks", "include_role", "import_role", "include_vars"})
# What ansible-core 2.15 to 2.19 says of what no change of a node brings.
_MISTAKE = re.compile(
    r"'[^']*' is undefined|template error|syntax error in template|could not find or access|\blookup (?:had an|plugin)|"
    r"unsupported parameters for|missing required arguments|value of \S+ must be one of|resolve module/action",
    re.IGNORECASE,
)


def may_come(stopped: Outcome, earlier: Iterable[Change]) -> bool:
    """A file brings only what is named like it, everything else may bring anything."""
    if is_mistake(stopped):
        return False
    told = " ".join([stopped.message, *map(str, stopped.args.values()), str(stopped.result.get("path", ""))])
    return any(
        not change.resource.startswith("file:") or change.resource.removeprefix("file:") in told for change in earlier
    )


def is_mistake(outcome: Outcome) -> bool:
    # Later lines quote the playbook.
    said = outcome.message.partition("\n")[0]
    return outcome.module in _INCLUDES or _MISTAKE.search(said) is not None
