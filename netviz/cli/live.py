"""`netviz live`: open the sockets, give up every privilege, then look at packets."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import rich

import netviz
from netviz.capture.dumpcap import dumpcap_receivers
from netviz.capture.interface import LiveSource
from netviz.capture.interfaces import interface_names, interfaces
from netviz.capture.opening import open_capture
from netviz.capture.privileges import drop_privileges, readable_afterwards, target_identity, writable_afterwards
from netviz.capture.recording import Portion
from netviz.cli.choices import language_of
from netviz.cli.live_arguments import bounds
from netviz.cli.shipped import DEMO, shipped
from netviz.errors import BadArgument, NotPermitted
from netviz.explain.live import closing_lines, note_sentence
from netviz.explain.words import Language, say, tables
from netviz.model.limits import DEFAULT_LIMITS, Limits
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.pipeline.settling import Settling
from netviz.report.happenings import Happenings

_ANY = "any"
_LOOK_SECONDS = 0.2


def live(options: argparse.Namespace) -> int:
    """Watch interfaces on the screen, or as text where there is no terminal."""
    names = _chosen(options.interfaces)
    on_screen = sys.stdout.isatty() and not options.text and not options.cors
    language = language_of(options)
    limits = _limits(options)
    ring = _portion("-b", options.ring)
    _check_ring(options, ring)
    source = _opened(names, options, limits)
    # Its packets wait for us from now on: who ends it as text, however early, gets all that came.
    with nullcontext() if on_screen else _ended_by_signals(source):
        _give_up_root(source, options, ring, on_screen, language)
        analyzer = Analyzer(source.info, limits)
        if not on_screen:
            return _as_text(analyzer, source, language, options.cors)
        from netviz.tui.app import run

        status = run(analyzer, source, language, options.theme, options.settings)
        source.close()
        return max(status, _say_the_end(source, language, notes=True))


def _give_up_root(
    source: LiveSource, options: argparse.Namespace, ring: Portion, on_screen: bool, language: Language
) -> None:
    """Make the file, load what must be loaded, and be nobody special. Closes the source where that fails.

    Raises: NotPermitted where privileges are left; NetvizError where the file can not be made.
    """
    # The output file is made with the rights of who may make it; everything after this line has none.
    try:
        if options.write:
            source.record(options.write, ring, _owner())
        _load_before_the_fall(on_screen, language)
        drop_privileges()
    except (OSError, RuntimeError) as error:
        source.close()
        raise NotPermitted("still-privileged", reason=str(error)) from None
    except BaseException:
        source.close()
        raise


def _chosen(given: list[str]) -> list[str]:
    """Names of the interfaces that were asked for; numbers are those of `netviz interfaces`."""
    if not given:
        raise BadArgument("no-interface", known=", ".join(interface_names()))
    names: list[str] = []
    for name in given:
        if name == _ANY and _ANY not in interface_names():
            names += [each.name for each in interfaces() if each.up]
        elif name.isdigit() and name not in interface_names() and 0 < int(name) <= len(interface_names()):
            names.append(interfaces()[int(name) - 1].name)
        else:
            names.append(name)
    return names


def _opened(names: list[str], options: argparse.Namespace, limits: Limits) -> LiveSource:
    """Our own sockets; where this user may not open any, dumpcap's, which some systems permit."""
    until = _portion("-a", options.until)
    more = {"promiscuous": options.promiscuous, "buffer": options.buffer, "until": until}
    try:
        return LiveSource(names, options.filter, options.count, options.snaplen, limits, **more)
    except NotPermitted:
        receivers = dumpcap_receivers(names, options.filter, options.snaplen, options.promiscuous)
        if receivers is None:
            raise
        source = LiveSource(names, "", options.count, options.snaplen, limits, receivers=receivers, **more)
        source.state.note("dumpcap")
        return source


def _portion(option: str, conditions: list[str]) -> Portion:
    found = bounds(option, conditions)
    return Portion(
        int(found.get("packets", 0)), int(found.get("filesize", 0)), found.get("duration", 0), int(found.get("files", 0))
    )  # fmt: skip


def _limits(options: argparse.Namespace) -> Limits:
    keep = bounds("--keep", options.keep)
    return replace(
        DEFAULT_LIMITS,
        live_packets=int(keep.get("packets", DEFAULT_LIMITS.live_packets)),
        live_bytes=int(keep.get("filesize", DEFAULT_LIMITS.live_bytes)),
        live_seconds=int(keep.get("duration", DEFAULT_LIMITS.live_seconds)),
    )


def _check_ring(options: argparse.Namespace, ring: Portion) -> None:
    if not options.ring:
        return
    if not options.write:
        raise BadArgument("ring-without-file")
    if not ring.rotates:
        raise BadArgument("ring-never-full")
    folder = os.path.dirname(options.write) or "."
    if os.geteuid() == 0 and os.path.isdir(folder) and not writable_afterwards(folder):
        raise BadArgument("ring-folder", folder=folder, user=target_identity().user)


def _owner() -> tuple[int, int] | None:
    """Who the written file belongs to: the user behind sudo."""
    identity = target_identity()
    return (identity.user, identity.group) if os.geteuid() == 0 and os.environ.get("SUDO_UID") else None


def _load_before_the_fall(on_screen: bool, language: Language) -> None:
    """Load what Python and scapy load late: the user this process becomes may not be able to read the installation.

    Where that is so, all that will be done is done once on a shipped capture, which finds out what is needed.
    """
    from netviz.dissect.packet import preload

    preload()
    tables()
    if readable_afterwards((os.__file__, rich.__file__, netviz.__file__)):
        return
    if on_screen:
        from netviz.tui.rehearsal import rehearse

        rehearse(open_capture(str(shipped(DEMO))), language)
    store = analyze(open_capture(str(shipped(DEMO))))
    list(Happenings(store, language).lines())


def _as_text(analyzer: Analyzer, source: LiveSource, language: Language, verdicts_only: bool) -> int:
    happenings = Happenings(analyzer.store, language, verdicts_only)
    told, settling = _Telling(source, language), Settling()
    source.start()
    print(say("live.listening", language, interface=source.info.file), file=sys.stderr)
    if source.state.file:
        print(say("live.writing", language, file=source.state.file), file=sys.stderr)
    told.start()
    try:
        for batch in source.batches():
            analyzer.feed(batch)
            settling.after(len(batch))
            for line in happenings.lines():
                print(line)
            sys.stdout.flush()
    finally:
        source.close()
        told.end()
    analyzer.finish()
    for line in happenings.lines():
        print(line)
    return _say_the_end(source, language)


class _Telling(threading.Thread):
    """Says on standard error what happens to the capture, also while no packet comes."""

    def __init__(self, source: LiveSource, language: Language) -> None:
        super().__init__(name="telling", daemon=True)
        self._source = source
        self._language = language
        self._notes = 0
        self._lost = 0
        self._over = threading.Event()

    def run(self) -> None:
        """Look now and then."""
        while not self._over.wait(_LOOK_SECONDS):
            self._tell()

    def end(self) -> None:
        """Say what is left to say, and no more."""
        self._over.set()
        if self.is_alive():
            self.join()
        self._tell()

    def _tell(self) -> None:
        state = self._source.state
        for note in state.notes[self._notes :]:
            print(note_sentence(note, self._language), file=sys.stderr, flush=True)
            self._notes += 1
        if state.lost > 2 * self._lost:
            self._lost = state.lost
            details = {"kernel": state.dropped_by_kernel, "queue": state.dropped_by_queue}
            print(say("live.losing", self._language, **details), file=sys.stderr, flush=True)


@contextmanager
def _ended_by_signals(source: LiveSource) -> Iterator[None]:
    """Ctrl-C, a hang-up and a polite kill end the capture and keep all of it; a second Ctrl-C ends at once."""

    def end(number: int, _: object) -> None:
        source.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say_the_end(source: LiveSource, language: Language, notes: bool = False) -> int:
    state, info = source.state, source.info
    lines = [note_sentence(note, language) for note in state.notes if note.grave] if notes else []
    lines += closing_lines(state, language)
    if info.cut_short:
        lines.append(say(f"cut.{info.cut_reason}", language))
    for line in lines:
        print(line, file=sys.stderr)
    failed = any(note.key in ("disk-full", "can-not-write") for note in state.notes)
    return 1 if failed or info.cut_reason.startswith("interface") else 0
