"""A lab's life: started, shown, played, ended by whatever comes first, and everything of it taken away again.

Ctrl-C, SIGTERM and SIGHUP all end it the same way, and are not heard while things are being taken away. What a SIGKILL
leaves behind the broom sweeps up, and what is left even then the next lab.
"""

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from netviz.errors import BadArgument, NetvizError
from netviz.explain.words import Language, say
from netviz.lab.broom import Broom, broom
from netviz.lab.card import card, watch_command, wrapped
from netviz.lab.laboratory import Choices, Lab, Running
from netviz.lab.namespaces import Namespace, remove_owned_by
from netviz.lab.story import Story, write_story
from netviz.lab.watching import Watching

_LOOK: Final = 0.1
_LAST_PLAY: Final = 3.0
_LAST_WORDS: Final = 1.0
"""Seconds in which the last acknowledgements of a close come."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Showing:
    """How a lab is shown."""

    language: Language
    screen: bool
    """The live screen; else lines of text, if `text`, else only the servers run."""

    text: bool
    theme: str | None = None
    record: Path | None = None
    every: float = 0.0
    """Seconds between two plays; 0: once, and again at Enter where there is no screen."""

    once: bool = False
    """End when the first play is over."""

    at: str | None = None
    """Role of the machine to watch."""

    width: int = 80


@dataclass(slots=True)
class _Player:
    """Plays a lab's traffic in a thread, so that whoever wants to end it does not wait."""

    running: Running
    story: Story = field(default_factory=Story)
    problem: Exception | None = None
    _thread: threading.Thread | None = None

    def play(self) -> None:
        """Once more, unless it still plays."""
        if self.running.play is not None and not self.is_playing():
            thread = threading.Thread(target=self._play, name="play", daemon=True)
            thread.start()
            self._thread = thread

    def is_playing(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _play(self) -> None:
        assert self.running.play is not None
        try:
            self.running.play(self.story)
        except (NetvizError, OSError, AssertionError) as error:
            self.problem = error

    def stop(self) -> None:
        """Wait a little for the play to end; what is left of it ends with the process."""
        if self._thread is not None:
            self._thread.join(timeout=_LAST_PLAY)


def keep(lab: Lab, choices: Choices, showing: Showing) -> int:
    """Run a lab until it is ended; returns the exit status.

    Raises: NotPermitted, CannotRecord, BadArgument where it can not start.
    """
    with _heard_signals(), broom() as stands_by:
        try:
            with lab.start(choices) as running:
                try:
                    return _show(lab, running, showing, stands_by)
                finally:
                    _deafen()
        except KeyboardInterrupt:
            return 0
        finally:
            _deafen()
            # A machine that was being made when Ctrl-C came has no block yet that takes it away.
            remove_owned_by(os.getpid())


def _show(lab: Lab, running: Running, showing: Showing, stands_by: Broom) -> int:
    machine = _watched(running, showing.at)
    for line in card(lab, running, machine, showing.language, showing.width):
        print(line)
    player = _Player(running)
    watching: Watching | None = None
    try:
        if showing.screen:
            _wait_for_reader(showing)
        if showing.screen or showing.text or showing.record:
            watching = _watch(running, machine, showing, stands_by)
        if not (showing.screen or showing.text):
            _say_where(running, machine, showing)
        if not showing.screen or watching is None:
            _tell_enter(running, showing)
        _until_ended(player, watching, showing)
    except KeyboardInterrupt:
        pass
    finally:
        _deafen()
        _put_together(lab, player, watching, showing)
    return int(showing.record is not None and not showing.record.exists())


def _watched(running: Running, role: str | None) -> Namespace:
    machines = running.machines
    if role is None:
        return next(iter(machines.values()))
    if role not in machines:
        raise BadArgument("lab-no-such-machine", name=role, known=" ".join(machines))
    return machines[role]


def _put_together(lab: Lab, player: _Player, watching: Watching | None, showing: Showing) -> None:
    if watching is not None:
        watching.end()
    player.stop()
    if player.problem is not None:
        print(_sentence(player.problem, showing.language), file=sys.stderr)
    if showing.record is not None and showing.record.exists():
        story = showing.record.with_suffix(".toml")
        _write(lab, player, story)
        print(say("labs.recorded", showing.language, file=showing.record, story=story))
    print(say("labs.ended", showing.language))


def _write(lab: Lab, player: _Player, file: Path) -> None:
    told = player.story
    told.facts = {
        "title_en": say(f"labs.{lab.name}.title", "en"),
        "title_ko": say(f"labs.{lab.name}.title", "ko"),
        "recorded_by": f"netviz lab {lab.name} --record",
        **told.facts,
    }
    for log in player.running.logs:
        told.exchanges += log
    write_story(told, file)
    user, group = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    if os.geteuid() == 0 and user.isdigit() and group.isdigit():
        with suppress(OSError):
            os.chown(file, int(user), int(group))


def _watch(running: Running, machine: Namespace, showing: Showing, stands_by: Broom) -> Watching | None:
    options = ["--lang", showing.language]
    if showing.theme:
        options += ["--theme", showing.theme]
    if showing.record:
        options += ["-w", str(showing.record.resolve())]
    if not showing.screen:
        options.append("--text")
    sys.stdout.flush()
    watching = Watching(running, machine, options, quiet=not (showing.screen or showing.text))
    stands_by.also_ends(watching.process.pid)
    if not watching.failed():
        return watching
    _say_where(running, machine, showing)
    return None


def _say_where(running: Running, machine: Namespace, showing: Showing) -> None:
    """Nothing is shown here: how to see it elsewhere."""
    for line in wrapped(say("labs.elsewhere", showing.language), showing.width):
        print(line)
    print(f"    {watch_command(running, machine)}", flush=True)


def _tell_enter(running: Running, showing: Showing) -> None:
    if running.play is not None and sys.stdin.isatty():
        print(say("labs.enter-plays", showing.language), flush=True)
    else:
        print(say("labs.ctrl-c", showing.language), flush=True)


def _wait_for_reader(showing: Showing) -> None:
    """The screen covers the card: it opens when the card has been read."""
    print(say("labs.enter-opens", showing.language), end=" ", flush=True)
    if not sys.stdin.readline():
        print()


def _until_ended(player: _Player, watching: Watching | None, showing: Showing) -> None:
    """Play, and again when it is time or Enter was pressed, until the screen is left or somebody interrupts."""
    player.play()
    left = showing.every
    listens = not ((showing.screen and watching) or showing.once)
    while watching is None or not watching.ended():
        if watching is not None:
            watching.stop_with_it()
        if _waited(_LOOK, listens):
            listens = _heard_enter(player)
        if showing.once and not player.is_playing():
            time.sleep(_LAST_WORDS)
            return
        left -= _LOOK
        if showing.every and left <= 0:
            player.play()
            left = showing.every


def _waited(seconds: float, listens: bool) -> bool:
    """Wait; True where somebody has typed meanwhile."""
    return bool(select.select([sys.stdin] if listens else [], [], [], seconds)[0])


def _heard_enter(player: _Player) -> bool:
    """Whether to go on listening: what was typed plays once more, the end of the input does not."""
    if not sys.stdin.readline():
        return False
    player.play()
    return True


def _sentence(error: Exception, language: Language) -> str:
    if isinstance(error, NetvizError):
        return f"netviz: {say(f'error.{error.key}', language, **error.details)}"
    return f"netviz: {say('labs.play-failed', language, reason=error)}"


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _heard_signals() -> Iterator[None]:
    """Each of the signals ends the lab during the block; as before after it."""
    before = {number: signal.signal(number, _interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _deafen() -> None:
    """From here on things are taken away: a second Ctrl-C must not leave half of them."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
