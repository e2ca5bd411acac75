"""Fields of several packets side by side: which stay, which count, which change."""

from netviz.dissect.comparing import Place, compared, fields_by_place
from netviz.model.evidence import Span
from netviz.model.layers import Dissection, Field, Layer
from netviz.model.osi import place_of


def packet(*layers: tuple[str, dict[str, str]]) -> Dissection:
    """A packet of layers with fields of some values; where its bytes are does not matter here."""
    made = tuple(
        Layer(
            name, place_of(name), Span(0, 1), Span(1, 1),
            tuple(Field(key, key.upper(), value, 0, 8) for key, value in fields.items()),
        )
        for name, fields in layers
    )  # fmt: skip
    return Dissection(made, None, 1, 1)


def patterns(values: list[str]) -> tuple[str, int | None]:
    (row,) = compared(packet(("IPv4", {"ip.id": value})) for value in values)
    return row.pattern, row.step


def test_patterns_of_values() -> None:
    assert patterns(["64", "64", "64"]) == ("constant", None)
    assert patterns(["1", "2", "3"]) == ("counts", 1)
    assert patterns(["0x000a (x)", "0x0008 (y)", "0x0006"]) == ("counts", -2)
    assert patterns(["1", "5", "6"]) == ("grows", None)
    assert patterns(["1", "5", "2"]) == ("changes", None)
    # Two packets make no series.
    assert patterns(["1", "2"]) == ("changes", None)
    # Addresses and bytes are no numbers, though they begin with digits.
    assert patterns(["10.0.0.1", "10.0.0.2", "10.0.0.3"]) == ("changes", None)
    assert patterns(["02:00", "03:00", "04:00"]) == ("changes", None)
    assert patterns(["67 6f", "68 6f", "69 6f"]) != ("counts", 2)


def test_a_field_is_the_same_by_its_layer_its_key_and_its_turn() -> None:
    tagged = packet(("802.1Q", {"vlan.id": "1"}), ("802.1Q", {"vlan.id": "2"}))
    assert list(fields_by_place(tagged)) == [Place("802.1Q", "vlan.id", 1), Place("802.1Q 2", "vlan.id", 1)]
    rows = compared([tagged, packet(("802.1Q", {"vlan.id": "1"}))])
    assert [(row.values, row.present) for row in rows] == [(("1", "1"), 2), (("2", None), 1)]


def test_layers_stay_together_in_the_order_of_the_packets() -> None:
    rows = compared([packet(("IPv4", {"a": "1"}), ("TCP", {"b": "1"})), packet(("IPv4", {"a": "1", "c": "2"}))])
    assert [(row.place.layer, row.place.key) for row in rows] == [("IPv4", "a"), ("IPv4", "c"), ("TCP", "b")]
