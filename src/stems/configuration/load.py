"""From the text of `config/cluster.yml` to the cluster, or to every mistake in it."""

from __future__ import annotations

import re
from itertools import islice

from pydantic import ValidationError

from stems.configuration.consistency import check_consistency
from stems.configuration.convert import cluster_of
from stems.configuration.invalid import InvalidClusterError
from stems.configuration.messages import MAX_FINDINGS, findings_of
from stems.configuration.schema.file import ClusterFile
from stems.configuration.text import NO_LINK
from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.model.finding import Finding
from stems.readers.document import Document
from stems.readers.nodes import YamlError
from stems.readers.yaml import read_yaml
from stems.validation import codes

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
        problem, remedy = "is only a path, which is what Git keeps of a symbolic link", NO_LINK
    raise InvalidClusterError([Finding(codes.UNREADABLE, document.place(), f"the file {problem}", remedy)])


def _check(document: Document) -> ClusterFile:
    try:
        return ClusterFile.model_validate(document.value)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    raise InvalidClusterError(list(findings_of(errors, ClusterFile, document)))
