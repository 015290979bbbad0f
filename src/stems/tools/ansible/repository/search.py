"""Where Ansible looks for a file that a task names: in the role, beside the tasks, beside the playbook."""

from __future__ import annotations

import re
from posixpath import dirname

from stems.tools.ansible.repository.content import Content, is_below, is_outside, joined
from stems.tools.ansible.repository.tasks import Task
from stems.tools.ansible.repository.tree import AnsibleTree

# People keep these off the repository, and Git need not know.
_PRIVATE = re.compile(r"secret|credential|private|\.(?:key|pem|p12|env)$|(?:^|/)(?:id_\w+|\.env)$", re.IGNORECASE)


def places(tree: AnsibleTree, task: Task, part: str) -> tuple[str, ...]:
    """The folders that are looked into, in their order; `part` is what the module looks into first.

    A task outside of a role may be included by any playbook, and a role may be used by one, so all of theirs count.
    """
    bases = [task.role] if task.role is not None else []
    bases += [dirname(task.file), *tree.play_folders, tree.root]
    folders = (joined(base, inner) for base in bases for inner in ((part, ".") if part else (".",)))
    return tuple(dict.fromkeys(folders))


def found(tree: AnsibleTree, task: Task, part: str, name: str) -> bool | None:
    """Whether the repository has the file or folder, None where that cannot be told."""
    if not name or "{{" in name or "{%" in name or (is_outside(name) and not name.startswith("..")):
        return None
    content = tree.content
    paths = [joined(folder, name.rstrip("/")) for folder in places(tree, task, part)]
    if any(content.exists(path) or content.is_hidden(path) for path in paths):
        return True
    if any(is_outside(path) for path in paths) or _PRIVATE.search(name) or is_ignored(content, name):
        return None
    return False


def is_ignored(content: Content, name: str) -> bool:
    """Whether Git may have been told to ignore it: then it lies on the machine of whoever runs Ansible."""
    last = name.rstrip("/").rpartition("/")[2]
    ending = f"*.{last.rpartition('.')[2]}"
    return any(
        rule.endswith((last, ending))
        or rule.rpartition("/")[2] in ("*", "**")
        or is_below(name, rule)
        or f"/{rule.rpartition('/')[2]}/" in f"/{name}"
        for rule in content.ignored
    )
