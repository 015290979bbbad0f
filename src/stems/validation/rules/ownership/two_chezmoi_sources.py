"""Two files of a chezmoi source that make one target."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.dotfiles import refused_in
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

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
        {"dotfiles/dot_zshrc": "a\n", "dotfiles/dot_zshrc.tmpl": "{{ .a }}\n"},
        {"dotfiles/dot_config/git/config": "a\n", "dotfiles/dot_config/git/private_config.tmpl": "a\n"},
        {"dotfiles/dot_profile": "a\n", "dotfiles/create_dot_profile": "a\n"},
        {"dotfiles/dot_ssh/config": "a\n", "dotfiles/private_dot_ssh/config": "a\n"},
        {"dotfiles/dot_bashrc": "a\n", "dotfiles/.chezmoiremove": ".bashrc\n"},
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
        {"home/dot_zshrc": "a\n", "work/dot_zshrc": "a\n"},
        # Encrypted anew with another program, which leaves the older one with its ending.
        {"home/private_dot_ssh/encrypted_id_a.age": "a\n", "home/private_dot_ssh/encrypted_id_a.asc": "a\n"},
        {"home/dot_zshrc": "a\n", "home/private_dot_zshrc": "a\n", "home/.chezmoiignore": ".zshrc\n"},
        {"home/dot_zshrc": "a\n", "home/.chezmoitemplates/dot_zshrc": "a\n"},
        {"home/dot_zshrc": "a\n", "home/dot_zshrc.bak": "a\n"},
        {"home/dot_config/a": "a\n", "home/dot_config/dot_a": "a\n"},
        {"home/dot_zshrc": "a\n", "old/home/private_dot_zshrc": "a\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from refused_in(subject, CODE)


RULE = Rule(CODE, "two-chezmoi-sources", Stage.OWNERSHIP, Principle.D4, PAGE, check)
