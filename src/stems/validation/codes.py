"""The codes of findings: their first digit is the subject, and a code is never used again for something else.

| code | subject |
|---|---|
| STM1xx | files as such: 101-129 those of stems, from 130 YAML, templates, shell and names of any, from 160 linters |
| STM2xx | nodes: 201-209 as they are declared, from 210 what is put on them |
| STM3xx | dotfiles: 300-309 `files`, 310-319 `chezmoi`, from 320 rules about either |
| STM4xx | playbooks: 401-419 what the tool finds, from 420 rules about those of any repository |
| STM5xx | services: 501-509 Compose files, from 510 what is in them, from 551 as they are declared, from 560 units |
| STM6xx | secrets and what is open |
| STM7xx | across tools: owners |
| STM8xx | structure and documentation |
| STM9xx | what the preview of a plan shows |

Codes that only one rule uses are in its file. Tools of other packages have other letters.
"""

from __future__ import annotations

UNREADABLE = "STM101"
UNKNOWN_KEY = "STM102"
MISSING_KEY = "STM103"
WRONG_VALUE = "STM104"
RESERVED_VARIABLE = "STM105"
CONFLICTING_GATES = "STM106"
REPEATED_APPROVER = "STM107"
SHORT_DEADLINE = "STM108"
REPEATED_ACCOUNT = "STM109"
CONNECTION_VARIABLE = "STM110"
UNKNOWN_TOOL = "STM111"
DROPPED_VARIABLE = "STM112"
PLAYBOOK_WITHOUT_ANSIBLE = "STM113"
BROKEN_TRUTH = "STM116"

YAMLLINT = "STM160"
SHELLCHECK = "STM161"
ANSIBLE_LINT = "STM162"
COMPOSE_LINT = "STM163"
SECRET_SCANNER = "STM164"  # noqa: S105  # a code
FAILED_LINTER = "STM165"

DUPLICATE_NODE_ADDRESS = "STM201"
UNKNOWN_NODE = "STM202"
RESERVED_NODE_NAME = "STM203"
UNKNOWN_ROLE = "STM204"

SERVICE_WITHOUT_TOOL = "STM551"
UNKNOWN_SERVICE = "STM552"
CIRCULAR_AFTER = "STM553"
LATE_DEPENDENCY = "STM554"
MISPLACED_SERVICE = "STM555"
UNIT_WITHOUT_SYSTEMD = "STM556"
PROJECT_WITHOUT_COMPOSE = "STM557"
ENTANGLED_TOOLS = "STM558"
UNWRITTEN_REASON = "STM559"

REFUSED_BY_TOOL = "STM700"
TWO_OWNERS = "STM701"
TWO_DEFAULTS = "STM702"
PERHAPS_TWO_OWNERS = "STM703"
UNKNOWN_OWNER = "STM704"
