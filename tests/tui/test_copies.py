"""What can be copied where the cursor stands."""

import os
import shlex

import pytest

from netviz.filter.rows import FilteredRows, Reading
from netviz.tui.copies import Cursor, copyables, hex_dump
from netviz.tui.draw.fields import field_at


def fields_of(scene):
    pending = [field for layer in scene.dissection.layers for field in layer.fields]
    while pending:
        field = pending.pop()
        yield field
        pending.extend(field.children)


async def test_every_field_offers_its_value_its_bytes_and_a_filter_that_finds_it(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, *["down"] * 5)
        scene, reading = app.scene, Reading(app.store)
        told = {}
        for field in fields_of(scene):
            offered = dict(copyables(scene, Cursor("", field), reading))
            assert offered.get("bytes", "") == scene.frame[field.span.start : field.span.end].hex(" ")
            told[field.key, field.value] = offered.get("filter")
            if "filter" in offered:
                assert 5 in FilteredRows(offered["filter"], reading).update().tolist(), offered["filter"]
    assert told["ip.ttl", "64"] == "ip.ttl == 64"
    assert told["http.header.value", "api.example"] == 'http.header.host == "api.example"'
    assert told["http.header.name", "X-API-Key"] == "http.header.x-api-key"
    assert told["tcp.flags", "PSH,ACK (0x018)"] == "tcp.flags == 0x18"


async def test_a_place_is_a_file_and_a_packet(opened):
    async with opened() as (app, _pilot):
        offered = dict(copyables(app.scene, Cursor(" a line  "), Reading(app.store)))
        assert offered["line"] == "a line"
        assert offered["place"] == "hand made.pcap#1"
        assert shlex.split(offered["command"]) == ["netviz", os.path.abspath("/captures/hand made.pcap") + "#1"]


@pytest.mark.parametrize(
    ("frame", "dump"),
    [(b"", ""), (b"GET \x1b", "0000  47 45 54 20 1b                                    GET ."), (bytes(17), None)],
)
def test_a_dump_has_sixteen_bytes_a_line(frame, dump):
    lines = hex_dump(frame).split("\n")
    assert dump is None or lines == [dump]
    assert len(lines) == max(-(-len(frame) // 16), 1)


async def test_a_field_is_found_again_by_its_name_and_bytes(opened):
    async with opened() as (app, _pilot):
        for field in fields_of(app.scene):
            found = field_at(app.scene, field.span, field.key)
            assert found is not None and (found.key, found.span) == (field.key, field.span)
