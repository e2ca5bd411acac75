"""Bars of eighths of a cell, numbers cut short, and shares: what tables of counts are drawn with. Knows no packet."""

from netviz.tui.scene import Scene

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def bar(scene: Scene, share: float, width: int) -> str:
    """A bar over `share` (0 to 1) of `width` cells; anything above nothing shows."""
    share = min(max(share, 0.0), 1.0)
    if scene.glyphs.name != "unicode":
        cells = max(round(share * width), 1 if share > 0 else 0)
        return (scene.glyphs.full * cells).ljust(width)
    eighths = max(round(share * width * 8), 1 if share > 0 else 0)
    whole, rest = divmod(eighths, 8)
    return (_EIGHTHS[8] * whole + (_EIGHTHS[rest] if rest else "")).ljust(width)


def short(number: int) -> str:
    """A number in at most six cells: `17,868`, `93.4k`, `1.25M`."""
    if number < 100_000:
        return f"{number:,}"
    divisor, prefix = next(each for each in _PREFIXES if number >= each[0])
    return f"{number / divisor:.4g}{prefix}" if number / divisor < 1000 else f"{number / divisor:.0f}{prefix}"


def percent(part: int, whole: int) -> str:
    """A share as people read it: `24.4 %`, `< 0.1 %`."""
    if not whole or not part:
        return "0 %"
    share = 100 * part / whole
    return "< 0.1 %" if share < 0.1 else f"{share:.1f} %" if share < 99.95 else "100 %"
