"""What may be typed after `netviz`. Standard library only, so that `--help` is instant."""

import argparse
from typing import Final

from netviz import __version__
from netviz.cli.export_arguments import add_export, add_key, add_taking
from netviz.cli.live_arguments import add_live, add_replay, positive

TIMES: Final = ("r", "d", "dd", "a", "ad", "u", "ud", "e", "c")
REPORTS: Final = (
    "summary", "packets", "connections", "datagrams", "exchanges", "cookies", "tokens", "dns", "routes", "cors",
    "statistics",
)  # fmt: skip
COMMANDS: Final = (
    *REPORTS,
    "export",
    "filters",
    "explain",
    "compare",
    "live",
    "replay",
    "demo",
    "interfaces",
    "doctor",
    "lab",
    "lesson",
    "settings",
    "open",
)
_VIEWS: Final = ("packets", "layers", "connections", "exchanges", "cors", "statistics", "1", "2", "3", "4", "5", "6")

_EPILOG: Final = """\
netviz FILE                        open a capture on the screen (pcap or pcapng, also gzip or zstd)
netviz 'FILE#12'                   the same, at packet 12 (the screen copies such a place with y)
netviz -                           read a capture from a pipe:  ssh host tcpdump -U -w - | netviz -
netviz live -i lo                  watch an interface
netviz cors FILE                   which header on which packet made the browser block it
netviz explain FILE 12             packet 12, layer in layer
netviz packets FILE -Y 'tcp.port == 80 && http.response.code >= 400'

Exit status: 0 done, 1 the capture could not be read or made, 2 wrong usage, 3 --check found something.
netviz sends nothing anywhere and looks no name up.
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="netviz",
        description="See a network protocol in the terminal: packets, layers, TCP states, HTTP, CORS.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"netviz {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _open(commands.add_parser("open", help="open a capture on the screen (the word `open` may be left out)"))
    for name, text in (
        ("summary", "what a capture holds, counted"),
        ("packets", "one line a packet"),
        ("connections", "TCP connections with both endpoints' states"),
        ("datagrams", "UDP conversations, requests with their replies, and UDP beside TCP"),
        ("exchanges", "HTTP requests with their responses"),
        ("cookies", "each client's cookies over time, sessions and logins"),
        ("tokens", "JSON Web Tokens: what they claim, and whether they fit a key"),
        ("dns", "DNS queries with their responses"),
        ("routes", "what traceroute found: each hop, who answered, how long it took"),
        ("cors", "the browser's decision about each request, with the evidence"),
        ("statistics", "protocols, endpoints, conversations, rates, lengths, counted"),
    ):
        _report(commands.add_parser(name, help=text), name)
    export = commands.add_parser("export", help="an HTTP archive (HAR), a table, a selection of packets, as a file")
    _file(export)
    _language(export)
    add_export(export)
    _filters(commands.add_parser("filters", help="the fields that -Y knows, with what each means"))
    _explain(commands.add_parser("explain", help="one packet's encapsulation as nested boxes"))
    _compare(commands.add_parser("compare", help="header fields of several packets: which stay, which change how"))
    _live(commands.add_parser("live", help="watch an interface (needs the privilege to capture)"))
    replay = commands.add_parser("replay", help="a capture at its own pace: on the screen, as text, or on an interface")
    add_replay(replay)
    _common(replay)
    demo = commands.add_parser("demo", help="open the shipped demonstration capture")
    _common(demo)
    _lab(commands.add_parser("lab", help="real servers and clients to watch: handshakes, closes, loss, logins, CORS"))
    _lesson(commands.add_parser("lesson", help="guided lessons on the shipped captures, with questions"))
    interfaces = commands.add_parser("interfaces", help="list interfaces that may be watched", aliases=["-D"])
    _language(interfaces)
    doctor = commands.add_parser("doctor", help="what works on this machine, and what to type where something does not")
    _language(doctor)
    settings = commands.add_parser("settings", help="where the settings are, what is in force, and why")
    settings.add_argument("--example", action="store_true", help="print a settings file with every setting explained")
    _looks(settings)
    for command in (interfaces, doctor, settings):
        command.add_argument("--json", action="store_true", help="print JSON (CONTRACT: keys are only ever added)")
    return top


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lang", choices=("en", "ko"), help="language; default: the environment's")


def _file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", nargs="?", metavar="FILE", help="a capture file, or - for a pipe")
    command.add_argument("-r", dest="read", metavar="FILE", help="the same, as tshark writes it")
    command.add_argument("-n", action="store_true", help="accepted and without effect: names are never looked up")


def _common(command: argparse.ArgumentParser) -> None:
    _looks(command)
    command.add_argument("--text", action="store_true", help="print text in place of opening the screen")


def _looks(command: argparse.ArgumentParser) -> None:
    _language(command)
    command.add_argument(
        "--theme", choices=("dark", "light", "contrast", "mono", "sixteen"), help="colours of the screen"
    )
    command.add_argument(
        "--browser", choices=("chromium", "firefox", "webkit", "standard"), help="whose CORS rules decide"
    )
    command.add_argument(
        "--no-motion", action="store_true", help="nothing slides on the screen (as with NO_COLOR, or over ssh)"
    )
    command.add_argument("--present", action="store_true", help="presenter mode: few and large, for a class")
    command.add_argument("--ascii", action="store_true", help="draw with ASCII signs only")
    command.add_argument(
        "--view", choices=_VIEWS, metavar="VIEW", help="the view to begin with: 1 to 6, packets, layers ... statistics"
    )


def _open(command: argparse.ArgumentParser) -> None:
    _file(command)
    command.add_argument("--follow", action="store_true", help="the file is still being written: go on at its end")
    _common(command)


def _report(command: argparse.ArgumentParser, name: str) -> None:
    _file(command)
    _language(command)
    command.add_argument(
        "-Y", dest="filter", metavar="FILTER", help="only packets that match a display filter (netviz filters)"
    )
    command.add_argument("--json", action="store_true", help="print JSON (CONTRACT: keys are only ever added)")
    if name == "packets":
        command.add_argument("-c", dest="count", type=positive, metavar="N", help="only the first N packets")
        command.add_argument(
            "-t", dest="times", choices=TIMES, default="r",
            help="times as in tshark: r since the first packet, d the one before, dd the one shown before, a local time, "
            "ad with the date, u UTC, ud with the date, e epoch; c since the one before in the conversation",
        )  # fmt: skip
    if name == "datagrams":
        command.add_argument("-c", dest="count", type=positive, metavar="N", help="as of packet N")
        command.add_argument("--conversation", type=_count, metavar="N", help="only conversation N, in depth (from 0)")
    if name == "tokens":
        add_key(command)
    if name in ("exchanges", "cookies", "tokens", "cors"):
        command.add_argument("--show-secrets", action="store_true", help="print cookies, tokens and passwords in clear")
    if name == "exchanges":
        add_taking(command)
    if name == "cors":
        command.add_argument(
            "--browser", choices=("chromium", "firefox", "webkit", "standard"), help="whose rules decide (chromium)"
        )
        command.add_argument("--fetch", type=positive, metavar="N", help="only fetch N, with every rule in words")
        command.add_argument(
            "--mend", choices=("nginx", "express", "flask", "fastapi", "spring"),
            help="print the server's configuration that would let what is blocked pass",
        )  # fmt: skip
        command.add_argument(
            "--codes", nargs="?", const="", metavar="WORD",
            help="no capture: every reason for blocking with its meaning and what mends it",
        )  # fmt: skip
    if name == "connections":
        command.add_argument("--connection", type=_count, metavar="N", help="only connection N, in depth (from 0)")
    if name in ("cors", "connections"):
        command.add_argument("--check", action="store_true", help="exit 3 where something is blocked or illegal")


def _filters(command: argparse.ArgumentParser) -> None:
    command.add_argument("word", nargs="?", default="", metavar="WORD", help="only fields with it in name or meaning")
    _language(command)


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE")
    command.add_argument("number", type=positive, metavar="N", help="packet number, from 1")
    _language(command)
    command.add_argument("--ascii", action="store_true", help="draw with ASCII only")
    command.add_argument(
        "--fields", action="store_true", help="list every field with its first byte, in place of boxes"
    )
    command.add_argument("--json", action="store_true", help="the same as JSON, with the bytes of every field")


def _compare(command: argparse.ArgumentParser) -> None:
    _file(command)
    _language(command)
    command.add_argument("-Y", dest="filter", metavar="FILTER", help="the packets to compare (netviz filters)")
    command.add_argument("-c", dest="count", type=positive, metavar="N", help="compare the first N that match")
    command.add_argument("--json", action="store_true", help="print JSON (CONTRACT: keys are only ever added)")


def _live(command: argparse.ArgumentParser) -> None:
    add_live(command)
    _common(command)


def _lesson(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", nargs="?", metavar="NAME", help="which lesson; none: list them")
    command.add_argument("--json", action="store_true", help="print JSON (CONTRACT: keys are only ever added)")
    _common(command)


def _lab(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", nargs="?", metavar="NAME", help="which lab; none: list them")
    command.add_argument("--no-screen", action="store_true", help="only run the servers, and print what to try")
    command.add_argument("--record", metavar="FILE", help="keep the packets as pcapng, and the story beside it as TOML")
    command.add_argument("--once", action="store_true", help="play once and end")
    command.add_argument("--every", type=float, metavar="SECONDS", help="play again every so many seconds; 0: never")
    command.add_argument("--at", metavar="MACHINE", help="watch another machine of the lab: client, router, server")
    command.add_argument("--loopback", action="store_true", help="on this machine's loopback, also where root is there")
    command.add_argument("--port", type=positive, metavar="N", help="first port to try for servers on loopback")
    line = command.add_argument_group("the line between the lab's own machines")
    for name in ("loss", "reorder", "duplicate"):
        line.add_argument(f"--{name}", type=_share, default=0.0, metavar="PERCENT", help=f"frames to {_DO[name]}")
    line.add_argument("--delay", type=_milliseconds, default=0.0, metavar="MS", help="time that a frame takes")
    line.add_argument("--seed", type=int, default=1, metavar="N", help="other chances; the same number, the same again")
    _common(command)


_DO: Final = {"loss": "lose", "reorder": "deliver late, behind others", "duplicate": "deliver twice"}


def _share(text: str) -> float:
    return _between(text, 0, 100)


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return number


def _milliseconds(text: str) -> float:
    return _between(text, 0, 10_000)


def _between(text: str, least: float, most: float) -> float:
    number = float(text)
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"must be from {least} to {most}")
    return number
