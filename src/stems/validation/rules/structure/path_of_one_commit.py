"""The path of a chezmoi source in what it writes."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM318"

_CLUSTER = cluster("""
    domains:
      user: {tool: chezmoi, source: dotfiles}
    """)

PAGE = Page(
    checks="""`.chezmoi.sourceDir` and `.chezmoi.workingTree` in what templates write, and scripts that link to it or to
`$CHEZMOI_SOURCE_DIR`, in a declared source of chezmoi.""",
    why="""stems gives chezmoi a folder of each commit, and removes old ones. A path that leads there changes with every
commit, and leads nowhere some day. Where templates only write the path and read nothing, stems tells them that of the
checkout instead, and this rule is silent.""",
    instead="""Write the path of the checkout on the node (`checkout` in config/cluster.yml), and make links with
`symlink_`, not in scripts. `include` takes names below the source, without its path.""",
    bad={
        "config/cluster.yml": _CLUSTER,
        "dotfiles/symlink_dot_vimrc.tmpl": """
            {{ .chezmoi.sourceDir }}/vim/vimrc
            """,
        "dotfiles/dot_bashrc.tmpl": """
            {{ include (joinPath .chezmoi.sourceDir "bash/rc") }}
            """,
    },
    good={
        "config/cluster.yml": _CLUSTER,
        "dotfiles/symlink_dot_vimrc.tmpl": """
            {{ .chezmoi.sourceDir }}/vim/vimrc
            """,
        "dotfiles/dot_bashrc.tmpl": """
            {{ include "bash/rc" }}
            """,
        "dotfiles/bash/rc": """
            alias ll='ls -l'
            """,
    },
    also_bad=(
        {
            "config/cluster.yml": _CLUSTER,
            "dotfiles/dot_bashrc": "a\n",
            "dotfiles/run_once_link.sh": '#!/bin/sh\nln -s "$CHEZMOI_SOURCE_DIR/vim" ~/.vim\n',
        },
    ),
    also_good=(
        {
            "config/cluster.yml": _CLUSTER,
            "dotfiles/dot_bashrc": "a\n",
            "dotfiles/run_once_a.sh.tmpl": '#!/bin/sh\n. "{{ .chezmoi.sourceDir }}/lib.sh"\n',
            "dotfiles/run_once_b.sh": '#!/bin/sh\n. "$CHEZMOI_SOURCE_DIR/lib.sh"\n',
        },
        {"config/cluster.yml": _CLUSTER, "dotfiles/dot_a.tmpl": "{{/* .chezmoi.sourceDir */}}sourceDir\n"},
    ),
)

RULE = Rule(CODE, "path-of-one-commit", Stage.STRUCTURE, Principle.D3, PAGE, told(CODE), Severity.WARNING)
