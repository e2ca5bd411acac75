"""Words for layers, fields and packets, from the tables of `explain/` where they have them."""

from netviz.model.layers import Layer
from netviz.model.osi import Place, place_of
from netviz.model.safe import safe
from netviz.tui.scene import Scene


def unit_name(scene: Scene, place: Place | None) -> str:
    """Name of the protocol data unit: frame, packet, segment, datagram, message."""
    return scene.word(f"unit.{place.unit}", place.unit) if place is not None else scene.word("unit.bytes", "")


def layer_number(protocol: str) -> str:
    """OSI number of a protocol as text, a question mark where netviz only names it."""
    place = place_of(protocol)
    return str(int(place.osi)) if place is not None else "?"


def layer_title(scene: Scene, layer: Layer) -> str:
    """`4 TCP · segment`."""
    number = str(int(layer.place.osi)) if layer.place is not None else "?"
    return f"{number} {safe(layer.protocol, 40)} {scene.glyphs.bullet} {unit_name(scene, layer.place)}"


def osi_name(scene: Scene, number: int) -> str:
    """Name of an OSI layer by its number."""
    return scene.word(f"layer.osi.{number}", str(number))


def tcpip_name(scene: Scene, number: int) -> str:
    """Name of a TCP/IP layer by its number."""
    return scene.word(f"layer.tcpip.{number}", str(number))
