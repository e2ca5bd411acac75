"""What a capture can be limited to, in plain words, each with the capture filter (pcap-filter(7)) that says it."""

from collections.abc import Sequence
from shlex import quote
from typing import Final, NamedTuple

from netviz.tui.cells import beside, joined, wrapped
from netviz.tui.draw.line import Line, plain
from netviz.tui.scene import Scene
from netviz.tui.widgets.menu import CHOICE


class CaptureChoice(NamedTuple):
    """One of the choices; its words are `screen.capture.KEY`."""

    key: str
    filter: str
    """What it is in BPF; it ends with a blank where something has to be typed behind it."""

    @property
    def is_open(self) -> bool:
        """Whether an address or a number is still to be typed."""
        return self.filter.endswith(" ")


CHOICES: Final = (
    CaptureChoice("everything", ""),
    CaptureChoice("web", "tcp port 80"),
    CaptureChoice("web-development", "tcp port 3000 or tcp port 5173 or tcp port 8000 or tcp port 8080"),
    CaptureChoice("host", "host "),
    CaptureChoice("port", "port "),
    CaptureChoice("dns", "port 53"),
    CaptureChoice("ping", "icmp or icmp6"),
    CaptureChoice("arp", "arp"),
    CaptureChoice("handshakes", "tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0"),
    CaptureChoice("not-ssh", "not tcp port 22"),
)
"""The last is the one to begin with over ssh: the screen itself would be captured otherwise, and each capture drawn anew."""


def choice_lines(scene: Scene, width: int) -> list[Line]:
    """A line for each choice: its number, what it is, and how BPF says it."""
    palette = scene.palette
    lines = []
    for number, choice in enumerate(CHOICES, 1):
        words = joined(
            (f"{number % 10} ", palette.ink(palette.accent, True)),
            (scene.say(f"capture.{choice.key}"), palette.plain(True)),
        )
        room = max(width - words.cell_len - 2, 0)
        shown = choice.filter.strip() + (" …" if choice.is_open else "")
        tail = joined((f"  {shown}" if len(shown) <= room else "", palette.faint()))
        lines.append(Line(beside(words, tail, width), CHOICE, str(number - 1)))
    return lines


def answer_lines(scene: Scene, marked: Sequence[str], sentence: str, command: str, width: int) -> list[Line]:
    """Where a filter is wrong and why; for one that is right, what would be typed without this screen."""
    palette = scene.palette
    if not sentence:
        return [plain(text, palette.faint()) for text in wrapped(f"$ {command}", width, "  ")]
    bad = palette.ink(palette.bad)
    lines = []
    if len(marked) == 2:
        text, signs = _in_sight(marked[0], marked[1], width)
        lines = [plain(text, palette.plain()), plain(signs, palette.ink(palette.bad, True))]
    return lines + [plain(text, bad) for text in wrapped(f"{scene.glyphs.bad} {sentence}", width, "  ")]


def _in_sight(text: str, signs: str, width: int) -> tuple[str, str]:
    """The part of a filter around the place that the signs point at, where all of it is too long for a line."""
    if not text.isascii() or max(len(text), len(signs)) <= width:
        return text, signs
    first = max(len(signs) - width * 3 // 4, 0)
    return text[first : first + width], signs[first : first + width]


def command_of(interface: str, filter_text: str) -> str:
    """The command that captures so."""
    return f"netviz live -i {quote(interface)}" + (f" -f {quote(filter_text)}" if filter_text else "")
