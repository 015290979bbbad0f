"""Two files of a chezmoi source that make one target."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM311"

PAGE = Page(
    checks="Source names that differ in their attributes only: `dot_bashrc` beside `private_dot_bashrc.tmpl`.",
    why="`chezmoi add` was called again with another option. chezmoi refuses the whole source: `inconsistent state`.",
    instead="Keep one of the two.",
    bad={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/private_dot_bashrc": """
            alias la='ls -la'
            """,
    },
    good={
        "dotfiles/private_dot_bashrc": """
            alias ll='ls -l'
            alias la='ls -la'
            """,
    },
    also_bad=(
        {"dotfiles/dot_netrc": "a\n", "dotfiles/encrypted_dot_netrc.age": "age-encryption.org/v1\n"},
        {
            "dotfiles/.chezmoi.toml.tmpl": 'encryption = "gpg"\n[gpg]\n  recipient = "me@example.com"\n',
            "dotfiles/dot_netrc": "a\n",
            "dotfiles/encrypted_private_dot_netrc.asc": "-----BEGIN PGP MESSAGE-----\n",
        },
        {
            "dotfiles/.chezmoi.toml.tmpl": 'encryption = "age"\n[age]\n  suffix = ".secret"\n',
            "dotfiles/dot_netrc": "a\n",
            "dotfiles/encrypted_dot_netrc.secret": "age-encryption.org/v1\n",
        },
    ),
    also_good=(
        {
            "dotfiles/.chezmoi.toml.tmpl": 'encryption = "gpg"\n[gpg]\n  recipient = "me@example.com"\n',
            "dotfiles/dot_netrc": "a\n",
            "dotfiles/encrypted_dot_netrc.age": "age-encryption.org/v1\n",
        },
        {
            "dotfiles/.chezmoi.yaml.tmpl": "encryption: age\nage: {recipient: age1x}\n",
            "dotfiles/dot_netrc": "a\n",
            "dotfiles/encrypted_dot_netrc.asc": "-----BEGIN PGP MESSAGE-----\n",
        },
    ),
)

RULE = Rule(CODE, "two-chezmoi-sources", Stage.OWNERSHIP, Principle.D4, PAGE, told(CODE))
