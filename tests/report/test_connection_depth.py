"""`netviz connections FILE --connection N`: what labs ask of a connection, as JSON with its types and in both languages."""

import json
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.cli.main import main
from netviz.pipeline.analyzer import analyze
from netviz.report import connection_depth

CAPTURES = Path(__file__).parents[2] / "captures"
FILES = sorted([*CAPTURES.glob("*.pcap*"), *sorted(CAPTURES.glob("tcp/*.pcap"))[::5]])

NUMBER = (int, float)
MAYBE = type(None)
SHAPE = {
    "initial_seq": (int, MAYBE), "mss": (int, MAYBE), "window_scale": (int, MAYBE), "sack_permitted": (bool, MAYBE),
    "timestamps": (bool, MAYBE), "data_segments": int, "repeated_bytes": int,
}  # fmt: skip
PARTS = {
    "rtt": {
        "samples": int, "least": NUMBER, "least_packet": int, "median": NUMBER, "greatest": NUMBER,
        "greatest_packet": int, "estimated": NUMBER, "deviation": NUMBER, "timeout": NUMBER,
    },
    "in_flight": {"bytes": int, "packet": int},
    "throughput": {"bytes": int, "seconds": NUMBER, "bits_per_second": NUMBER, "first_packet": int, "last_packet": int},
    "bursts": {"gap": NUMBER, "period": (*NUMBER, MAYBE), "fleets": list},
}  # fmt: skip
LISTS = {
    "segments": {
        "packet": int, "seq": int, "length": int, "time": str, "acked_by": (int, MAYBE), "rtt": (*NUMBER, MAYBE),
        "estimated_rtt": (*NUMBER, MAYBE),
    },
    "sent_again": {
        "packet": int, "reason": str, "before": (int, MAYBE), "waited": (*NUMBER, MAYBE), "attempt": int,
        "ratio": (*NUMBER, MAYBE),
    },
    "closed_windows": {"closed": int, "opened": (int, MAYBE), "seconds": (*NUMBER, MAYBE), "probes": list},
}  # fmt: skip


def depth_of(path, number=0):
    (found,) = connection_depth.document(analyze(open_capture(str(path))), number)["connections"]
    return found["depth"]


def fits(value, shape):
    assert set(value) == set(shape), value
    for name, kind in shape.items():
        assert isinstance(value[name], kind), (name, value[name])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_connection_of_every_capture_is_measured(path):
    store = analyze(open_capture(str(path)))
    for number in store.connection_ids():
        (found,) = connection_depth.document(store, number)["connections"]
        assert found["id"] == number and json.dumps(found)
        depth = found["depth"]
        assert set(depth) == {"window_scaling", "client", "server"}
        for role in ("client", "server"):
            told = dict(depth[role])
            for name, shape in PARTS.items():
                part = told.pop(name)
                assert part is None or fits(part, shape) is None
            for name, shape in LISTS.items():
                assert all(fits(each, shape) is None for each in told.pop(name))
            window, acks = told.pop("window"), told.pop("acks")
            assert set(window) == {"least", "greatest"}
            assert acks["count"] == acks["of_one_segment"] + acks["of_two_segments"] + acks["of_more_segments"]
            assert sum(each["times"] for each in acks["sizes"]) <= acks["count"]
            fits(told, SHAPE)
            again = found["analysis"].get("retransmission", {}).get(role, [])
            assert set(again) <= {each["packet"] for each in depth[role]["sent_again"]}


def test_the_numbers_are_those_of_the_recording():
    depth = depth_of(CAPTURES / "http-loss.pcap")
    server = depth["server"]
    assert depth["window_scaling"] is True
    assert (server["mss"], server["window_scale"], server["sack_permitted"], server["timestamps"]) == (
        1460,
        10,
        True,
        True,
    )
    assert [each["length"] for each in server["segments"]][:4] == [119, 1448, 1448, 1448]
    assert server["segments"][3]["rtt"] is None and server["segments"][2]["acked_by"] == 21
    assert server["rtt"]["least"] == pytest.approx(0.0105, abs=0.0005)
    assert [(each["packet"], each["reason"]) for each in server["sent_again"]] == [(28, "fast")]
    assert server["throughput"]["bytes"] == 14_119 and server["in_flight"]["packet"] == 19
    assert depth["client"]["window"]["least"] == {"bytes": 11776, "packet": 30}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Measured at the point of capture", "EstimatedRTT", "fast retransmission of #11", "opened and closed",
                "window scale 10", "Most in flight", "and 2 more")),
        ("ko", ("캡처 지점에서 측정한 값", "EstimatedRTT", "#11의 빠른 재전송", "정상적으로 열리고", "윈도 확대 10",
                "전송 중 최대", "그 밖에 2개")),
    ],
)  # fmt: skip
def test_a_person_reads_it_in_either_language(capsys, language, words):
    assert main(["connections", str(CAPTURES / "http-loss.pcap"), "--connection", "0", "--lang", language]) == 0
    printed = capsys.readouterr().out
    assert [each for each in words if each not in printed] == []


def test_every_zeek_state_of_the_recordings_has_words(capsys):
    for path in sorted(CAPTURES.glob("tcp/*.pcap"))[::4]:
        assert main(["connections", str(path), "--connection", "0", "--lang", "en"]) == 0
        assert "State (Zeek): " in capsys.readouterr().out


def test_a_connection_that_is_not_there_is_told(capsys):
    assert main(["connections", str(CAPTURES / "http-loss.pcap"), "--connection", "7", "--lang", "en"]) == 2
    assert "there is no connection 7" in capsys.readouterr().err


def test_json_has_all_that_the_list_has_and_depth(capsys):
    path = str(CAPTURES / "demo.pcapng")
    assert main(["connections", path, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["connections"][2]
    assert main(["connections", path, "--connection", "2", "--json"]) == 0
    (alone,) = json.loads(capsys.readouterr().out)["connections"]
    more = {"depth", "often_told_wrong"}
    assert {name: value for name, value in alone.items() if name not in more} == listed and more <= set(alone)
