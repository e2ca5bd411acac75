"""What can be filtered by: filters that read, and that find what they were made from."""

import pytest

from netviz.capture.opening import open_capture
from netviz.cli.shipped import shipped
from netviz.filter.parser import parse
from netviz.filter.rows import FilteredRows, Reading
from netviz.pipeline.analyzer import analyze
from netviz.tui.conditions import address_condition, combined, conditions_of_row, protocol_condition
from netviz.tui.draw.connection_rows import ConnectionRows
from netviz.tui.draw.exchange_rows import ExchangeRows
from netviz.tui.draw.hierarchy_rows import HierarchyRows
from netviz.tui.draw.packet_rows import PacketRows
from netviz.tui.draw.traffic_rows import ConversationRows, EndpointRows
from netviz.tui.moment import Choice, Moment
from netviz.tui.scene import Scene
from netviz.tui.theme import PALETTES, UNICODE


@pytest.fixture(scope="module")
def scene():
    store = analyze(open_capture(str(shipped("demo.pcapng"))))
    return Scene(store, Moment(len(store.packets), 1), Choice(), "en", PALETTES[0], UNICODE)


def found(scene, text):
    return FilteredRows(text, Reading(scene.store)).update().tolist()


def test_every_row_of_packets_is_found_by_what_it_offers(scene):
    for row in range(scene.total):
        offered = conditions_of_row(scene, PacketRows(), row)
        # A message over several packets is HTTP where it is complete.
        assert offered and all(row in found(scene, each.text) for each in offered if each.text != "http"), (
            row,
            offered,
        )


@pytest.mark.parametrize(
    "rows", [ConnectionRows(), ExchangeRows(), HierarchyRows(), EndpointRows(), ConversationRows()]
)
def test_every_row_of_a_list_offers_a_filter_that_finds_its_first_packet(scene, rows):
    for index in range(rows.count(scene)):
        offered = conditions_of_row(scene, rows, index)
        target = rows.target(scene, index)
        assert offered
        if target.packet is not None and not isinstance(rows, ExchangeRows):
            assert target.packet - 1 in found(scene, offered[0].text), offered


def test_only_this_conversation_has_its_datagrams_alone(scene):
    # The first rows of the demonstration are conversations over UDP.
    rows = found(scene, conditions_of_row(scene, ConnectionRows(), 1)[0].text)
    assert rows and {scene.store.packets.value("flow", row) for row in rows} == {
        scene.store.packets.value("flow", rows[0])
    }
    assert {scene.store.connection_of(row) for row in rows} == {None}


def test_only_this_connection_has_its_packets_alone(scene):
    listed = ConnectionRows()
    of_tcp = [at for at in range(listed.count(scene)) if listed.target(scene, at).connection == 1]
    rows = found(scene, conditions_of_row(scene, listed, of_tcp[0])[0].text)
    assert rows and {scene.store.connection_of(row) for row in rows} == {1}


@pytest.mark.parametrize(
    ("standing", "condition", "way", "text"),
    [
        ("", "ip.ttl == 64", "only", "ip.ttl == 64"),
        ("tcp", "ip.ttl == 64", "only", "ip.ttl == 64"),
        ("tcp", "ip.ttl == 64", "not", "!(ip.ttl == 64)"),
        ("tcp", "http", "not", "!http"),
        ("tcp", "ip.ttl == 64", "and", "tcp && ip.ttl == 64"),
        ("tcp || udp", "http", "and", "(tcp || udp) && http"),
        ("tcp || udp", "http", "and-not", "(tcp || udp) && !http"),
        ("tcp", "ip.ttl == 1 && udp", "or", "tcp || (ip.ttl == 1 && udp)"),
        ("tcp", "http", "or-not", "tcp || !http"),
    ],
)
def test_a_condition_is_put_to_what_stands(standing, condition, way, text):
    assert combined(standing, condition, way) == text
    parse(text)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("10.0.0.1", "ip.addr == 10.0.0.1"),
        ("fe80::1", "ipv6.addr == fe80::1"),
        ("02:00:00:09:00:01", "eth.addr == 02:00:00:09:00:01"),
    ],
)
def test_an_address_is_of_its_kind(address, text):
    assert address_condition(address) == text
    parse(text)


@pytest.mark.parametrize(
    ("protocol", "text"), [("IPv4", "ip"), ("HTTP", "http"), ("802.1Q", "vlan"), ("NBNS", 'protocol == "NBNS"')]
)
def test_a_protocol_is_a_field_or_a_word(protocol, text):
    assert protocol_condition(protocol) == text
    parse(text)
