"""The command line: one lazily loaded group, its help grouped by lifecycle stage."""

from __future__ import annotations

import importlib

import click

from stems import __version__
from stems.cli.command import COMMANDS, STAGES, Declared
from stems.cli.here import go_to
from stems.errors import MEANINGS

_DECLARED = {declared.name: declared for declared in COMMANDS}


class LazyGroup(click.Group):
    """Lists commands from their declarations and imports a command only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [declared.name for declared in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        declared = _DECLARED.get(cmd_name)
        return _loaded(declared) if declared else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _DECLARED and not ctx.resilient_parsing:
            ctx.fail(f"no such command: {args[0]}{_suggestion(args[0])}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        for stage in STAGES:
            rows = [(declared.name, declared.summary) for declared in COMMANDS if declared.stage == stage]
            if rows:
                with formatter.section(stage.capitalize()):
                    formatter.write_dl(rows, col_max=12)


def _loaded(declared: Declared) -> click.Command:
    command = getattr(importlib.import_module(declared.module), declared.name)
    assert isinstance(command, click.Command)  # noqa: S101  # a house test loads every declared command
    command.short_help = declared.summary
    command.epilog = _exit_codes(declared)
    return command


def _exit_codes(declared: Declared) -> str:
    lines = [f"  {code.value:>3}  {MEANINGS[code]}" for code in sorted(declared.exit_codes)]
    return "\n".join(["\b", "Exit codes:", *lines])


def _suggestion(word: str) -> str:
    import difflib  # noqa: PLC0415  # only a mistyped command pays for it

    close = difflib.get_close_matches(word, _DECLARED, n=1)
    return f"\nDid you mean `stems {close[0]}`?" if close else ""


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`stems COMMAND --help` says more. Documentation: README.md",
)
@click.version_option(__version__, prog_name="stems")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), help="Work in this folder's repository.")
def app(folder: str | None) -> None:
    """GitOps for the few machines you own: plan, approve, deploy, watch, undo."""
    if folder:
        go_to(folder)
