"""Follow the stream: what both sides of the chosen exchange's connection said, in order, each line leading to its packet."""

from rich.text import Text

from netviz.http.secrets import shown, shown_target
from netviz.model.safe import safe
from netviz.tui.cells import wrapped
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.message import chosen_exchange
from netviz.tui.scene import Scene

_MOST_BYTES = 32_000
_MOST_OF_PACKET = 2_000


def stream_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """Both directions of the connection up to the present position; secrets in head lines are covered."""
    read = chosen_exchange(scene)
    if read is None:
        return [plain(f" {scene.say('empty.exchange')}", scene.palette.faint())]
    palette, connection = scene.palette, read.exchange.connection
    client_side = _client_side(scene, connection)
    lines: list[Line] = []
    shown_bytes, before = 0, None
    for row, side, data in scene.store.conversation(connection):
        if row >= scene.moment.as_of or shown_bytes > _MOST_BYTES:
            break
        by_client = side == client_side
        colour = palette.accent if by_client else palette.layer(7)
        who = scene.word(f"role.{'client' if by_client else 'server'}", "client" if by_client else "server")
        sign = "→" if by_client else "←"
        if scene.glyphs.name == "ascii":
            sign = ">" if by_client else "<"
        if before is not None and before != side:
            lines.append(plain(""))
        before = side
        header = Text(
            f" {sign} {who} #{row + 1}  {len(data):,} B", style=palette.ink(colour, True), no_wrap=True, end=""
        )
        lines.append(Line(header, Link(row + 1), f"stream {row}"))
        shown_bytes += min(len(data), _MOST_OF_PACKET)
        for text in _texts(data[:_MOST_OF_PACKET], scene.secrets):
            lines.extend(plain(f"   {part}", palette.ink(colour)) for part in wrapped(text, width - 4))
        if len(data) > _MOST_OF_PACKET:
            lines.append(plain(f"   {scene.glyphs.ellipsis}", palette.faint()))
    if shown_bytes > _MOST_BYTES:
        lines.append(plain(f" {scene.word('http.stream.more', '')}", palette.faint()))
    return lines


def _client_side(scene: Scene, connection: int) -> int:
    for number in scene.store.exchanges_of_connection(connection):
        exchange = scene.store.exchanges[number - 1]
        if exchange.request is not None:
            return exchange.request.direction
    return 0


def _texts(data: bytes, show_secrets: bool) -> list[str]:
    """Lines of text; what is no text as one line of points and letters."""
    if sum(byte < 9 or 13 < byte < 32 or byte > 126 for byte in data[:256]) * 3 > len(data[:256]):
        return ["".join(chr(byte) if 32 <= byte < 127 else "·" for byte in data)]
    found = []
    for line in data.decode("utf-8", "replace").split("\n"):
        text = line.rstrip("\r").replace("\t", "    ")
        name, colon, value = text.partition(":")
        if colon and name.isascii() and name.replace("-", "").isalnum():
            text = f"{name}: {shown(name, value.strip(), show_secrets)}"
        found.append(safe(shown_target(text, show_secrets), _MOST_OF_PACKET))
    return found
