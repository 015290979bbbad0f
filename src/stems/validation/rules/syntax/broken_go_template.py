"""A Go template that no engine takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.readers.go_template import read_go_template
from stems.validation.dotfiles import Dotfiles, sources_of
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM135"
# Another pair of signs may be named in the text itself.
_DELIMITERS = re.compile(r"chezmoi:template:[^\n]*delimiter")
_ALWAYS = (".chezmoiignore", ".chezmoiremove", ".chezmoiexternal", ".chezmoitemplates/", ".chezmoi.")

PAGE = Page(
    checks="""Templates of chezmoi, `*.gotmpl` and `*.ctmpl`: an `{{ if }}` without `{{ end }}`, an `{{ end }}` too
many, a second `{{ else }}`, a word of another language such as `{{ endif }}`, an action, text, comment or parenthesis
that is not closed, a pipe that leads nowhere. What functions do, and which there are, is not judged.""",
    why="""chezmoi stops at the first template that it cannot read: `chezmoi apply` writes what comes before it in
the order of names, and nothing after it.""",
    instead="Close what the finding names; `chezmoi execute-template <FILE` says whether it is good.",
    bad={
        "home/dot_bashrc.tmpl": """
            {{ if eq .chezmoi.os "linux" }}
            alias open=xdg-open
            """,
    },
    good={
        "home/dot_bashrc.tmpl": """
            {{ if eq .chezmoi.os "linux" }}
            alias open=xdg-open
            {{ end }}
            """,
    },
    also_bad=(
        {"home/dot_a.tmpl": "{{ if .chezmoi.os }}a{{ else }}b{{ else }}c{{ end }}\n"},
        {"home/dot_a.tmpl": "{{ if .chezmoi.os }}a{{ endif }}\n"},
        {"home/dot_a.tmpl": "{{ if .chezmoi.os }}a{{ elseif .chezmoi.arch }}b{{ end }}\n"},
        {"home/dot_a.tmpl": "{{ if }}a{{ end }}\n"},
        {"home/dot_a.tmpl": '{{ if (eq .chezmoi.os "linux" }}a{{ end }}\n'},
        {"home/dot_a.tmpl": "{{ .chezmoi.os | }}\n"},
        {"home/dot_a.tmpl": "a\n{{ end }}\n"},
        {"home/dot_a.tmpl": "email = {{ .chezmoi.username }\nname = x\n"},
        {"home/dot_a.tmpl": '{{ "text }}\n'},
        {"home/dot_a.tmpl": "{{/* a comment\nx\n"},
        {"home/dot_a.tmpl": "{{ if .chezmoi.os }}{{ range .chezmoi.os }}{{ end }}\n"},
        {"home/dot_b": "b\n", "home/.chezmoiignore": '{{ if ne .chezmoi.os "darwin" }}\nb\n'},
        {"home/dot_b": "b\n", "home/.chezmoitemplates/part": "{{ .x\n"},
        {"app/site.gotmpl": "{{ else }}\n"},
        {"home/run_once_a.sh.tmpl": "#!/bin/sh\n{{ if .chezmoi.os }}\n# {{ end\n"},
    ),
    also_good=(
        {
            "home/dot_a.tmpl": '{{ if eq (len (list 1 ")")) 2 | not }}a'
            "{{ else }}{{ if true }}b{{ else }}c{{ end }}{{ end }}\n"
        },
        {"home/dot_a.tmpl": "{{ $endif := `|` }}{{ $endif | quote }}{{ '(' }}{{ .chezmoi.os | default \"|\" }}\n"},
        {"home/dot_a.tmpl": '{{- /* a }} comment " */ -}}\n{{ `raw }} text` }}{{ "text }}" }}{{ \'}\' }}\n'},
        {"home/dot_a.tmpl": "{{ if .chezmoi.os }}a{{ else if .chezmoi.arch }}b{{ else }}c{{ end -}}\n"},
        {"home/dot_a.tmpl": "{{ with .chezmoi.os }}{{ range $i, $x := list 1 2 }}{{ $x }}{{ end }}{{ end }}\n"},
        {"home/dot_a.tmpl": '{{ define "x" }}{{ .a }}{{ end }}{{ template "x" . }}\n'},
        {"home/dot_a.tmpl": "{{ list 1\n  2 | join `,` }}\nf() { echo }; }}\n"},
        {"home/dot_a": "{{ not a template\n"},
        {"home/dot_a.tmpl": "# chezmoi:template:left-delimiter=[[ right-delimiter=]]\n[[ .chezmoi.os ]] {{ x\n"},
        {"app/page.html.tmpl": "{{ unclosed\n"},
        {"home/encrypted_dot_a.tmpl.age": "{{ \n"},
        {"archive/home/dot_a.tmpl": "{{ if }}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    seen: set[str] = set()
    for dotfiles in subject.once(sources_of):
        for file in (*_templates(dotfiles), *dotfiles.special(*_ALWAYS)):
            if file.path not in seen:
                seen.add(file.path)
                yield from _of(file)
    for file in subject.files.named("*.gotmpl", "*.ctmpl"):
        if file.path not in seen and not (file.is_aside or file.is_documentation):
            yield from _of(file)


def _templates(dotfiles: Dotfiles) -> Iterator[File]:
    for entry in dotfiles.source.entries:
        file = dotfiles.file(entry)
        if file and "template" in entry.attributes.flags and "encrypted" not in entry.attributes.flags:
            yield file


def _of(file: File) -> Iterator[Finding]:
    if "{{" not in file.text or _DELIMITERS.search(file.text) or file.is_encrypted:
        return
    problem = read_go_template(file.text).problem
    if problem:
        yield Finding(CODE, file.at(problem.offset), f"no Go template: {problem.message}", "close it, or remove it")


RULE = Rule(CODE, "broken-go-template", Stage.SYNTAX, Principle.D1, PAGE, check)
