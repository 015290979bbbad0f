"""Dotfiles by the node's own chezmoi."""
