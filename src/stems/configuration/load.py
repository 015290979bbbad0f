"""From the text of `config/cluster.yml` to the cluster, or to every mistake in it."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from stems.configuration.consistency import check_consistency
from stems.configuration.convert import cluster_of
from stems.configuration.invalid import InvalidClusterError
from stems.configuration.messages import MAX_FINDINGS, findings_of
from stems.configuration.schema.file import ClusterFile
from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.model.finding import Finding, Place
from stems.readers.document import Document
from stems.readers.nodes import YamlError
from stems.readers.yaml import MAX_CHARACTERS, read_yaml
from stems.validation import codes

_NO_LINK = "put the file itself there"
_PATH = re.compile(r"[\w./-]*/[\w./-]+|[\w.-]+\.ya?ml")


def load_cluster(text: str, path: str = CLUSTER_FILE) -> Cluster:
    """The cluster that a text declares. Raises `InvalidClusterError` with all findings."""
    document = _read(text, path)
    file = _check(document)
    cluster = cluster_of(file, document)
    findings = list(islice(check_consistency(file, cluster), MAX_FINDINGS))
    if findings:
        raise InvalidClusterError(findings)
    return cluster


def read_text(path: Path, shown: str) -> str:
    """The text of a file, called `shown` in messages."""
    try:
        if path.is_symlink():
            raise _unreadable(shown, "a symbolic link, and what Git keeps of one is only its target", _NO_LINK)
        if path.exists() and not path.is_file():
            raise _unreadable(shown, "not a file", f"look at `ls -ld {shown}`")
        if path.stat().st_size > MAX_CHARACTERS:
            remedy = "keep data elsewhere in the repository: this file is what a person writes"
            raise _unreadable(shown, f"larger than {MAX_CHARACTERS // 1024 // 1024} MiB", remedy)
        return decode(path.read_bytes(), shown)
    except FileNotFoundError:
        remedy = "go to the repository of a cluster, name it with `-C`, or see what `stems adopt` proposes"
        raise _unreadable(shown, "there is no such file", remedy) from None
    except OSError as error:
        raise _unreadable(shown, f"cannot be read: {error.strerror}", f"look at `ls -l {shown}`") from None


def decode(content: bytes, shown: str) -> str:
    """The text of a file's content, called `shown` in messages."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(shown, "not UTF-8 text", f"save {shown} as UTF-8", line) from None


def _unreadable(path: str, message: str, remedy: str, line: int = 0) -> InvalidClusterError:
    return InvalidClusterError([Finding(codes.UNREADABLE, Place(path, line), message, remedy)])


def _read(text: str, path: str) -> Document:
    try:
        document = read_yaml(text, path, strict=True)
    except YamlError as error:
        raise InvalidClusterError([Finding(codes.UNREADABLE, error.place, error.message)]) from None
    if isinstance(document.value, dict):
        return document
    problem = "is empty" if document.value is None else "must be a mapping that starts with `version: 1`"
    remedy = "start from the example in the documentation, or run `stems schema`"
    if _PATH.fullmatch(text):
        problem, remedy = "is only a path, which is what Git keeps of a symbolic link", _NO_LINK
    raise InvalidClusterError([Finding(codes.UNREADABLE, document.place(), f"the file {problem}", remedy)])


def _check(document: Document) -> ClusterFile:
    try:
        return ClusterFile.model_validate(document.value)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    raise InvalidClusterError(list(findings_of(errors, ClusterFile, document)))
