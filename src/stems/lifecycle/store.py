"""Plans and approvals of this clone, until the ledger has them: private files beside the repository."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from stems.errors import ApprovalError, UsageError
from stems.model.approval import Approval
from stems.model.names import DIGEST_PREFIX, is_name
from stems.model.plan import Plan

KEPT_PLANS = 50
T = TypeVar("T")


class Store:
    """A folder with mode 0700 that holds plans and approvals, each under the digest of its plan."""

    def __init__(self, folder: Path) -> None:
        self._plans = folder / "plans"
        self._approvals = folder / "approvals"

    def save_plan(self, plan: Plan) -> None:
        write_private(self._plans / f"{plan.digest}.json", plan.canonical())
        for old in self._newest_first()[KEPT_PLANS:]:
            old.unlink(missing_ok=True)

    def save_approval(self, approval: Approval) -> None:
        write_private(self._approvals / f"{approval.plan}.json", json.dumps(approval.to_json(), indent=2).encode())

    def plan(self, prefix: str) -> Plan:
        """The plan whose digest starts with `prefix`; a file without the digest it is named by is refused."""
        if not is_name(DIGEST_PREFIX, prefix):
            raise UsageError(
                f"{prefix!r} is not a plan digest",
                remedy="a digest is 6 to 64 hexadecimal digits, as `stems plan` shows",
            )
        found = sorted(self._plans.glob(f"{prefix}*.json"))
        if len(found) != 1:
            problem = "no saved plan starts with" if not found else "more than one saved plan starts with"
            raise UsageError(f"{problem} {prefix}", remedy="run `stems plan`, it shows the digest")
        return read_plan(found[0].read_bytes(), found[0].stem)

    def approval(self, digest: str) -> Approval | None:
        path = self._approvals / f"{digest}.json"
        if not path.exists():
            return None
        return _read(path, Approval.from_json, f"the approval of plan {digest[:12]}")

    def plans(self) -> Iterator[Plan]:
        """Saved plans, newest first; one that cannot be read is left out."""
        for path in self._newest_first():
            try:
                yield read_plan(path.read_bytes(), path.stem)
            except ApprovalError:
                continue

    def _newest_first(self) -> list[Path]:
        return sorted(self._plans.glob("*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def read_plan(content: bytes, digest: str) -> Plan:
    """A plan whose bytes have the digest under which it was approved."""
    try:
        plan = Plan.from_json(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _altered(f"plan {digest[:12]} cannot be read ({error})") from None
    if plan.digest != digest:
        raise _altered(f"plan {digest[:12]} was altered: its content has the digest {plan.digest[:12]}")
    return plan


def _altered(problem: str) -> ApprovalError:
    return ApprovalError(problem, remedy="make a new one with `stems plan`")


def _read(path: Path, parse: Callable[[dict[str, Any]], T], what: str) -> T:
    try:
        return parse(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ApprovalError(f"{what} cannot be read ({error})", remedy="approve the plan again") from None


def write_private(path: Path, content: bytes) -> None:
    """Replace a file that only its owner may read, in one rename."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)
    Path(temporary).replace(path)
