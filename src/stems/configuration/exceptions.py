"""From the text of `config/exceptions.yml` to exceptions, or to every mistake in it."""

from __future__ import annotations

from pathlib import Path

from stems.configuration.invalid import InvalidClusterError
from stems.configuration.text import read_text
from stems.model.finding import Finding
from stems.model.rule_exception import EXCEPTIONS_FILE, RuleException
from stems.readers.nodes import YamlError
from stems.readers.yaml import read_yaml
from stems.tools.exceptions import Exceptions
from stems.validation import codes


def exceptions_of(root: Path) -> Exceptions:
    """The exceptions of a tree, none without the file. Raises `InvalidClusterError` with all mistakes of it."""
    path = root / EXCEPTIONS_FILE
    if not path.is_symlink() and not path.exists():
        return Exceptions(root)
    return Exceptions(root, load_exceptions(read_text(path, EXCEPTIONS_FILE)))


def load_exceptions(text: str, path: str = EXCEPTIONS_FILE) -> tuple[RuleException, ...]:
    """The exceptions that a text lists."""
    # Most repositories have none, and the schema is what costs.
    from pydantic import ValidationError  # noqa: PLC0415  # as said

    from stems.configuration.messages import findings_of  # noqa: PLC0415  # as said
    from stems.configuration.schema.exceptions import ExceptionsFile  # noqa: PLC0415  # as said

    try:
        document = read_yaml(text, path, strict=True)
    except YamlError as error:
        raise InvalidClusterError([Finding(codes.UNREADABLE, error.place, error.message)]) from None
    try:
        file = ExceptionsFile.model_validate(document.value)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise InvalidClusterError(list(findings_of(found, ExceptionsFile, document))) from None
    return tuple(
        RuleException(part.allow, part.where, part.reason, document.place("exceptions", number), part.until)
        for number, part in enumerate(file.exceptions)
    )
