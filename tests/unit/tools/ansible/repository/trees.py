"""A repository of a test, from texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent

from stems.errors import ConfigurationError
from stems.readers.document import Document
from stems.readers.yaml import read_all_yaml
from stems.tools.ansible.repository.content import Content
from stems.tools.ansible.repository.find import Declared, find_trees
from stems.tools.ansible.repository.tree import AnsibleTree


def content(files: Mapping[str, str], aside: Sequence[str] = ()) -> Content:
    texts = {path: dedent(text).removeprefix("\n") for path, text in files.items()}

    def documents(path: str) -> Sequence[Document]:
        try:
            return read_all_yaml(texts[path], path)
        except ConfigurationError:
            return ()

    return Content(list(texts), lambda path: texts[path], documents, aside)


def trees(files: Mapping[str, str], *declared: Declared) -> tuple[AnsibleTree, ...]:
    return find_trees(content(files), declared)


def tree(files: Mapping[str, str]) -> AnsibleTree:
    """The only one."""
    (found,) = trees(files)
    return found
