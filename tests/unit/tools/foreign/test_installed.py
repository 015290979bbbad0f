"""A tool of another package is found by its entry point, and refused with its name where it cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from stems.errors import ConfigurationError, ExitCode
from stems.model.change import Domain
from stems.tools.foreign import installed
from stems.tools.registry import TOOLS, refusal, service_looks_of, service_tools_of, tools_of
from tests.support.packages import install, write_modules
from tests.unit.validation.judged import cluster, messages

TOOL = """
from stems.model.change import Domain
NAME, PROTOCOL, DOMAIN, NEEDS_STAGE = "cron", 1, Domain.USER, False
def check(job): return ()
def claims(job, node): return ()
def preview(job, sites): return {}
def apply(job, site, changes): ...
def restore(job, site): return ()
"""
SERVICE = TOOL.replace("Domain.USER", "Domain.SERVICES") + "def last_lines(job, site, service): return ''\n"
LOOK = """
NAME, PROTOCOL = "cron", 1
def look(cluster, node): return "echo"
def parse_look(cluster, node, output): return ()
"""
MAKERS = "install another version of stems-cron, or show this to its makers"
USER = "user: {tool: files, source: dotfiles}"

Bring = Callable[[Mapping[str, str]], None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for cached in (installed.brought, installed.tool, installed.look):
        cached.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == "stems_cron"]:
        del sys.modules[name]


@pytest.fixture
def bring(folder: Path) -> Bring:
    """Install a package that brings `cron`."""

    def bring(modules: Mapping[str, str]) -> None:
        install(folder, "stems-cron", tools={"cron": "stems_cron"}, version="2.1")
        write_modules(folder, "stems_cron", modules)

    return bring


def test_a_tool_of_another_package_is_a_tool_of_its_domain(bring: Bring) -> None:
    bring({"tool": TOOL})

    assert refusal("cron", Domain.USER) is None
    (found, _), *_ = tools_of(cluster("tool: files", "tool: cron"))
    (again, _), *_ = tools_of(cluster("tool: files", "tool: cron"))
    assert (found.NAME, found.DOMAIN, found.NEEDS_STAGE) == ("cron", Domain.USER, False)
    assert found is again


def test_it_is_not_imported_before_it_is_used(bring: Bring) -> None:
    bring({"tool": TOOL, "__init__": "raise RuntimeError('imported')"})

    assert messages("", "") == []
    assert refusal("cron", Domain.USER, by_name=True) is None
    assert [look.NAME for look in service_looks_of(cluster("tool: files", "tool: cron"))] == ["compose"]
    assert "stems_cron" not in sys.modules


def test_a_tool_of_services_is_asked_where_the_cluster_names_it(bring: Bring) -> None:
    bring({"tool": SERVICE, "look": LOOK})
    named = cluster("web: {node: one}", "web: {node: one, tool: cron}")

    assert [tool.NAME for tool in service_tools_of(named)] == ["compose", "systemd", "cron"]
    assert [tool.NAME for tool in service_tools_of(cluster())] == ["compose", "systemd"]
    assert [look.NAME for look in service_looks_of(named)] == ["compose", "cron"]


def test_status_imports_only_how_a_tool_looks(bring: Bring) -> None:
    bring({"tool": "raise RuntimeError", "look": LOOK})
    named = cluster("web: {node: one}", "web: {node: one, tool: cron}")

    assert [look.NAME for look in service_looks_of(named)] == ["compose", "cron"]


def test_one_for_another_domain_is_refused_with_its_place(bring: Bring) -> None:
    bring({"tool": TOOL})
    problem = "cron of stems-cron 2.1 is a tool of the user domain, not of services"
    remedy = "tools of services are compose, systemd; other packages bring cron"

    assert messages("web: {node: one}", "web: {node: one, tool: cron}") == [f"STM111 11:26 {problem}; {remedy}"]
    named = cluster("web: {node: one}", "web: {node: one, tool: cron}")
    for asked in (service_looks_of, service_tools_of):
        with pytest.raises(ConfigurationError) as refused:
            asked(named)
        assert (refused.value.problem, refused.value.remedy) == (f"config/cluster.yml:11:26: {problem}", remedy)
        assert refused.value.exit_code == ExitCode.RULE_BROKEN


def test_names_of_other_packages_are_suggested(bring: Bring) -> None:
    bring({"tool": TOOL})

    assert messages(USER, "user: {tool: corn, source: d}") == [
        "STM111 8:16 corn is not a tool of this version, and no installed package brings it; did you mean `cron`?"
    ]
    found = refusal("dotbot", Domain.USER)
    assert (
        found
        and found[1]
        == "the tools are ansible, files, chezmoi, compose, systemd, cron; for another, install its package"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("def restore(job, site): return ()\n", "", "has no function `restore(job, site)`"),
        ("apply(job, site, changes)", "apply(job, site)", "has a `apply` that does not take (job, site, changes)"),
        ("Domain.USER, False", '"user", False', "has no DOMAIN that is one of stems.model.change.Domain"),
        ("Domain.USER, False", "Domain.USER, 0", "has no NEEDS_STAGE that is True or False"),
        ('"cron", 1', '"corn", 1', "has the NAME 'corn'"),
        ('"cron", 1', '"cron", 2', "follows protocol 2, and this version of stems knows 1"),
        ('"cron", 1', '"cron", True', "follows protocol True, and this version of stems knows 1"),
        ("PROTOCOL", "VERSION", "does not say which PROTOCOL it follows, and this version of stems knows 1"),
    ],
)
def test_what_a_module_lacks_is_named(bring: Bring, old: str, new: str, said: str) -> None:
    assert old in TOOL
    bring({"tool": TOOL.replace(old, new)})

    assert refusal("cron", Domain.USER) == (
        f"cron of stems-cron 2.1 cannot be used: stems_cron.tool {said}",
        MAKERS,
    )


def test_everything_that_is_missing_is_named_at_once(bring: Bring) -> None:
    bring({"tool": "from stems.model.change import Domain\nNAME, PROTOCOL, DOMAIN = 'cron', 1, Domain.SERVICES\n"})
    found = refusal("cron", Domain.SERVICES)

    assert found and found[0].endswith(
        "stems_cron.tool has no NEEDS_STAGE that is True or False, has no function `check(job)`, "
        "has no function `claims(job, node)`, has no function `preview(job, sites)`, "
        "has no function `apply(job, site, changes)`, has no function `restore(job, site)`, "
        "has no function `last_lines(job, site, service)`"
    )


def test_a_look_is_held_to_the_protocol_too(bring: Bring) -> None:
    bring({"tool": SERVICE, "look": LOOK.replace("output", "*, output")})
    with pytest.raises(ConfigurationError) as refused:
        service_looks_of(cluster("web: {node: one}", "web: {node: one, tool: cron}"))

    assert refused.value.problem == (
        "config/cluster.yml:11:26: cron of stems-cron 2.1 cannot be used: "
        "stems_cron.look has a `parse_look` that does not take (cluster, node, output)"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemExit('not\\non\\x1b[31m this machine')", "SystemExit: not on�[31m this machine"),
        ("def", "SyntaxError: invalid syntax (tool.py, line 1)"),
    ],
)
def test_one_that_cannot_be_imported_is_said_in_one_line(bring: Bring, text: str, said: str) -> None:
    bring({"tool": text})

    assert refusal("cron", Domain.USER) == (
        f"cron of stems-cron 2.1 cannot be imported: stems_cron.tool: {said}",
        MAKERS,
    )


def test_an_entry_point_names_a_package(folder: Path) -> None:
    install(folder, "stems-cron", tools={"cron": "stems_cron:tool"})

    assert refusal("cron", Domain.USER) == (
        "cron of stems-cron 1.0: its entry point must name a package, not 'stems_cron:tool'",
        MAKERS,
    )


def test_two_packages_with_one_name_are_refused(bring: Bring, folder: Path) -> None:
    bring({"tool": TOOL})
    install(folder, "other-cron", tools={"cron": "other_cron"})

    assert refusal("cron", Domain.USER) == (
        "cron is brought by other-cron 1.0 and stems-cron 2.1",
        "uninstall all but one of them",
    )


def test_a_name_of_stems_itself_is_never_taken_over(bring: Bring, folder: Path) -> None:
    bring({"tool": TOOL})
    install(folder, "my-compose", tools={"compose": "my_compose"})

    assert refusal("compose", Domain.SERVICES) is None
    assert refusal("cron", Domain.USER) == (
        "compose of my-compose 1.0 has the name of a tool of stems itself, and is never used",
        "uninstall my-compose 1.0, or ask its makers for another name",
    )
    assert "cron" not in TOOLS


def test_a_tool_that_is_gone_here_matters_where_it_is_asked() -> None:
    """What a node runs may name one that was uninstalled since: how its services are can be told all the same."""
    assert [look.NAME for look in service_looks_of(cluster("tool: files", "tool: gone"))] == ["compose"]
    with pytest.raises(ConfigurationError, match="gone is not a tool of this version"):
        service_looks_of(cluster("web: {node: one}", "web: {node: one, tool: gone}"))
