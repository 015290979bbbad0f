"""What the files of a repository say of Ansible, read without Ansible and without running anything."""
