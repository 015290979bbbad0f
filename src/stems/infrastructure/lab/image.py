"""The image of a lab node and the lab's service images: built once, then found under the recipe's digest."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from stems.errors import DeadlineError, ToolError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.compose import find_compose, version_of
from stems.infrastructure.lab.engine import Engine, proxies
from stems.infrastructure.lab.recipe import (
    FOLDER,
    KEPT_PACKAGES,
    PACKAGES,
    SERVICE_IMAGES,
    SUITE,
    base_image,
    node_image,
    recipe_digest,
)  # fmt: skip
from stems.infrastructure.runner import Runner

Say = Callable[[str], None]

REGISTRY_BASE = f"debian:{SUITE}-slim"


def require_image(engine: Engine, runner: Runner, *, cache: Path, say: Say) -> str:
    """The node image for this recipe and this machine's Compose, built if it is not there."""
    compose = find_compose(engine, runner, cache=cache)
    image = node_image(recipe_digest(version_of(compose, runner)))
    if not engine.ask("image", "inspect", image).ok:
        base = _require_base(engine, runner, cache=cache, say=say)
        say(f"building {image} (once)")
        _build_node(engine, image, base=base, compose=compose)
        _forget_older(engine, image)
    if not all(engine.ask("image", "inspect", name).ok for name in SERVICE_IMAGES):
        say("building the service image (once)")
        _build_services(engine, image)
    return image


def _forget_older(engine: Engine, image: str) -> None:
    """Images of earlier recipes are large; Docker keeps those that a container still uses."""
    listed = engine.read("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", image.partition(":")[0]).split()
    for older in set(listed) - {image}:
        engine.attempt("image", "rm", older)


def service_images(engine: Engine) -> bytes:
    """The service images as `docker load` takes them."""
    return engine.act("save", *SERVICE_IMAGES, timeout=60).stdout


def _require_base(engine: Engine, runner: Runner, *, cache: Path, say: Say) -> str:
    if engine.ask("image", "inspect", REGISTRY_BASE).ok:
        return REGISTRY_BASE
    if engine.ask("image", "inspect", base_image()).ok:
        return base_image()
    if engine.pull(REGISTRY_BASE):
        say(f"the base is {REGISTRY_BASE} from the registry")
        return REGISTRY_BASE
    say("no image registry answers: making the base with mmdebstrap")
    return _import_base(engine, runner, cache=cache)


def bootstrap_command(target: Path) -> Command:
    argv = ("mmdebstrap", "--variant=minbase", "--quiet", SUITE, str(target))
    return Command(argv, Effect.WRITES, timeout=300, account="root", env=proxies())


def _import_base(engine: Engine, runner: Runner, *, cache: Path) -> str:
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        target = Path(folder) / "base.tar"
        try:
            result = runner.run(bootstrap_command(target))
            said = "" if result.ok else result.errors or "mmdebstrap said nothing"
        except DeadlineError as error:
            said = error.said or error.problem
        if said:
            raise ToolError(
                "this machine: no image registry answers and mmdebstrap made no Debian",
                said=said,
                remedy="make a registry or a Debian mirror reachable, and `sudo apt-get install mmdebstrap`",
            )
        engine.act("import", str(target), base_image(), timeout=120)
    return base_image()


def _build_node(engine: Engine, image: str, *, base: str, compose: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path in FOLDER.iterdir():
            shutil.copy(path, folder)
        shutil.copy(compose, Path(folder) / "docker-compose")
        arguments = {"BASE": base, "PACKAGES": " ".join(PACKAGES), "KEPT": " ".join(KEPT_PACKAGES), **proxies()}
        _build(engine, folder, arguments, tag=image, file="Dockerfile")


def _build_services(engine: Engine, image: str) -> None:
    for name, version in SERVICE_IMAGES.items():
        _build(engine, str(FOLDER), {"NODE": image, "VERSION": version}, tag=name, file="Dockerfile.service")


def _build(engine: Engine, folder: str, arguments: dict[str, str], *, tag: str, file: str) -> None:
    words = [word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")]
    words += ["--label", "stems.lab=image", "--network", "host", "--file", f"{folder}/{file}", "--tag", tag]
    engine.act("build", "--quiet", *words, folder, timeout=600)
