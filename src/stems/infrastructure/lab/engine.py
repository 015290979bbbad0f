"""The container engine on this machine: asked, and started when it does not answer."""

from __future__ import annotations

import os
from pathlib import Path

from stems.errors import DeadlineError, StemsError, ToolError
from stems.infrastructure.command import Command, Effect, Result, script
from stems.infrastructure.runner import Runner

LOG = "/var/log/stems-dockerd.log"
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")

START_BY_HAND = f"""
# A pid file of an engine that died makes the next one refuse to start, or wait for a stranger.
for file in /var/run/docker.pid /var/run/docker/containerd/containerd.pid; do
  [ -f "$file" ] || continue
  case "$(cat "/proc/$(cat "$file")/comm" 2>/dev/null)" in
    dockerd|containerd) ;;
    *) rm -f "$file" ;;
  esac
done
setsid -f dockerd >>{LOG} 2>&1 </dev/null
"""

WAIT = """
tries=0
until docker version >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 120 ] || exit 1
  sleep 0.5
done
"""


class EngineError(ToolError):
    """There is no container engine, or it refused."""


def docker_command(*words: str, effect: Effect, timeout: float = 60.0, stdin: bytes = b"") -> Command:
    return Command(("docker", *words), effect, stdin=stdin, timeout=timeout, env=_environment())


def _environment() -> dict[str, str]:
    """The engine that the user's own `docker` talks to plays the nodes; no other tool is told of it."""
    return proxies() | {name: os.environ[name] for name in ("DOCKER_HOST", "DOCKER_CONTEXT") if name in os.environ}


def proxies() -> dict[str, str]:
    """How this machine reaches the outside: an image is built with the same."""
    return {name: os.environ[name] for name in PROXIES if name in os.environ}


def start_command(*, systemd: bool) -> Command:
    text = "systemctl start docker" if systemd else START_BY_HAND
    return script(text, Effect.WRITES, timeout=90, account="root")


class Engine:
    """Docker on this machine, reached as this account or, where its socket refuses, through sudo."""

    def __init__(self, runner: Runner, *, account: str = "") -> None:
        self._runner = runner
        self._account = account

    def ask(self, *words: str, timeout: float = 30.0) -> Result:
        """A question, whatever the exit status."""
        return self._run(docker_command(*words, effect=Effect.READS, timeout=timeout))

    def read(self, *words: str, timeout: float = 30.0) -> str:
        """The answer to a question that has one: what cannot be read is an error, never nothing."""
        return _required(self.ask(*words, timeout=timeout), words).text

    def attempt(self, *words: str, timeout: float = 60.0, stdin: bytes = b"") -> Result:
        """An act that may fail."""
        return self._run(docker_command(*words, effect=Effect.WRITES, timeout=timeout, stdin=stdin))

    def pull(self, image: str) -> bool:
        """Whether a registry gave the image. One that hangs gives nothing either."""
        try:
            return self.attempt("pull", "-q", image, timeout=120).ok
        except DeadlineError:
            return False

    def act(self, *words: str, timeout: float = 60.0, stdin: bytes = b"") -> Result:
        """An act that must not fail."""
        return _required(self.attempt(*words, timeout=timeout, stdin=stdin), words)

    def _run(self, command: Command) -> Result:
        return self._runner.run(
            Command(
                command.argv, command.effect,
                stdin=command.stdin, timeout=command.timeout, env=command.env, account=self._account,
            )
        )  # fmt: skip


def _required(result: Result, words: tuple[str, ...]) -> Result:
    if result.ok:
        return result
    raise EngineError(
        f"this machine: Docker refused to {words[0]}",
        ran=" ".join(("docker", *words[:6])),
        said=result.errors or result.text,
        remedy=f"see what the engine says in {LOG}, or `journalctl -u docker`",
    )


def require_engine(runner: Runner) -> Engine:
    """The engine that answers, started first if none does."""
    require_client(runner)
    if engine := _answering(runner):
        return engine
    _require_rights(runner)
    _require_program(runner, "dockerd")
    start_engine(runner)
    if engine := _answering(runner):
        return engine
    raise EngineError("this machine: Docker does not answer", remedy=f"see {LOG}, or `journalctl -u docker`")


def require_client(runner: Runner) -> None:
    _require_program(runner, "docker")


def _require_program(runner: Runner, program: str) -> None:
    if not runner.run(find_command(program)).ok:
        raise EngineError(
            f"this machine: a lab needs Docker, and there is no {program}", remedy="sudo apt-get install docker.io"
        )


def find_command(program: str) -> Command:
    return script(f"PATH=$PATH:/usr/sbin:/sbin command -v {program}", Effect.READS)


def _answering(runner: Runner) -> Engine | None:
    for account in ("", "root"):
        engine = Engine(runner, account=account)
        if engine.ask("version", "--format", "{{.Server.Version}}").ok:
            return engine
    return None


def _require_rights(runner: Runner) -> None:
    """An engine that refuses this account may well run: starting it is no remedy."""
    said = Engine(runner).ask("version", "--format", "{{.Server.Version}}").errors
    if "permission denied" in said.lower() and not runner.run(Command(("true",), Effect.READS, account="root")).ok:
        raise EngineError(
            "this machine: this account may not talk to Docker, and sudo wants a password",
            said=said,
            remedy="sudo usermod -aG docker $USER, and log in again; or run this through sudo",
        )


def start_engine(runner: Runner) -> None:
    try:
        started = runner.run(start_command(systemd=Path("/run/systemd/system").is_dir()))
        runner.run(script(WAIT, Effect.READS, timeout=90, account="root"))
    except StemsError as error:
        raise EngineError(
            f"this machine: Docker does not answer and cannot be started: {error.problem}",
            remedy="start it as root: systemctl start docker",
        ) from None
    if not started.ok:
        raise EngineError(
            "this machine: Docker does not answer and cannot be started",
            said=started.errors,
            remedy="start it as root: systemctl start docker",
        )
