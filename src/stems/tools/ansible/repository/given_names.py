"""Names that Ansible gives a value itself: its own variables and functions, and the facts of a node."""

from __future__ import annotations

from stems.tools.ansible.repository.spelling import nearly

_GIVEN = frozenset({
    "item", "omit", "lookup", "query", "q", "now", "undef", "range", "dict", "lipsum", "cycler", "joiner", "namespace",
    "vars", "environment", "hostvars", "groups", "group_names", "inventory_hostname", "inventory_hostname_short",
    "inventory_dir", "inventory_file", "playbook_dir", "play_hosts", "role_path", "role_name", "role_names",
    "role_uuid", "template_host", "template_path", "template_uid", "template_mtime", "template_fullpath",
    "template_run_date", "template_destpath", "services", "packages", "failed", "changed", "_", "molecule_yml",
})  # fmt: skip
WELL_KNOWN = frozenset({
    "item", "hostvars", "groups", "group_names", "inventory_hostname", "inventory_hostname_short", "inventory_dir",
    "playbook_dir", "role_path", "role_name", "ansible_all_ipv4_addresses", "ansible_all_ipv6_addresses",
    "ansible_architecture", "ansible_check_mode", "ansible_cmdline", "ansible_connection", "ansible_date_time",
    "ansible_default_ipv4", "ansible_default_ipv6", "ansible_devices", "ansible_distribution",
    "ansible_distribution_major_version", "ansible_distribution_release", "ansible_distribution_version",
    "ansible_dns", "ansible_domain", "ansible_env", "ansible_facts", "ansible_fqdn", "ansible_host",
    "ansible_hostname", "ansible_interfaces", "ansible_kernel", "ansible_lsb", "ansible_machine", "ansible_machine_id",
    "ansible_managed", "ansible_memfree_mb", "ansible_memory_mb", "ansible_memtotal_mb", "ansible_mounts",
    "ansible_nodename", "ansible_os_family", "ansible_pkg_mgr", "ansible_play_hosts", "ansible_processor",
    "ansible_processor_cores", "ansible_processor_count", "ansible_processor_nproc", "ansible_processor_vcpus",
    "ansible_product_name", "ansible_python_interpreter", "ansible_python_version", "ansible_selinux",
    "ansible_service_mgr", "ansible_swaptotal_mb", "ansible_system", "ansible_uptime_seconds", "ansible_user",
    "ansible_user_dir", "ansible_user_id", "ansible_user_shell", "ansible_version", "ansible_virtualization_role",
    "ansible_virtualization_type",
})  # fmt: skip
"""Those that people write, and may write wrong."""


def is_given(name: str) -> bool:
    """Whether Ansible may know it. Facts have names of interfaces and disks in them, so only a slip is none."""
    if name in _GIVEN or name.startswith(("getent_", "molecule_")):
        return True
    return name.startswith("ansible_") and (name in WELL_KNOWN or not misspelt(name))


def misspelt(name: str) -> str:
    """The well-known name that one slip makes this one from; one and many are two names on purpose."""
    found = nearly(name, WELL_KNOWN)
    return "" if found.rstrip("s0123456789") == name.rstrip("s0123456789") else found
