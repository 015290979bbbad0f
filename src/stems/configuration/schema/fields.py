"""The kinds of text that `cluster.yml` is made of, each with its check and its meaning for editors."""

import base64
import binascii
import math
import posixpath
import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from stems.model import names
from stems.model.suggestion import one_of
from stems.readers.quantities import DURATION, SHARE, SIZE, read_duration, read_share, read_size

ARCHITECTURES = ("x86_64", "arm64", "armv7", "armv6", "riscv64", "i386")
_OTHER_WORDS = {
    "amd64": "x86_64",
    "x64": "x86_64",
    "x86-64": "x86_64",
    "aarch64": "arm64",
    "armv7l": "armv7",
    "armhf": "armv7",
    "armv6l": "armv6",
}
_HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_TIMEZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}")
_PROJECT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
_ALERT = re.compile(r"[a-z][a-z0-9+.-]{0,30}://\S+")
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(/[\x21-\x7e]*)?")
_KEY = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com) ([A-Za-z0-9+/]+=*)( [^\n]*)?")
_MAX_TEXT = 500


class Part(BaseModel):
    """A mapping in `cluster.yml`: every key is known and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


def _named(pattern: re.Pattern[str], rule: str) -> Any:
    def check(text: str) -> str:
        if not names.is_name(pattern, text):
            raise ValueError(f"must be {rule}")
        return text

    return AfterValidator(check)


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    if len(text) > _MAX_TEXT or names.printable(text) != text:
        raise ValueError(f"must be at most {_MAX_TEXT} characters without control characters")
    return text


def _repository_path(text: str) -> str:
    if not names.is_relative_path(text):
        raise ValueError("must be a path inside the repository, without `..` and not starting with `/`, `~` or `-`")
    return text


def _node_path(text: str) -> str:
    if not names.is_node_path(text):
        raise ValueError("must be a path on the node that starts with `/` or `~/`, without `..`")
    return text


def _checkout(text: str) -> str:
    if posixpath.normpath(_node_path(text)).lstrip("/") in ("", "~"):
        raise ValueError("must be a folder of its own, not the whole disk or home")
    return text


def _absolute_path(text: str) -> str:
    if not text.startswith("/") or not names.is_node_path(text):
        raise ValueError("must be a path on the node that starts with `/`, without `..`")
    # As /proc/mounts has it: without a slash at its end.
    return "/" + posixpath.normpath(text).lstrip("/")


def _url(text: str) -> str:
    try:
        url = urlsplit(text)
        if names.is_name(_URL, text) and url.hostname and url.port != 0:
            return text
    except ValueError:
        pass
    raise ValueError("must be an address that starts with `http://` or `https://`, with a port from 1 to 65535 if any")


def _the_number_1(value: object) -> object:
    # For Python, and so for the comparison behind `Literal`, `true` and `1.0` are 1 too.
    if type(value) is not int:
        raise ValueError("must be the number `1`")
    return value


def _architecture(text: str) -> str:
    if text in ARCHITECTURES:
        return text
    if text in _OTHER_WORDS:
        raise ValueError(f"write `{_OTHER_WORDS[text]}` for `{text}`")
    raise ValueError(f"must be one of {one_of(ARCHITECTURES)}")


def _public_key(text: str) -> str:
    if "PRIVATE KEY" in text:
        raise ValueError("this is a private key: write the public one, and consider this one lost")
    match = _KEY.fullmatch(text.strip())
    if not match or not _is_key(*match.group(1, 2)):
        raise ValueError("must be one complete OpenSSH public key, as in a `.pub` file")
    return text.strip()


def _is_key(kind: str, encoded: str) -> bool:
    try:
        content = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    length = int.from_bytes(content[:4], "big")
    return content[4 : 4 + length] == kind.encode() and len(content) > 4 + length


def _free(text: object) -> object:
    if isinstance(text, str) and text.endswith("%"):
        read_share(text)
    elif not isinstance(text, str):
        raise ValueError("must be a share (`10%`) or a size (`5G`)")
    else:
        read_size(text)
    return text


def _one_or_several(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("must be a number that every tool can read, not infinity or not-a-number")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _finite(inner)
    return value


def _written(pattern: str, *kinds: str) -> WithJsonSchema:
    return WithJsonSchema({"type": list(kinds) if len(kinds) > 1 else kinds[0], "pattern": f"^({pattern})$"})


Version = Annotated[Literal[1], BeforeValidator(_the_number_1)]

_LOWER = "lower-case letters, digits and `-`, starting with a letter"

ClusterName = Annotated[str, _named(names.CLUSTER, f"a name of at most 32 {_LOWER}")]
NodeName = Annotated[str, _named(names.NODE, f"a name of {_LOWER}")]
RoleName = Annotated[str, _named(names.NODE, f"a name of {_LOWER}")]
ServiceName = Annotated[str, _named(names.SERVICE, "a name of lower-case letters, digits, `_`, `.` and `-`")]
FolderName = Annotated[
    str, _named(names.FOLDER, "names of folders with `/` between them, of letters, digits, `_`, `.` and `-`")
]
ToolName = Annotated[str, _named(names.NODE, f"the name of a tool: {_LOWER}")]
VariableName = Annotated[str, _named(names.VARIABLE, "a name of letters, digits and `_`, not starting with a digit")]
UserName = Annotated[str, _named(names.USER, "the name of an account")]
HostName = Annotated[str, _named(_HOSTNAME, "a host name of letters, digits, `.` and `-`")]
SshHost = Annotated[str, _named(names.HOST, "a host name, an address or an alias of `~/.ssh/config`")]
UnitName = Annotated[str, _named(names.UNIT, "a systemd unit with its type, for instance `caddy.service`")]
ComposeService = Annotated[
    str, _named(names.COMPOSE_SERVICE, "the name of a Compose service: letters, digits, `_`, `.` and `-`")
]
ProjectName = Annotated[str, _named(_PROJECT, "a Compose project name of lower-case letters, digits, `_` and `-`")]
PersonName = Annotated[str, _named(_PERSON, "a name without spaces, as `ssh-keygen -Y` needs it")]
Timezone = Annotated[str, _named(_TIMEZONE, "a name of the time zone database, for instance `Europe/Berlin`")]
Alert = Annotated[str, _named(_ALERT, "an Apprise URL, for instance `ntfy://topic`")]
Url = Annotated[str, AfterValidator(_url)]
PublicKey = Annotated[str, AfterValidator(_public_key)]
Text = Annotated[str, AfterValidator(_text)]
RepositoryPath = Annotated[str, AfterValidator(_repository_path)]
NodePath = Annotated[str, AfterValidator(_node_path)]
CheckoutPath = Annotated[str, AfterValidator(_checkout)]
AbsolutePath = Annotated[str, AfterValidator(_absolute_path)]
Architecture = Annotated[
    str, AfterValidator(_architecture), WithJsonSchema({"type": "string", "enum": list(ARCHITECTURES)})
]
Duration = Annotated[float, BeforeValidator(read_duration), _written(DURATION, "string")]
Size = Annotated[int, BeforeValidator(read_size), _written(SIZE, "string", "integer")]
Free = Annotated[str, BeforeValidator(_free), _written(f"{SHARE}|{SIZE}", "string")]
Names = Annotated[
    list[NodeName],
    Field(min_length=1),
    BeforeValidator(_one_or_several),
    WithJsonSchema({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
Variables = dict[VariableName, Annotated[Any, AfterValidator(_finite)]]
