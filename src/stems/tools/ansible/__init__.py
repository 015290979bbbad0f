"""Ansible."""
