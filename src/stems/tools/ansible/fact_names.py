"""Which names in a text are facts of a node."""

from __future__ import annotations

import re

# What is known without asking a node; every other `ansible_…` is taken for a fact.
_GIVEN = (
    r"(?:become\w*|check_mode|config_file|connection|diff_mode|failed_\w+|forks|host|inventory_sources|limit|loop\w*|managed|"
    r"parent_role\w*|password|play\w*|port|python_interpreter|role_name|run_tags|search_path|skip_tags|user|verbosity|version)"
)
FACT = re.compile(rf"\bansible_(?!{_GIVEN}\b)\w|\bfacts\b|\bsetup\b|\bgather_subset\b")
