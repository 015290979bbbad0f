"""The words of Ansible's language: keys of plays, blocks and tasks, and the modules that every Ansible has."""

from __future__ import annotations

_BASE = frozenset({
    "name", "connection", "port", "remote_user", "vars", "module_defaults", "environment", "no_log", "run_once",
    "ignore_errors", "ignore_unreachable", "check_mode", "diff", "any_errors_fatal", "throttle", "timeout", "debugger",
    "become", "become_method", "become_user", "become_flags", "become_exe", "tags", "collections",
})  # fmt: skip
BLOCKS = ("block", "rescue", "always")
SECTIONS = ("pre_tasks", "tasks", "post_tasks", "handlers")
PLAY = _BASE | {
    "hosts", "gather_facts", "gather_subset", "gather_timeout", "fact_path", "vars_files", "vars_prompt", "roles",
    "force_handlers", "max_fail_percentage", "serial", "strategy", "order", "import_playbook", "when",
    "validate_argspec", *SECTIONS,
}  # fmt: skip
TASK = _BASE | {
    "args", "action", "local_action", "async", "changed_when", "delay", "failed_when", "loop", "loop_control", "poll",
    "register", "retries", "until", "when", "delegate_to", "delegate_facts", "notify", "listen", *BLOCKS,
}  # fmt: skip
"""Of tasks, handlers and blocks, without `with_…`."""
REMOVED = frozenset({"sudo", "sudo_user", "su", "su_user", "always_run", "static"})
"""Keys that Ansible once had."""

MODULES = frozenset({
    "add_host", "apt", "apt_key", "apt_repository", "assemble", "assert", "async_status", "blockinfile", "command",
    "copy", "cron", "deb822_repository", "debconf", "debug", "dnf", "dnf5", "dpkg_selections", "expect", "fail",
    "fetch", "file", "find", "gather_facts", "get_url", "getent", "git", "group", "group_by", "hostname",
    "import_playbook", "import_role", "import_tasks", "include_role", "include_tasks", "include_vars", "iptables",
    "known_hosts", "lineinfile", "meta", "mount_facts", "package", "package_facts", "pause", "ping", "pip", "raw",
    "reboot", "replace", "rpm_key", "script", "service", "service_facts", "set_fact", "set_stats", "setup", "shell",
    "slurp", "stat", "subversion", "systemd", "systemd_service", "sysvinit", "tempfile", "template", "unarchive",
    "uri", "user", "validate_argument_spec", "wait_for", "wait_for_connection", "yum", "yum_repository",
})  # fmt: skip
"""Those of ansible.builtin, and those that it had and still redirects."""
BUILTIN = ("ansible.builtin.", "ansible.legacy.")


def is_keyword(key: str) -> bool:
    return key in TASK or key.startswith("with_")


def short(module: str) -> str:
    """The name of a module of ansible.builtin without its collection; others as they are."""
    for start in BUILTIN:
        if module.startswith(start):
            return module[len(start) :]
    return module
