"""The list of TCP connections, each as it was at the present position."""

from rich.text import Text

from netviz.tcp.connection import Connection
from netviz.tui.cells import fit, right
from netviz.tui.draw.line import Target
from netviz.tui.scene import Scene


class ConnectionRows:
    """Connections that had appeared by the present position."""

    def count(self, scene: Scene) -> int:
        """How many."""
        return scene.store.connection_count(scene.moment.as_of) if scene.total else 0

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Names of the columns."""
        names = [fit(scene.say(f"column.{name}"), cells) for name, cells in _columns(width)]
        return [Text(" " + " ".join(names), style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end="")]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One connection."""
        connection = scene.store.connection(index)
        values = _values(scene, connection)
        text = Text(" ", no_wrap=True, end="")
        for name, cells in _columns(width):
            cell = right(values[name], cells) if name == "number" else fit(values[name], cells, scene.glyphs.ellipsis)
            style = scene.palette.ink(scene.palette.layer(4)) if name in ("client", "server") else scene.palette.plain()
            if name in ("client-state", "server-state"):
                style = state_style(scene, values[name])
            text.append(cell + " ", style)
        return text

    def colour(self, scene: Scene, index: int) -> str:
        """The transport layer's colour."""
        return scene.palette.layer(4)

    def current(self, scene: Scene) -> int | None:
        """The connection looked at."""
        chosen = scene.choice.connection
        return chosen if chosen is not None and chosen < self.count(scene) else None

    def target(self, scene: Scene, index: int) -> Target:
        """Choosing a connection selects its first packet, unless one of it is selected already."""
        row = scene.row
        inside = row is not None and scene.store.connection_of(row) == index
        return Target(None if inside else scene.store.connection(index).first_packet, connection=index)

    def empty(self, scene: Scene) -> str:
        """No connection yet, or none at all."""
        return scene.say("empty.connections" if scene.store.finished else "working.first")


def _columns(width: int) -> tuple[tuple[str, int], ...]:
    if width < 100:
        rest = max((width - 8 - 26) // 2, 15)
        return (("number", 3), ("client", rest), ("server", rest), ("client-state", 12), ("server-state", 12))
    address = 21 if width < 150 else 28
    fixed = (("number", 4), ("client", address), ("server", address), ("client-state", 13), ("server-state", 13))
    rest = width - sum(cells for _, cells in fixed) - 9
    words = min(max((rest - 7) // 2, 11), 22)
    tail = (("opening", words), ("closing", words), ("packets", max(rest - 2 * words, 4)))
    return fixed + tail


def state_style(scene: Scene, state: str):  # type: ignore[no-untyped-def]
    """Style of a state's name: open is good, anything between is under way, closed stands back."""
    if state == "ESTABLISHED":
        return scene.palette.ink(scene.palette.good, True)
    if state in ("CLOSED", "LISTEN", ""):
        return scene.palette.faint()
    return scene.palette.ink(scene.palette.warn, True)


def _values(scene: Scene, connection: Connection) -> dict[str, str]:
    as_of = scene.moment.as_of
    over = connection.last_packet <= as_of
    return {
        "number": str(connection.id),
        "client": f"{connection.client}{' ?' if connection.client_is_inferred else ''}",
        "server": str(connection.server),
        "client-state": connection.state_at("client", as_of).value,
        "server-state": connection.state_at("server", as_of).value,
        "opening": scene.word(f"tcp.opening.{connection.opening}", connection.opening.value),
        "closing": scene.word(f"tcp.closing.{connection.closing}", connection.closing.value) if over else "",
        "packets": str(connection.packets) if over else "",
    }
