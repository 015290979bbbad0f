"""Templates, variables, checks and pages: what a repository has of each, with the first places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Evidence, Part
from stems.model.cluster import CLUSTER_FILE
from stems.validation.files import File

_SHOWN = 3
_MOST_TEXT = 200_000

_COPIED = "template|example|sample|dist"
_ENV_TEMPLATE = re.compile(rf"(?:.*/)?(?:[\w.-]*\.?env[._-](?:{_COPIED}|j2|tmpl)|(?:{_COPIED})\.env)")
_TEMPLATES = (
    ("Jinja templates", re.compile(r".*\.(?:j2|jinja2?)")),
    ("chezmoi templates", re.compile(r".*\.tmpl|(?:.*/)?\.chezmoitemplates/.+")),
    ("templates of environment files", _ENV_TEMPLATE),
    ("Handlebars and Mustache templates", re.compile(r".*\.(?:hbs|handlebars|mustache)")),
    ("folders to copy from", re.compile(r"(?:.*/)?templates/(?:repository|service|node-config|node)/[^/]+")),
)  # fmt: skip
_VARIABLES = (
    ("Ansible group variables", re.compile(r"(?:.*/)?group_vars/.+")),
    ("Ansible node variables", re.compile(r"(?:.*/)?host_vars/.+")),
    ("chezmoi data", re.compile(r"(?:.*/)?\.chezmoi(?:data(?:/.+)?\..+|\.(?:toml|ya?ml|json)\.tmpl)")),
    ("environment files", re.compile(r"(?:.*/)?(?:\.env|[\w-]+\.env|environment\.d/.+\.conf)")),
    ("Terraform variables", re.compile(r".*\.tfvars|(?:.*/)?variables\.tf")),
)
_COMPOSE_VARIABLE = re.compile(r"(?<!\$)\$\{?[A-Za-z_]")
_COMPOSE_FILE = re.compile(r"(?:docker-)?compose.*\.ya?ml")
_CI = re.compile(
    r"(?:\.(?:github|gitea|forgejo)/workflows/.+|\.gitlab-ci|\.circleci/config|\.woodpecker(?:/.+)?|\.drone|"
    r"azure-pipelines|bitbucket-pipelines|\.travis)\.ya?ml|Jenkinsfile|\.builds/.+\.yml"
)
_CHECKS = re.compile(
    r"\b(?:lint\w*|validat\w*|yamllint|shellcheck|hadolint|pre-commit|ansible-lint|syntax-check|dry-run|molecule|"
    r"pytest|bats|compose (?:\S+ )*config|chezmoi (?:verify|diff)|tests?|check|gitleaks|trivy|nix flake check|"
    r"terraform (?:plan|validate)|stems)\b",
    re.IGNORECASE,
)
_HOOKS = re.compile(r"(?:\.pre-commit-config\.ya?ml|\.?lefthook\.ya?ml|\.husky/.+|\.githooks/.+|githooks/.+)")
_LINTERS = re.compile(
    r"(?:.*/)?(?:\.yamllint.*|\.ansible-lint.*|\.shellcheckrc|\.hadolint\.ya?ml|\.markdownlint.*|\.dclintrc.*|\.gitleaks\.toml|"
    r"\.tflint\.hcl|\.compose-lint.*|\.trivyignore|\.sops\.ya?ml|\.editorconfig|\.prettierrc.*|statix\.toml)"
)
_MAKE = re.compile(r"(?:.*/)?(?:GNUm|M|m)akefile|(?:.*/)?\.?[jJ]ustfile|(?:.*/)?Taskfile\.ya?ml")
_TARGET = re.compile(
    r"^[ \t]*(?P<name>[\w-]*(?:lint|validate|check|verify|test|syntax|dry-?run)[\w-]*)\b[^:=\n]*:(?!=)", re.M
)
_SCRIPT = re.compile(
    r"(?:.*/)?(?:validate|lint|check|verify|test)[\w.-]*\.(?:sh|py|bash)|(?:.*/)?(?:validate|lint|verify)"
)
_TESTS = re.compile(
    r"(?:.*/)?(?:tests?|spec)/.+\.(?:py|bats|sh|ya?ml|rb)|(?:.*/)?molecule/.+|.*\.bats|(?:.*/)?goss\.ya?ml"
)
_TEXT = r"(?:md|adoc|rst|org|txt)"
_PAGES = (
    ("README", re.compile(r"(?i:readme(?:\.\w+)?)")),
    ("READMEs of parts", re.compile(r".+/(?i:readme(?:\.\w+)?)")),
    ("decision records", re.compile(rf"(?i:(?:.*/)?(?:decisions|adrs?|decision-records)/.+\.{_TEXT})")),
    ("pages in docs/", re.compile(rf"(?i:(?:.*/)?(?:docs?|documentation|wiki|runbooks?)/.+\.{_TEXT})")),
    ("changelog", re.compile(r"(?i:(?:.*/)?(?:changelog|changes|history)(?:\.\w+)?(?:/.+)?)")),
    ("rules and truth of .meta/", re.compile(r"\.meta/.+")),
)
_METHODOLOGY = (("methodology in .stems/", re.compile(r"\.stems/.+")),)


def templates_of(look: Look) -> tuple[Part, ...]:
    return tuple(_by_path(_TEMPLATES, look.live))


def variables_of(look: Look) -> tuple[Part, ...]:
    found = list(_by_path(_VARIABLES, look.settled))
    composed = [
        file.place(text.count("\n", 0, match.start()) + 1)
        for file in look.settled
        if _COMPOSE_FILE.fullmatch(file.name) and (match := _COMPOSE_VARIABLE.search(text := file.text))
    ]
    layers = [Evidence(look.cluster.written.place(*keys)) for keys, values in look.cluster.layers() if values]
    return (
        *found,
        *_part("Compose files with variables", map(Evidence, composed)),
        *_part("layers of config/cluster.yml", layers),
    )


def checks_of(look: Look) -> tuple[Part, ...]:
    """What judges a change before it is applied. A pipeline counts where it checks something."""
    pipelines = [file for file in look.own if _CI.fullmatch(file.path) and _CHECKS.search(file.text[:_MOST_TEXT])]
    tests = (file for file in look.own if _TESTS.fullmatch(file.path) and "node_modules" not in file.path)
    return (
        *_part("pipelines that check", _places(pipelines)),
        *_part("Git hooks", _places(file for file in look.files if _HOOKS.fullmatch(file.path))),
        *_part("settings of linters", _places(file for file in look.live if _LINTERS.fullmatch(file.path))),
        *_part("targets of make and the like", _targets(look)),
        *_part("scripts that check", _places(file for file in look.live if _SCRIPT.fullmatch(file.path))),
        *_part("tests", _places(tests)),
        *_part("stems", [Evidence(look.files[CLUSTER_FILE].place(1))] if look.is_declared else []),
    )


def has_pipeline(look: Look) -> bool:
    return any(_CI.fullmatch(file.path) and _CHECKS.search(file.text[:_MOST_TEXT]) for file in look.own)


def pages_of(look: Look) -> tuple[Part, ...]:
    files = [file for file in look.own if "node_modules" not in file.path]
    return (*_by_path(_PAGES, files), *_by_path(_METHODOLOGY, look.files))


def _by_path(kinds: Iterable[tuple[str, re.Pattern[str]]], files: Iterable[File]) -> Iterator[Part]:
    files = tuple(files)
    for what, pattern in kinds:
        yield from _part(what, _places(file for file in files if pattern.fullmatch(file.path)))


def _places(files: Iterable[File]) -> Iterator[Evidence]:
    return (Evidence(file.place(1)) for file in files)


def _targets(look: Look) -> Iterator[Evidence]:
    for file in look.live:
        if _MAKE.fullmatch(file.path):
            for found in _TARGET.finditer(file.text[:_MOST_TEXT]):
                yield Evidence(file.at(found.start("name")), found["name"])


def _part(what: str, evidence: Iterable[Evidence]) -> Iterator[Part]:
    every = tuple(evidence)
    if every:
        yield Part(what, len(every), every[:_SHOWN])
