"""Our own reader for headers and messages: takes fields one by one and notes where each was. Knows no protocol."""

from typing import Final

from netviz.dissect import forms
from netviz.dissect.forms import Form
from netviz.model.layers import Field
from netviz.model.limits import DEFAULT_LIMITS

_NUMBER_MOST: Final = 16
"""Bytes up to which a form is given their number too."""


class OutOfBytes(Exception):
    """More was needed than is there. Never leaves this package: the dissector that meets it keeps what it has."""

    def __init__(self, at: int, needed: int, available: int) -> None:
        super().__init__(at, needed, available)
        self.at = at
        self.needed = needed
        self.available = available


class TooManyFields(Exception):
    """A message lists more than is shown of one packet. Never leaves this package."""


class Cursor:
    """A place in a frame that moves on, and the fields found on its way."""

    def __init__(self, frame: bytes, at: int, end: int, most: int = DEFAULT_LIMITS.dissection_fields) -> None:
        self.frame = frame
        self.at = at
        self.end = end
        self.fields: list[Field] = []
        self._most = most
        self._noted = 0

    @property
    def left(self) -> int:
        """Bytes not yet read."""
        return self.end - self.at

    def peek(self, size: int) -> bytes:
        """The next bytes without moving: fewer where fewer are left."""
        return self.frame[self.at : min(self.at + size, self.end)]

    def take(self, size: int) -> bytes:
        """The next bytes. Raises: OutOfBytes, with nothing moved."""
        if size > self.left:
            raise OutOfBytes(self.at, size, self.left)
        found = self.frame[self.at : self.at + size]
        self.at += size
        return found

    def number(
        self, key: str, label: str, size: int, form: Form = forms.number, children: tuple[Field, ...] = ()
    ) -> int:
        """A field of whole bytes that is a number in network byte order. Raises: OutOfBytes."""
        start, raw = self.at, self.take(size)
        value = int.from_bytes(raw, "big")
        self.note(key, label, form(value, raw), start, self.at, children)
        return value

    def octets(self, key: str, label: str, size: int, form: Form = forms.octets) -> bytes:
        """A field of bytes that are no number. Raises: OutOfBytes."""
        start, raw = self.at, self.take(size)
        value = int.from_bytes(raw, "big") if size <= _NUMBER_MOST else 0
        self.note(key, label, form(value, raw), start, self.at)
        return raw

    def note(self, key: str, label: str, value: str, start: int, end: int, children: tuple[Field, ...] = ()) -> None:
        """Add a field over the bytes start..end."""
        self._noted += 1
        if self._noted > self._most:
            raise TooManyFields
        self.fields.append(Field(key, label, value, 8 * start, 8 * end, children))

    def group(self, key: str, label: str, value: str, start: int, since: int) -> None:
        """Make the fields from index `since` on the parts of one field that begins at byte `start` and ends here."""
        children = tuple(self.fields[since:])
        del self.fields[since:]
        self._noted += 1
        self.fields.append(Field(key, label, value, 8 * start, 8 * self.at, children))

    def rest(self, key: str, label: str, form: Form = forms.octets) -> None:
        """All that is left as one field, where anything is."""
        if self.left > 0:
            self.fields.append(Field(key, label, form(0, self.peek(self.left)), 8 * self.at, 8 * self.end))
            self.at = self.end


def bit_field(frame: bytes, key: str, label: str, start: int, end: int, form: Form = forms.number) -> Field:
    """A field of the bits start..end, counted from the first bit of the frame, which must be there."""
    raw = frame[start // 8 : -(-end // 8)]
    value = int.from_bytes(raw, "big") >> (-end % 8) & ((1 << (end - start)) - 1)
    return Field(key, label, form(value, raw), start, end)


def bits_of(frame: bytes, first: int, parts: tuple[tuple[str, str, int, Form], ...]) -> tuple[Field, ...]:
    """Fields that stand bit by bit behind each other from bit `first` on: (key, label, bits, form) each."""
    fields = []
    for key, label, width, form in parts:
        fields.append(bit_field(frame, key, label, first, first + width, form))
        first += width
    return tuple(fields)
