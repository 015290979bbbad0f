"""The sections and keys of `ansible.cfg`: what current versions of Ansible read, and what older ones did."""

from __future__ import annotations

_DEFAULTS = """
action_plugins action_warnings admin_users allow_broken_conditionals allow_embedded_templates allow_unsafe_lookups
allow_world_readable_tmpfiles ansible_managed any_errors_fatal ask_pass ask_sudo_pass ask_vault_pass async_dir
become_password_file become_plugins bin_ansible_callback bin_ansible_callbacks cache_plugins callback_enabled
callback_format_pretty callback_plugins callback_result_format callback_whitelist callbacks_enabled check_mode_markers
cliconf_plugins collections_on_ansible_version_mismatch collections_path collections_paths collections_scan_sys_path
command_warnings common_remote_group conditional_bare_variables connection_password_file connection_plugins
cow_selection cow_whitelist cowpath cowsay_enabled_stencils debug deprecation_warnings devel_warning
display_args_to_stdout display_failed_stderr display_ok_hosts display_skipped_hosts display_traceback
doc_fragment_plugins docsite_root_url duplicate_dict_key editor enable_task_debugger error_on_missing_handler
error_on_undefined_vars executable fact_caching fact_caching_connection fact_caching_prefix fact_caching_timeout
fact_path facts_modules filter_plugins force_color force_handlers force_valid_group_names forks gather_subset
gather_timeout gathering handler_includes_static hash_behaviour home host_key_checking hostfile httpapi_plugins
inject_facts_as_vars internal_poll_interval interpreter_python invalid_task_attribute_failed inventory
inventory_ignore_extensions inventory_ignore_patterns inventory_plugins jinja2_extensions jinja2_native
jinja2_native_warning keep_remote_files library libvirt_lxc_noseclabel local_tmp localhost_warning log_filter log_path
log_verbosity lookup_plugins max_diff_size merge_multiple_cli_tags module_args module_compression module_ignore_exts
module_lang module_name module_set_locale module_strict_utf8_response module_utils netconf_plugins
network_group_modules no_log no_target_syslog nocolor nocows null_representation old_plugin_cache_clear
option_password pager pattern pipelining playbook_dir playbook_vars_root plugin_filters_cfg poll_interval precedence
private_key_file private_role_vars python_module_rlimit_nofile remote_port remote_tmp remote_user result_format
retry_files_enabled retry_files_save_path roles_path run_vars_plugins show_custom_stats show_per_host_start
show_task_path_on_failure squash_actions static_inventory stdout_callback strategy strategy_plugins su sudo sudo_exe
sudo_flags sudo_user syslog_facility system_tmpdirs system_warnings target_log_info task_debugger_ignore_errors
task_includes_static task_timeout terminal_plugins test_plugins timeout transport use_persistent_connections
validate_action_group_metadata vars_plugins vars_plugins_enabled vault_encrypt_identity vault_encrypt_salt
vault_id_match vault_identity vault_identity_list vault_password_file verbose_to_stderr verbosity
win_async_startup_timeout world_readable_temp yaml_valid_extensions
"""
_SSH = """
control_path control_path_dir host_key_checking password_mechanism pipelining pkcs11_provider private_key
private_key_passphrase reconnection_retries remote_port retries scp_executable scp_extra_args scp_if_ssh
sftp_batch_mode sftp_executable sftp_extra_args ssh_args ssh_common_args ssh_executable ssh_extra_args sshpass_prompt
timeout transfer_method use_tty usetty verbosity
"""
_ESCALATION = """
agnostic_become_prompt become become_allow_same_user become_ask_pass become_exe become_flags become_method become_user
"""
_INVENTORY = """
any_unparsed_is_failed cache cache_connection cache_plugin cache_prefix cache_timeout enable_plugins export
force_valid_group_names host_pattern_mismatch ignore_extensions ignore_patterns inventory_unparsed_warning
replace_dash_in_groups unparsed_is_failed unparsed_is_fatal use_extra_vars
"""
SETTINGS: dict[str, frozenset[str]] = {
    "defaults": frozenset(_DEFAULTS.split()),
    "ssh_connection": frozenset(_SSH.split()),
    "privilege_escalation": frozenset(_ESCALATION.split()),
    "inventory": frozenset(_INVENTORY.split()),
    "diff": frozenset({"always", "context"}),
}
"""Of the sections that people write, every key."""
SECTIONS = frozenset({
    *SETTINGS, "connection", "persistent_connection", "colors", "galaxy", "paramiko_connection", "selinux", "jinja2",
    "tags", "netconf_connection", "accelerate", "winrm", "vars_host_group_vars", "hooks",
})  # fmt: skip
ELSEWHERE = {
    **dict.fromkeys(("become", "become_method", "become_user", "become_ask_pass"), "privilege_escalation"),
    **dict.fromkeys(("ssh_args", "control_path", "scp_if_ssh", "ssh_common_args", "ssh_extra_args"), "ssh_connection"),
}
"""Keys that `[defaults]` does not have, and the section that does."""
