"""Approvals as OpenSSH signatures: made with an approver's key, checked against the list of approvers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stems.errors import ApprovalError, StemsError
from stems.infrastructure.command import Command, Effect, Result
from stems.infrastructure.runner import Runner
from stems.model.approval import Approval
from stems.model.cluster import Approver
from stems.model.names import printable

NAMESPACE = "stems-plan"
"""A signature that was made for anything else, a Git commit for instance, is no approval."""
_AGENT = Command(("ssh-add", "-L"), Effect.READS, timeout=10)
_SEE_LIST = "see `approvers` in config/cluster.yml"
_KEY_TYPES = ("ssh-", "ecdsa-", "sk-")
_TOUCH = 60.0
"""Seconds for a person to touch a hardware key."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Which approver signed, and the armoured signature."""

    approver: str
    signature: str


def sign(local: Runner, digest: str, approvers: Sequence[Approver], *, key: Path | None, private: Path) -> Signed:
    """Sign a plan's digest with the key of one of the approvers.

    The key is the file that the person named, else one that the agent holds, else one in `~/.ssh`.
    """
    approver, path = _named(local, approvers, key) if key else _found(local, approvers, private)
    command = sign_command(path, digest)
    result = local.run(command)
    signature = result.text
    if not result.ok or "BEGIN SSH SIGNATURE" not in signature:
        raise _not_signed(path, result)
    approval = Signed(approver.name, signature)
    # A key file and the public key beside it may differ: what will not verify is refused now, not at the deployment.
    _verify(local, approval, digest, approvers=approvers, private=private)
    return approval


def verify(local: Runner, approval: Approval, approvers: Sequence[Approver], *, private: Path) -> None:
    """Raise unless the approval is signed, over exactly its plan, by the approver whom it names."""
    _verify(local, Signed(approval.who, approval.signature), approval.plan, approvers=approvers, private=private)


def sign_command(key: Path, digest: str) -> Command:
    # From standard input the signature goes to standard output, so no file appears beside anything.
    argv = ("ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key))
    return Command(argv, Effect.STAGES, stdin=digest.encode(), timeout=_TOUCH)


def verify_command(who: str, digest: str, *, allowed: Path, signature: Path) -> Command:
    argv = ("ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-f", str(allowed), "-I", who, "-s", str(signature))
    return Command(argv, Effect.READS, stdin=digest.encode(), timeout=10)


def allowed_signers(approvers: Sequence[Approver]) -> str:
    """The list of approvers in the form that ssh-keygen reads."""
    return "".join(f'{_principal(one.name)} namespaces="{NAMESPACE}" {public_key(one.key)}\n' for one in approvers)


def public_key(text: str) -> str:
    """Type and key of a public key without its comment: what two copies of one key have in common."""
    words = text.split()
    if len(words) < 2 or "\n" in text.strip() or printable(text) != text:
        raise ApprovalError(f"{printable(text)[:40]!r} is no OpenSSH public key", remedy=_SEE_LIST)
    return " ".join(words[:2])


def parse_agent(output: str) -> list[str]:
    """The public keys that `ssh-add -L` lists."""
    lines = (line.split() for line in output.splitlines())
    return [
        " ".join(words[:2]) for words in lines if len(words) >= 2 and words[0].startswith(("ssh-", "ecdsa-", "sk-"))
    ]


def _verify(local: Runner, signed: Signed, digest: str, *, approvers: Sequence[Approver], private: Path) -> None:
    who = signed.approver
    if who not in {one.name for one in approvers}:
        raise ApprovalError(
            f"plan {digest[:12]}: {printable(who)} is not an approver",
            remedy=f"have it approved by {_names(approvers)}",
        )
    if not signed.signature:
        raise ApprovalError(f"plan {digest[:12]}: the approval is not signed", remedy="approve it with `stems approve`")
    with _folder(private) as folder:
        allowed, signature = folder / "allowed_signers", folder / "signature"
        allowed.write_text(allowed_signers(approvers))
        signature.write_text(signed.signature)
        result = local.run(verify_command(who, digest, allowed=allowed, signature=signature))
    if not result.ok:
        raise ApprovalError(
            f"plan {digest[:12]}: the signature is not one of {who} over this plan",
            said=printable(result.errors or result.text),
            remedy="approve it again with `stems approve`",
        )


@contextmanager
def _folder(private: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=private) as folder:
        yield Path(folder)


def _named(local: Runner, approvers: Sequence[Approver], key: Path) -> tuple[Approver, Path]:
    approver = _owner(approvers, _public_of(local, key))
    if approver is None:
        raise ApprovalError(f"{key}: not the key of an approver", remedy=f"use the key of {_names(approvers)}")
    return approver, key


def _public_of(local: Runner, key: Path) -> str:
    beside = key if key.suffix == ".pub" else key.with_name(f"{key.name}.pub")
    if beside.is_file():
        return public_key(beside.read_text("utf-8", "replace").strip())
    result = local.run(Command(("ssh-keygen", "-y", "-P", "", "-f", str(key)), Effect.READS, timeout=10))
    if not result.ok:
        raise ApprovalError(
            f"{key}: its public key cannot be read", said=result.errors, remedy=f"keep {beside.name} beside it"
        )
    return public_key(result.text.strip())


def _found(local: Runner, approvers: Sequence[Approver], private: Path) -> tuple[Approver, Path]:
    for public in _agent_keys(local):
        approver = _owner(approvers, public)
        if approver:
            # With a public key alone, ssh-keygen asks the agent for the signature.
            path = private / "approver.pub"
            path.write_text(f"{public}\n")
            return approver, path
    for path in sorted((Path.home() / ".ssh").glob("*.pub")):
        approver = _owner(approvers, " ".join(path.read_text("utf-8", "replace").split()[:2]))
        if approver and path.with_suffix("").is_file():
            return approver, path.with_suffix("")
    raise ApprovalError(
        f"no key of {_names(approvers)} is in your agent or in ~/.ssh",
        remedy="load it with `ssh-add`, or name it with `--key`",
    )


def _agent_keys(local: Runner) -> list[str]:
    try:
        return parse_agent(local.run(_AGENT).text)
    except StemsError:
        # An agent is a convenience: without one, or when it hangs, the key files are asked.
        return []


def _owner(approvers: Sequence[Approver], public: str) -> Approver | None:
    return next((one for one in approvers if public_key(one.key) == public), None)


def _not_signed(key: Path, result: Result) -> ApprovalError:
    said = result.errors
    remedy = "see what ssh-keygen says about it"
    if "passphrase" in said or "incorrect" in said:
        remedy = f"load it into your agent with `ssh-add {key}`, then approve again"
    return ApprovalError(f"{key}: cannot sign the approval", said=printable(said), remedy=remedy)


def _principal(name: str) -> str:
    if not name or printable(name) != name or any(character in name for character in ' \t\n",*?!#'):
        raise ApprovalError(f"{printable(name)!r} cannot be the name of an approver", remedy=_SEE_LIST)
    return name


def _names(approvers: Sequence[Approver]) -> str:
    return ", ".join(one.name for one in approvers)
