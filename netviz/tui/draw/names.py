"""Words for layers, fields and packets, from the tables of `explain/` where they have them."""

from netviz.model.layers import Break, Field, Layer
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


def field_name(scene: Scene, field: Field) -> str:
    """A field's name in the user's language, else as its specification has it."""
    return scene.word(f"field.{field.key}", safe(field.label, 60))


def break_sentence(scene: Scene, broken: Break) -> str:
    """Why taking a packet apart stopped."""
    otherwise = scene.say("broken", layer=broken.layer, offset=broken.offset)
    details = {
        "layer": broken.layer,
        "offset": broken.offset,
        "needed": broken.needed,
        "available": broken.available,
    }
    return scene.word(f"broken.{broken.reason}", otherwise, **details)


def osi_name(scene: Scene, number: int) -> str:
    """Name of an OSI layer by its number."""
    return scene.word(f"layer.osi.{number}", str(number))


def tcpip_name(scene: Scene, number: int) -> str:
    """Name of a TCP/IP layer by its number."""
    return scene.word(f"layer.tcpip.{number}", str(number))
