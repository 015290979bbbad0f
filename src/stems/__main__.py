"""From argv to exit code: the one place that turns failures into messages."""

from __future__ import annotations

import errno
import gc
import io
import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import TextIO

import click

from stems import __version__
from stems.cli.app import app
from stems.cli.output import error_document, say_json, show_error, tell
from stems.errors import CancelledError, ExitCode, StemsError, UsageError

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def main() -> None:
    # A command's own imports are a tenth faster without the collector looking at them again and again.
    gc.set_threshold(100_000)
    signal.signal(signal.SIGTERM, _interrupt)
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A sign that a terminal's encoding lacks, or a file name that is no text, is no reason to fail.
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def _open_closed_streams() -> None:
    """Give what the caller closed (`<&-`) to /dev/null, so that no file takes its number."""
    # The lowest free number is taken, so that the order matters.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, PTH123  # open as long as the process lives; pathlib is a fifth of a start


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code; no failure leaves this function, not even one of telling another."""
    try:
        return _end_of(arguments)
    except BrokenPipeError:
        # The reader of our output left: nothing to say, and nobody to say it to.
        _discard(sys.stdout)
    except Exception as error:  # noqa: BLE001  # a bug: its traceback goes to a file, never to the user
        full = isinstance(error, OSError) and error.errno in _NO_SPACE
        _report_at_the_end(_no_space(error) if full else _bug(error, arguments), arguments)
    return ExitCode.FAILED


def _end_of(arguments: list[str]) -> int:
    try:
        code = app.main(arguments, prog_name="stems", standalone_mode=False)
        sys.stdout.flush()
        return int(code) if isinstance(code, int) else ExitCode.DONE
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        tell(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        _report(_as_usage(error), arguments)
        return error.exit_code
    except StemsError as error:
        _report(error, arguments)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        if "--json" in arguments:
            say_json(error_document(CancelledError("interrupted", remedy="run it again")))
        else:
            tell("interrupted")
        return ExitCode.INTERRUPTED


def _as_usage(error: click.ClickException) -> StemsError:
    """What click says of a wrong command line, in the shape of every other error."""
    problem, _, hint = error.format_message().partition("\n")
    context = error.ctx if isinstance(error, click.UsageError) else None
    page = f"{context.command_path} --help" if context else "stems --help"
    return UsageError(
        problem[:1].lower() + problem[1:].rstrip("."), remedy="\n".join(filter(None, [hint, f"see `{page}`"]))
    )


def _report(error: StemsError, arguments: list[str]) -> None:
    if "--json" in arguments:
        say_json(error_document(error))
    else:
        show_error(error)


def _report_at_the_end(error: StemsError, arguments: list[str]) -> None:
    """Say it where it can be said: what is full may be standard output itself."""
    try:
        sys.stdout.flush()
        _report(error, arguments)
        sys.stdout.flush()
    except OSError:
        _discard(sys.stdout)
        try:
            show_error(error)
        except OSError:
            _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """Let go of what cannot be written, which Python would try once more when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _no_space(error: Exception) -> StemsError:
    name = getattr(error, "filename", None)
    return StemsError(
        f"{name or 'this machine'}: no space left to write",
        remedy="free some space (`df -h`), also where standard output goes to, then run it again",
    )


def _bug(error: Exception, arguments: list[str]) -> StemsError:
    try:
        remedy = f"please report this with {_log(error, arguments)} (read it first: it must hold no secret)"
    except OSError as full:
        remedy = f"please report this; there is no log, because it cannot be written: {full.strerror}"
    return StemsError(
        f"stems met a situation that it does not know ({type(error).__name__})", said=str(error), remedy=remedy
    )


def _log(error: Exception, arguments: list[str]) -> str:
    import tempfile  # noqa: PLC0415  # a sixth of what every command would spend on starting
    import traceback  # noqa: PLC0415
    from datetime import UTC, datetime  # noqa: PLC0415

    name = f"stems-bug-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-"
    with tempfile.NamedTemporaryFile("w", prefix=name, suffix=".log", delete=False) as log:
        print(f"stems {__version__}, Python {sys.version}", file=log)
        print(f"command: stems {' '.join(arguments)}\n", file=log)
        traceback.print_exception(error, file=log)
    return log.name


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
