"""A chezmoi that says what was recorded of the real one, 2.72.0: for tests on a machine that has none.

It looks at nothing and writes nothing but a log of how it was called.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stems.infrastructure.local import LocalRunner
from stems.model.change import Change
from stems.model.cluster import Cluster, Domains, UserDomain
from stems.model.observation import Present
from stems.tools.base import Job, Preview, Site, Tree
from stems.tools.chezmoi.tool import preview
from tests.support.dotfiles import NODE, Files, site, write_tree
from tests.unit.tools.chezmoi.test_blocks import CHANGE

_PROGRAM = """#!/bin/sh
answers={answers}
umask >"$answers/umask"
output=
for word; do case $word in --output=*) output=${{word#--output=}} ;; esac; done
for word; do
  case $word in --version|status|diff|state|managed|apply|cat|dump-config) name=${{word#--}}; break ;; esac
done
{{ printf '%s' "$name"; printf ' %s' "$@"; echo; }} >>"$answers/log"
[ "$name" != apply ] || cat >"$answers/typed" 2>/dev/null
[ ! -e "$answers/$name.sh" ] || . "$answers/$name.sh"
[ ! -e "$answers/hook.out" ] || [ "$name" = version ] || cat "$answers/hook.out"
if [ -e "$answers/$name.out" ]; then
  if [ -n "$output" ]; then cat "$answers/$name.out" >"$output"; else cat "$answers/$name.out"; fi
elif [ -n "$output" ]; then : >"$output"; fi
[ ! -e "$answers/hook.out" ] || [ "$name" = version ] || cat "$answers/hook.out"
[ ! -e "$answers/hook.err" ] || [ "$name" = version ] || cat "$answers/hook.err" >&2
[ ! -e "$answers/$name.err" ] || cat "$answers/$name.err" >&2
exit "$(cat "$answers/$name.code" 2>/dev/null || echo 0)"
"""
OLD = '# host vm os linux/amd64\nexport EDITOR=vim\nexport EMAIL="me@example.org"\n# bg BLACK\n'
SCRIPT = """\
diff --git a/a.sh b/a.sh
new file mode 100755
index 0000000000000000000000000000000000000000..02cb68aea6ff811186c7761ecf7f5997e9b549bb
--- /dev/null
+++ b/a.sh
@@ -0,0 +1 @@
+echo hello
"""
VERSION = "chezmoi version v2.72.0, commit 0123456, built at 2026-08-01T00:00:00Z\n"


@dataclass
class Replay:
    """A node whose chezmoi is a recording, and jobs for it."""

    folder: Path

    @cached_property
    def site(self) -> Site:
        return site(self.folder)

    @property
    def home(self) -> Path:
        return Path(self.site.home)

    def install(self) -> Replay:
        answers = self.folder / "answers"
        answers.mkdir()
        program = self.home / ".local/bin/chezmoi"
        program.parent.mkdir(parents=True)
        program.write_text(_PROGRAM.format(answers=answers))
        program.chmod(0o755)
        self.says("version", VERSION)
        self.says("state", "{}")
        return self

    def says(self, command: str, out: str = "", err: str = "", *, code: int = 0) -> None:
        for kind, text in (("out", out), ("err", err), ("code", str(code))):
            (self.folder / "answers" / f"{command}.{kind}").write_text(text)

    def does(self, command: str, text: str) -> None:
        """What the recorded program did to the home, which replaying its words does not."""
        (self.folder / "answers" / f"{command}.sh").write_text(text)

    @property
    def calls(self) -> list[str]:
        """How it was called, without the options that every call has."""
        lines = (self.folder / "answers" / "log").read_text().splitlines()
        return [line.split(" --use-builtin-diff ")[-1] for line in lines]

    def job(self, files: Files, *, deployment: str = "", account: str = "", **variables: object) -> Job:
        root = self.folder / f"tree-{len(list(self.folder.iterdir()))}"
        write_tree(root / "dotfiles", files)
        settings = UserDomain("chezmoi", "dotfiles", account=account)
        cluster = Cluster("colab", "~/colab", {NODE.name: NODE}, domains=Domains(user=(settings,)))
        tree = Tree(root, "0" * 40, frozenset(f"dotfiles/{name}" for name in files))
        return Job(cluster, settings, tree, {NODE.name: variables}, LocalRunner(), self.folder, deployment)


def previewed(node: Replay, job: Job) -> Preview:
    answer = preview(job, [node.site])["red"]
    assert isinstance(answer, Present), answer.reason
    return answer.value


def only(node: Replay, job: Job) -> Change:
    (change,) = previewed(node, job).changes
    return change


def remembers(node: Replay, *paths: str, kind: str = "file") -> None:
    node.says("state", json.dumps({"entryState": {f"{node.home}/{path}": {"type": kind} for path in paths}}))


def bashrc(node: Replay, status: str = " M") -> Job:
    (node.home / ".bashrc").write_text(OLD)
    node.says("status", f"{status} .bashrc\n")
    node.says("diff", CHANGE)
    return node.job({"dot_bashrc.tmpl": "{{ .editor }}"}, deployment="1", editor="nano")
