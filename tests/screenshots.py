"""Pictures of the screen as SVG: `python tests/screenshots.py FOLDER` draws every view, `--readme` the README's own.

The toolkit writes SVG with Hangul measured as if it were Latin; here every run of letters gets its width in cells.
"""

import argparse
import asyncio
import html
import re
from collections import Counter
from pathlib import Path
from typing import Final

from rich.cells import cell_len

from netviz.capture.interfaces import Found
from netviz.capture.opening import open_capture
from netviz.cli.shipped import shipped_captures
from netviz.explain.words import Language
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.report.tour import most_telling
from netviz.tui.app import NetvizApp
from netviz.tui.start import Beginning, StartApp

ROOT: Final = Path(__file__).parents[1]
DEMO: Final = ROOT / "captures" / "demo.pcapng"
SIZES: Final = ((80, 24), (120, 40), (200, 60))
_CELL: Final = 12.2
"""Width of a cell in the toolkit's SVG."""
_RUN: Final = re.compile(r'(<text [^>]*?)x="([^"]*)"([^>]*?)textLength="[^"]*"([^>]*)>([^<]*)</text>')
_FONTS: Final = "'Noto Sans Mono','Noto Sans Mono CJK KR','Noto Sans CJK KR',monospace"


def with_cells(svg: str) -> str:
    """The picture with each run split where letters change width, and each piece as long as its cells."""
    svg = re.sub(r"@font-face \{.*?\}", "", _RUN.sub(_pieces, svg), flags=re.S)
    return svg.replace("font-family: Fira Code, monospace", f"font-family: {_FONTS}")


def _pieces(run: re.Match[str]) -> str:
    before, at, middle, after = run.group(1), float(run.group(2)), run.group(3), run.group(4)
    found: list[list[object]] = []
    for letter in html.unescape(run.group(5)):
        width = cell_len(letter)
        if found and (width in (0, found[-1][1])):
            found[-1][2] = f"{found[-1][2]}{letter}"
        else:
            found.append([at, width, letter])
        at += width * _CELL
    pieces = []
    for start, _, letters in found:
        text = str(letters)
        if text.strip("\xa0 "):
            words = html.escape(text).replace(" ", "\xa0")
            length = f'textLength="{round(cell_len(text) * _CELL, 2)}" lengthAdjust="spacingAndGlyphs"'
            pieces.append(f'{before}x="{round(float(str(start)), 2)}"{middle}{length}{after}>{words}</text>')
    return "".join(pieces)


GALLERY: Final = (
    ("packets", "1", 44), ("layers", "2,n,n,n", 44), ("connections", "3", 44), ("exchanges", "4", 44),
    ("cors", "5,down,down", 0), ("statistics", "6", 0), ("present", "3,P,tab,c,2", 31),
)  # fmt: skip
"""Pictures of the README: name, keys, packet that is selected (0: the one that tells most)."""
_CELLS: Final = re.compile(r'<rect fill="(#\w+)" x=')


def small(svg: str) -> str:
    """The picture in less than half as many bytes: short names, round numbers, and the ground painted once."""
    svg = re.sub(r"terminal-\d+-", "t", svg)
    svg = re.sub(r'<clipPath id="tline-\d+">.*?</clipPath>', "", svg, flags=re.S)
    svg = re.sub(r' clip-path="url\(#tline-\d+\)"| shape-rendering="crispEdges"', "", svg)
    svg = re.sub(r'(?<=")(\d+\.\d)\d+(?=")', r"\1", svg.replace("font-variant-east-asian: full-width;", ""))
    ground = Counter(_CELLS.findall(svg)).most_common(1)[0][0]
    svg = re.sub(rf'<rect fill="{ground}" x="[^"]*" y="[^"]*" width="[^"]*" height="24.6"/>', "", svg)
    inside = '<g transform="translate(9, 41)" clip-path="url(#tclip-terminal)">'
    svg = svg.replace(inside, f'{inside}<rect fill="{ground}" width="100%" height="100%"/>')
    return re.sub(r"\s*\n\s*", "\n", svg)


LOOKS: Final = ("1", "2,n,n", "3", "4", "5", "6", "question_mark", "slash,t,c,p", "B", "ctrl+p", "P,tab,c")
"""Keys of the pictures that are looked at in every theme."""


async def start_picture(size: tuple[int, int], language: Language, theme: str) -> str:
    """The start screen's SVG, with interfaces that are nobody's."""
    machine = [
        Found("lo", 1, True, True, True, addresses=["127.0.0.1/8"]),
        Found("eth0", 1, True, True, False, addresses=["192.0.2.7/24", "2001:db8::7/64"]),
        Found("wlan0", 105, False, False, False, why_not="down"),
    ]
    known = Beginning([], shipped_captures(), True)
    app = StartApp(known, language, theme, look=lambda: machine)
    async with app.run_test(size=size) as pilot:
        for _ in range(3):
            await pilot.pause()
        return with_cells(app.export_screenshot(title="netviz"))


async def picture(
    capture: Path, size: tuple[int, int], language: Language, keys: list[str], theme: str, packet: int
) -> str:
    """The screen's SVG after some keys."""
    source = open_capture(str(capture))
    app = NetvizApp(Analyzer(source.info), source, language, theme, start_packet=packet)
    async with app.run_test(size=size) as pilot:
        await _settled(app, pilot)
        for key in keys:
            await pilot.press(key)
            await _settled(app, pilot)
        return with_cells(app.export_screenshot(title="netviz"))


async def _settled(app: NetvizApp, pilot: object) -> None:
    for _ in range(200):
        await pilot.pause()  # type: ignore[attr-defined]
        apart = app.scene.row is None or app.scene.dissection is not None
        if app.store.finished and apart and (app.view_number != 5 or app.scene.fetches is not None):
            break
        await asyncio.sleep(0.01)
    await pilot.pause()  # type: ignore[attr-defined]


def _all(folder: Path, capture: Path, keys: list[str], theme: str, sizes: list[tuple[int, int]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    packet = (most_telling(analyze(open_capture(str(capture)))) or 0) + 1
    languages: tuple[Language, ...] = ("en", "ko")
    for language in languages:
        for size in sizes:
            for view in keys:
                name = f"{capture.stem}_{size[0]}x{size[1]}_{language}_{theme}_{view.replace(',', '-')}.svg"
                svg = asyncio.run(picture(capture, size, language, view.split(","), theme, packet))
                (folder / name).write_text(svg, encoding="utf-8")


def _looks(folder: Path, size: tuple[int, int], language: Language) -> None:
    """Every theme: the start screen, every view, and what lies over them."""
    folder.mkdir(parents=True, exist_ok=True)
    packet = (most_telling(analyze(open_capture(str(DEMO)))) or 0) + 1
    for theme in ("dark", "light", "contrast", "mono", "sixteen"):
        named = f"{size[0]}x{size[1]}_{language}_{theme}"
        (folder / f"start_{named}.svg").write_text(asyncio.run(start_picture(size, language, theme)), encoding="utf-8")
        for keys in LOOKS:
            svg = asyncio.run(picture(DEMO, size, language, keys.split(","), theme, packet))
            (folder / f"{keys.replace(',', '-')}_{named}.svg").write_text(svg, encoding="utf-8")


def _gallery(folder: Path) -> None:
    """The README's pictures, in both languages."""
    folder.mkdir(parents=True, exist_ok=True)
    size, languages = (118, 36), ("en", "ko")
    for language in languages:
        svg = asyncio.run(start_picture(size, language, "dark"))
        (folder / f"start.{language}.svg").write_text(small(svg), encoding="utf-8")
        for name, keys, packet in GALLERY:
            chosen = packet or (most_telling(analyze(open_capture(str(DEMO)))) or 0) + 1
            svg = asyncio.run(picture(DEMO, size, language, keys.split(","), "dark", chosen))
            (folder / f"{name}.{language}.svg").write_text(small(svg), encoding="utf-8")


def main() -> None:
    """Draw what the arguments ask for."""
    top = argparse.ArgumentParser(description=__doc__)
    top.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"))
    top.add_argument("--capture", type=Path, default=DEMO)
    top.add_argument("--keys", nargs="*", default=["1", "2", "3", "4", "5"], help="keys of each picture, with commas")
    top.add_argument("--theme", default="dark")
    top.add_argument("--size", nargs="*", default=[f"{width}x{height}" for width, height in SIZES])
    top.add_argument("--looks", action="store_true", help="every view and dialog in every theme, to look at")
    top.add_argument("--language", choices=("en", "ko"), default="en", help="language of --looks")
    top.add_argument("--readme", action="store_true", help="draw the README's pictures in .github anew")
    given = top.parse_args()
    if given.readme:
        _gallery(ROOT / ".github" / "gallery")
        return
    if given.looks:
        width, height = given.size[0].split("x")
        _looks(given.folder, (int(width), int(height)), given.language)
        return
    sizes = [(int(width), int(height)) for width, height in (text.split("x") for text in given.size)]
    _all(given.folder, given.capture, given.keys, given.theme, sizes)


if __name__ == "__main__":
    main()
