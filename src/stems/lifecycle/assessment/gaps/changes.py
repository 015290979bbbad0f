"""Undocumented changes? Whether history, tags and pages tell later what was changed and why."""

from __future__ import annotations

from collections.abc import Iterator

from stems.lifecycle.assessment.gaps.seen import SEVERAL, SHOWN, Seen, count
from stems.lifecycle.assessment.history import told
from stems.model.assessment import Effort, Evidence, Gap, Pillar, Question, Step
from stems.model.finding import Place
from stems.tools.compose.model.specs.image import split_image

_FEW_COMMITS = 5
_FLOATING = frozenset({"", "latest", "stable", "edge", "nightly", "main", "master", "dev"})


def gaps(seen: Seen) -> Iterator[Gap]:
    yield from _history(seen)
    images = {image.place: image for one in seen.services for image in one.images}
    floating = [image for image in images.values() if _floats(image.says)]
    if floating:
        shown = tuple(floating[:SHOWN])
        what = count(len(floating), "image") + (" changes" if len(floating) == 1 else " change")
        message = f"{what} without a commit: no tag, or one that moves"
        how = f"write the tag that {floating[0].says} has now, and do so with the others one by one"
        step = Step("Pin an image", how, Effort.MINUTES, 75)
        yield Gap(Question.CHANGES, Pillar.GIT, message, shown, len(floating), step)
    yield from _pages(seen)


def _history(seen: Seen) -> Iterator[Gap]:
    history = told(seen.look)
    if history is None:
        how = "type `git init`, `git add .` and `git commit`: the first commit may be everything as it is"
        step = Step("Keep the history", how, Effort.MINUTES, 100)
        yield Gap(
            Question.CHANGES, Pillar.GIT, "no Git history: nobody can tell what was changed, when or why", step=step
        )
        return
    vague = history.vague
    if history.commits >= _FEW_COMMITS and len(vague) * 3 >= history.commits:
        shown = tuple(Evidence(Place(one.sha[:8]), one.subject) for one in vague[:SHOWN])
        message = f"{len(vague)} of the last {history.commits} commits do not say what they change"
        how = "write what changes and why: `git config commit.verbose true` shows the difference while you write"
        yield Gap(
            Question.CHANGES,
            Pillar.GIT,
            message,
            shown,
            len(vague),
            Step("Say what a commit is for", how, Effort.MINUTES, 40),
        )
    elif history.commits >= _FEW_COMMITS and not history.with_reason:
        message = f"none of the last {history.commits} commits gives a reason below its subject"
        yield Gap(Question.CHANGES, Pillar.GIT, message, count=history.commits)
    untracked = [path for path in seen.look.untracked if not path.startswith(".")]
    if untracked:
        shown = tuple(Evidence(Place(path)) for path in untracked[:SHOWN])
        yield Gap(
            Question.CHANGES,
            Pillar.GIT,
            f"{count(len(untracked), 'file')} not in Git and not ignored",
            shown,
            len(untracked),
        )


def _floats(image: str) -> bool:
    if "$" in image:
        return False
    reference = split_image(image)
    return not reference.digest and reference.tag in _FLOATING


def _pages(seen: Seen) -> Iterator[Gap]:
    kinds = {part.what for part in seen.pages}
    if "README" not in kinds:
        how = "write README.md: what this is, which nodes there are, how a change gets to them"
        step = Step("Say what this repository is", how, Effort.MINUTES, 50)
        yield Gap(Question.CHANGES, Pillar.GIT, "no README at the top", step=step)
    if "decision records" not in kinds:
        how = "write docs/decisions/0001-where-services-run.md: context, decision, consequences, ten lines"
        step = Step("Write down one decision", how, Effort.MINUTES, 35)
        message = "no decision records: why something is as it is stands nowhere"
        yield Gap(Question.CHANGES, Pillar.GIT, message, step=step)
    bare = [one for one in seen.services if one.tool == "compose" and one.folder and not one.has_page]
    if len(bare) >= SEVERAL:
        shown = tuple(Evidence(one.place, one.name) for one in bare[:SHOWN])
        message = f"{len(bare)} of {len(seen.services)} services have no README beside them"
        yield Gap(Question.CHANGES, Pillar.GIT, message, shown, len(bare))
