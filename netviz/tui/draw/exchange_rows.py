"""The list of HTTP exchanges: one row a request, with its answer."""

from rich.style import Style
from rich.text import Text

from netviz.explain.tls_notes import known_talks
from netviz.http.exchange import ReadExchange
from netviz.model.safe import safe
from netviz.tui.cells import fit, right
from netviz.tui.draw.line import Target
from netviz.tui.scene import Scene


class ExchangeRows:
    """Exchanges known at the present position."""

    def count(self, scene: Scene) -> int:
        """How many."""
        return scene.store.exchange_count(scene.moment.as_of)

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Names of the columns."""
        numbers = ("number", "packet", "wait")
        names = [
            right(_heading(scene, name), cells) if name in numbers else fit(_heading(scene, name), cells)
            for name, cells in _columns(width)
        ]
        return [Text(" " + " ".join(names), style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end="")]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One exchange."""
        values = _values(scene, scene.store.read(index + 1))
        text = Text(" ", no_wrap=True, end="")
        for name, cells in _columns(width):
            value = values[name]
            cell = (
                right(value, cells)
                if name in ("number", "packet", "wait")
                else fit(value, cells, scene.glyphs.ellipsis)
            )
            style = scene.palette.plain()
            if name == "method":
                style = scene.palette.ink(scene.layer_colour("HTTP"), True)
            elif name == "status":
                style = status_style(scene, value)
            elif name == "mark":
                style = scene.palette.ink(scene.palette.bad, True)
            text.append(f"{cell} ", style)
        return text

    def colour(self, scene: Scene, index: int) -> str:
        """The application layer's colour."""
        return scene.layer_colour("HTTP")

    def current(self, scene: Scene) -> int | None:
        """The exchange looked at."""
        chosen = scene.choice.exchange
        return chosen - 1 if chosen is not None and chosen <= self.count(scene) else None

    def target(self, scene: Scene, index: int) -> Target:
        """Choosing an exchange selects the packet of its request, unless one of it is selected already."""
        read = scene.store.read(index + 1)
        packets = read.request_packets or read.response_packets
        inside = scene.moment.selected in (*read.request_packets, *read.response_packets)
        return Target(None if inside or not packets else packets[0], exchange=index + 1)

    def empty(self, scene: Scene) -> str:
        """No exchange yet, or none at all."""
        hidden = len(known_talks(scene.store, scene.moment.as_of)) if scene.moment.as_of else 0
        if hidden:
            return scene.say("tls.none-readable", count=hidden)
        return scene.say("empty.exchanges" if scene.store.finished else "working.first")


def response_known(scene: Scene, read: ReadExchange) -> bool:
    """Whether the response's head had come by the present position."""
    response = read.exchange.response
    return response is not None and response.head_row < scene.moment.as_of


def _heading(scene: Scene, name: str) -> str:
    return scene.say(f"column.{name}") if name != "mark" else ""


def _is_doubtful(scene: Scene, read: ReadExchange) -> bool:
    """Something in it is against the rules, by the present position."""
    messages = (read.exchange.request, read.exchange.response)
    return any(each is not None and each.head_row < scene.moment.as_of and bool(each.violations) for each in messages)


def _columns(width: int) -> tuple[tuple[str, int], ...]:
    before = [("mark", 1), ("number", 4), ("packet", 6), ("method", 7)]
    after = [("status", 7)]
    if width >= 100:
        after += [("wait", 11), ("type", 22)]
    if width >= 150:
        after += [("server", 28)]
    fixed = [*before, *after]
    rest = width - sum(cells for _, cells in fixed) - len(fixed) - 2
    return (*before, ("target", max(rest, 10)), *after)


def status_style(scene: Scene, status: str) -> Style:
    """Style of a status code by its class."""
    if status[:1] == "2":
        return scene.palette.ink(scene.palette.good, True)
    if status[:1] in ("4", "5"):
        return scene.palette.ink(scene.palette.bad, True)
    return scene.palette.ink(scene.palette.warn, True) if status[:1] in ("1", "3") else scene.palette.faint()


def _values(scene: Scene, read: ReadExchange) -> dict[str, str]:
    known = response_known(scene, read)
    response = read.response if known else None
    packets = read.request_packets or read.response_packets
    wait = ""
    if known and read.request_time is not None and read.response_time is not None:
        wait = f"{(read.response_time - read.request_time) / 1e6:.2f} ms"
    return {
        "mark": scene.glyphs.bad if _is_doubtful(scene, read) else "",
        "number": str(read.id),
        "packet": f"#{packets[0]}" if packets else "",
        "method": safe(read.request.method, 24) if read.request else "-",
        "target": safe(read.url or read.request.target, 400) if read.request else scene.say("exchange.no-request"),
        "status": str(response.status) if response else scene.say("exchange.waiting"),
        "wait": wait,
        "server": safe(f"{read.server}:{read.server_port}"),
        "type": safe((response.get("Content-Type") or "").split(";")[0], 60) if response else "",
    }
