"""Packages that bring tools, laid into a folder as pip would: modules, and metadata with the entry point."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "stems-etc"


def install(folder: Path, name: str, *, tools: Mapping[str, str], version: str = "1.0") -> None:
    """The metadata of a package. `tools` are its entry points."""
    about = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    points = "".join(f"{tool} = {module}\n" for tool, module in tools.items())
    (about / "entry_points.txt").write_text(f"[stems.tools]\n{points}")


def write_modules(folder: Path, package: str, modules: Mapping[str, str]) -> None:
    for name, text in {"__init__": "", **modules}.items():
        path = folder / package / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def install_example(folder: Path) -> Path:
    """The example, from its own pyproject.toml."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    tools = project["entry-points"]["stems.tools"]
    install(folder, project["name"], tools=tools, version=project["version"])
    for package in tools.values():
        shutil.copytree(EXAMPLE / "src" / package, folder / package)
    return folder
