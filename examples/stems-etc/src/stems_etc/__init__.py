"""Plain files in /etc, for a system domain without Ansible."""
