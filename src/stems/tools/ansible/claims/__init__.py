"""What tasks would own on a node, seen without Ansible."""
