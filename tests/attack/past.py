"""Attacks by old copies: parts of an output and of its private state are put back to how they once were."""

import shutil
import time
from pathlib import Path
from random import Random

from tests.attack.campaign import Home, Verdict
from tests.attack.recordings import Recording, lines

_PARTS = ("ledger", "erasures")
"""Parts of private state that are put back; what else lies there is left as it is."""
_RUN_EVERY = 10

Moment = dict[str, dict[str, bytes]]
"""Content of each part, by path below the home."""


class Story:
    """A home in which releases were made and people erased, with a copy of every moment between."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.moments: list[Moment] = []
        for step in ("run", "run", "erase", "run", "erase"):
            getattr(self, f"_{step}")(len(self.moments))
            if self.home.code != 0:
                raise AssertionError(f"the story does not go on: {self.home.shown[-600:]}")
            self.moments.append(self.parts())
        self.parts_known = sorted({part for moment in self.moments for part in moment})

    def _run(self, step: int) -> None:
        users = [f"anna{step}", "berta", f"clara{step}"]
        made = [Recording(f"{user}-{step}", user, Random(step)).rows for user in users]
        self.home.log.write_text(lines(row for rows in made for row in rows))
        self.home.run(settings=("noise.epsilon=4",))

    def _erase(self, step: int) -> None:
        user = "berta" if step < 3 else "anna0"
        common = ("--keys", self.home.keys, "--state", self.home.state)
        self.home.command("erase", "--user", user, self.home.output, *common)

    def parts(self) -> Moment:
        """Read every part as it is now: each release, the catalog, the ledger, the erasures."""
        found: Moment = {}
        for path in sorted(self.home.folder.rglob("*")):
            inside = path.relative_to(self.home.folder)
            if path.is_file() and (part := _part(inside)):
                found.setdefault(part, {})[str(inside)] = path.read_bytes()
        return found

    def put_back(self, choice: dict[str, int]) -> Moment:
        """Let every part lie as at the moment that ``choice`` names, and return what lies there then."""
        for part in self.parts_known:
            for moment in self.moments:
                for name in moment.get(part, {}):
                    (self.home.folder / name).unlink(missing_ok=True)
            for name, content in self.moments[choice[part]].get(part, {}).items():
                path = self.home.folder / name
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.write_bytes(content)
                path.chmod(0o600)
        for folder in (self.home.output / "sessions" / "releases").iterdir():
            if not any(path.is_file() for path in folder.rglob("*")):
                shutil.rmtree(folder)
        return self.parts()

    def sound(self) -> bool:
        """Return whether ``verify`` with all keys and the private state has nothing to say."""
        common = ("--keys", self.home.keys, "--state", self.home.state)
        return self.home.command("verify", self.home.output, *common) == 0


def _part(inside: Path) -> str:
    """Return the part that a path belongs to, or nothing."""
    words = inside.parts
    if words[0] == "out":
        return "/".join(words[:4]) if "releases" in words else words[-1]
    return words[1] if words[0] == "state" and words[1] in _PARTS else ""


def old_copies(folder: Path, seed: int, variants: int) -> Verdict:
    """Mix parts of different moments: ``verify`` and ``run`` may take none but what once was there as a whole."""
    began, verdict = time.process_time(), Verdict("old_copies", variants)
    story = Story(folder / "story")
    if not story.sound():
        verdict.failures.append(f"verify refuses what nobody touched: {story.home.shown[-300:]}")
    for number in range(variants):
        draw = Random(f"{seed}/past/{number}")
        choice = mixed(draw, story)
        story.home.shown = ""
        if story.put_back(choice) in story.moments:
            continue
        if story.sound():
            verdict.leaks[number] = [f"verify takes {told(choice)}"]
        elif number % _RUN_EVERY == 0:
            _run_over(story, choice, number, verdict)
    story.home.remove()
    verdict.cpu_s = time.process_time() - began
    return verdict


def mixed(draw: Random, story: Story) -> dict[str, int]:
    """Return for every part the moment it is taken from: one part alone, an output or a state, or any of each."""
    last = len(story.moments) - 1
    base, other = draw.choice((last, last, draw.randint(0, last))), draw.randint(0, last)
    kind = draw.randrange(4)
    if kind == 0:
        single = draw.choice(story.parts_known)
        return {part: other if part == single else base for part in story.parts_known}
    if kind == 1:
        return {part: other if part in _PARTS else base for part in story.parts_known}
    return {part: draw.choice((base, base, other)) for part in story.parts_known}


def _run_over(story: Story, choice: dict[str, int], number: int, verdict: Verdict) -> None:
    story._run(90 + number)
    if story.home.code in (0, 1):
        verdict.leaks[number] = [f"run takes {told(choice)}"]
    before = {path for moment in story.moments for part in moment.values() for path in part}
    for path in sorted(story.home.folder.rglob("*"), reverse=True):
        inside = path.relative_to(story.home.folder)
        if path.is_file() and _part(inside) and str(inside) not in before:
            path.unlink()


def told(choice: dict[str, int]) -> str:
    """Return a mixture in words, without the names of releases."""
    return ", ".join(f"{part[-12:]} of {moment}" for part, moment in choice.items())
