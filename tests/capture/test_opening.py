"""Opening by name: each way of being no capture has its own error, and its sentence exists."""

import gzip
import os
import pty
import socket

import pytest

from netviz.capture.mapped import MappedSource
from netviz.capture.opening import open_capture
from netviz.errors import BadArgument, NetvizError, UnreadableCapture
from netviz.explain.words import LANGUAGES, say


def refusal(name, **how):
    with pytest.raises(NetvizError) as refused:
        source = open_capture(name, **how)
        source.close()
    error = refused.value
    for language in LANGUAGES:
        assert say(f"error.{error.key}", language, **error.details)
    return error


def test_a_missing_file(tmp_path):
    assert refusal(str(tmp_path / "nothing")).key == "missing-file"
    assert refusal("").key == "missing-file"


def test_a_path_through_a_file(captures):
    assert refusal(captures.file(b"x") + "/inner").key == "missing-file"


def test_a_folder(tmp_path):
    assert refusal(str(tmp_path)).key == "is-folder"


def test_an_empty_file(captures):
    error = refusal(captures.file(b""))
    assert isinstance(error, UnreadableCapture) and error.key == "empty-file"


@pytest.mark.parametrize("data, key", [
    (b"hello, this is text and no capture", "not-a-capture"), (b"a", "not-a-capture"),
    (b"\xd4\xc3\xb2\xa1" + bytes(10), "header-cut"), (b"\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a", "header-cut"),
    (gzip.compress(b"text that is compressed", mtime=0), "not-a-capture"), (gzip.compress(b"", mtime=0), "empty-file"),
    (b"\x1f\x8b\x08", "bad-compression"), (b"\x28\xb5\x2f\xfdjunk", "bad-compression"),
])  # fmt: skip
def test_what_is_no_capture(captures, data, key):
    assert refusal(captures.file(data)).key == key


def test_a_name_that_no_system_takes(tmp_path):
    assert refusal("a\0b").key == "unreadable"
    assert refusal("x" * 5000).key == "unreadable"


def test_a_socket_can_not_be_read(tmp_path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "s"))
        assert refusal(str(tmp_path / "s")).key == "unreadable"


def test_no_permission(captures):
    path = captures.file(captures.Pcap().data)
    os.chmod(path, 0)
    user = os.geteuid()
    if user == 0:
        # The superuser may read every file: be nobody for a moment.
        os.seteuid(65534)
    try:
        assert refusal(path).key == "no-permission-file"
    finally:
        os.seteuid(user)


def test_a_device_without_bytes_is_an_empty_pipe():
    with pytest.raises(UnreadableCapture) as refused:
        list(open_capture("/dev/null").batches())
    assert refused.value.key == "empty-pipe"


def test_a_terminal_is_no_pipe():
    ours, theirs = pty.openpty()
    error = refusal("-", stdin_fd=theirs)
    os.close(ours)
    os.close(theirs)
    assert isinstance(error, BadArgument) and error.key == "nothing-piped" and error.exit_status == 2


def test_a_file_on_standard_input_is_mapped_and_stays_open(captures):
    with open(captures.file(captures.Pcap().add(b"x").data), "rb") as file:
        source = open_capture("-", stdin_fd=file.fileno())
        assert isinstance(source, MappedSource) and source.info.file == "-"
        assert [each.data for each in captures.read(source).packets] == [b"x"]
        os.fstat(file.fileno())


def test_standard_input_that_was_read_from_goes_on_where_it_stands(captures):
    with open(captures.file(b"a line\n" + captures.Pcap().add(b"x").data), "rb", buffering=0) as file:
        file.read(7)
        source = open_capture("-", stdin_fd=file.fileno())
        assert [each.data for each in captures.read(source).packets] == [b"x"]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="open files are listed by /proc only")
@pytest.mark.parametrize("data", [b"", b"no capture at all"])
def test_a_refused_file_is_closed(captures, data):
    path = captures.file(data)
    refusal(path)
    open_files = {os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}
    assert os.path.realpath(path) not in open_files
