"""Regular expressions that can not freeze: time grows with the length of the text, whatever the pattern.

Python's own matcher tries ways one after the other, and some patterns have exponentially many. It is only given
patterns without such choices; all others run as an automaton that is in all of its states at once (Thompson 1968), each
set of states worked out when it is first met. Texts are bytes, and letters match without regard to case.
"""

import re
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as reader  # type: ignore[attr-defined]
from typing import Any, Final

LONGEST_PATTERN: Final = 1000
MOST_STATES: Final = 2000
_MOST_SETS: Final = 4000
_WORD: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_CLASSES: Final = {
    "DIGIT": frozenset(b"0123456789"),
    "SPACE": frozenset(b" \t\n\r\f\v"),
    "WORD": _WORD,
}
_ALL: Final = frozenset(range(256))
_REPEATS: Final = (sre.MAX_REPEAT, sre.MIN_REPEAT)
_ACCEPT: Final = -1
_BEGIN, _END, _BOUNDARY, _NO_BOUNDARY = range(4)
_ANCHORS: Final = {
    sre.AT_BEGINNING: _BEGIN,
    sre.AT_BEGINNING_STRING: _BEGIN,
    sre.AT_END: _END,
    sre.AT_END_STRING: _END,
    sre.AT_BOUNDARY: _BOUNDARY,
    sre.AT_NON_BOUNDARY: _NO_BOUNDARY,
}
_MIRRORED: Final = {_BEGIN: _END, _END: _BEGIN}
"""Anchors of a pattern that is read backwards."""
_LONGEST_SIMPLE: Final = 4096
"""Bytes up to which Python's matcher is given a pattern with a repeat: it may try that from every place."""
_FURTHER: Final = 256
"""Bytes beyond its first end in which a match is looked at for a longer one."""
_START, _OTHER, _LETTER, _STOP = range(4)
"""What stands before or after a place: nothing, another byte, a letter of a word, nothing more."""


class BadPattern(Exception):
    """Inside this package only: a pattern that can not be used. `key` names the sentence, `at` the byte at fault."""

    def __init__(self, key: str, reason: str = "", at: int | None = None) -> None:
        super().__init__(key)
        self.key = key
        self.reason = reason
        self.at = at


class Pattern:
    """One pattern. Raises: BadPattern where it is none, or asks for what no automaton can do."""

    def __init__(self, text: str, cased: bool = False) -> None:
        octets = text.encode("utf-8", "surrogatepass")
        if len(octets) > LONGEST_PATTERN:
            raise BadPattern("pattern-too-large", str(LONGEST_PATTERN))
        flags = re.NOFLAG if cased else re.IGNORECASE
        try:
            self._parsed = reader.parse(octets, flags)
            varying = _varying(self._parsed)
            self._simple = re.compile(octets, flags) if varying is not None else None
        except re.error as error:
            raise BadPattern("bad-pattern", error.msg, error.pos) from None
        except (RecursionError, OverflowError, ValueError) as error:
            raise BadPattern("bad-pattern", str(error)) from None
        self._longest_simple = _LONGEST_SIMPLE if varying else None
        self._cased = cased
        self._automaton = _Automaton(self._parsed, cased)
        self._reverse: _Automaton | None = None

    def found_in(self, text: bytes) -> bool:
        """Whether the pattern matches somewhere in the text."""
        if self._simple is not None and (self._longest_simple is None or len(text) <= self._longest_simple):
            return self._simple.search(text) is not None
        return self._automaton.end(text, 0) is not None

    def spans(self, text: bytes, most: int) -> list[tuple[int, int]]:
        """Where it matches, from left to right without overlaps, at most so many; nothing that has no bytes.

        From the place where a match first ends, the same pattern read backwards finds where it may have begun.
        """
        if self._reverse is None:
            self._reverse = _Automaton(self._parsed, self._cased, True)
        found: list[tuple[int, int]] = []
        at = 0
        while len(found) < most:
            end = self._automaton.end(text, at)
            if end is None:
                break
            start = end - self._reverse.longest(
                text[at:end][::-1], _kind(text, end, _START), _kind(text, at - 1, _STOP)
            )
            ahead = text[start : end + _FURTHER]
            end = start + self._automaton.longest(
                ahead, _kind(text, start - 1, _START), _kind(text, start + len(ahead), _STOP)
            )
            if end > start:
                found.append((start, end))
            at = max(end, start + 1)
            if at > len(text):
                break
        return found


def _kind(text: bytes, at: int, outside: int) -> int:
    """What stands at a place of a text; `outside` where the text has no such place."""
    return (_LETTER if text[at] in _WORD else _OTHER) if 0 <= at < len(text) else outside


def _varying(parsed: Any) -> int | None:
    """How many repeats may vary, where there is at most one, of one byte each time, nothing that chooses, and no `$`:
    then no way is tried twice. None for all other patterns."""
    varying = 0
    for operation, argument in parsed:
        if operation in _REPEATS:
            low, high, body = argument
            varying += low != high
            if len(body) != 1 or body[0][0] not in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
                return None
        elif operation not in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN, sre.AT) or argument is sre.AT_END:
            # Python's $ also matches before a line end that is the last byte; here it is the end and nothing else.
            return None
    return varying if varying <= 1 else None


class _Automaton:
    """States are numbers. `_steps[state]`: the bytes that lead on, and where to; `_free[state]`: what needs no byte."""

    def __init__(self, parsed: Any, cased: bool, backwards: bool = False) -> None:
        self._cased = cased
        self._backwards = backwards
        self._steps: list[tuple[frozenset[int], int] | None] = []
        self._free: list[list[tuple[int | None, int]]] = []
        self._first = self._sequence(parsed, _ACCEPT)
        self._sets: dict[tuple[frozenset[int], int, bool], list[Any]] = {}

    def _state(self) -> int:
        if len(self._steps) >= MOST_STATES:
            raise BadPattern("pattern-too-large", str(MOST_STATES))
        self._steps.append(None)
        self._free.append([])
        return len(self._steps) - 1

    def _sequence(self, parsed: Any, target: int) -> int:
        for operation, argument in list(parsed) if self._backwards else reversed(list(parsed)):
            target = self._one(operation, argument, target)
        return target

    def _one(self, operation: Any, argument: Any, target: int) -> int:
        if operation in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            state = self._state()
            self._steps[state] = (_octets(operation, argument, self._cased), target)
            return state
        if operation in _REPEATS:
            low, high, body = argument
            return self._repeat(low, high, body, target)
        if operation == sre.SUBPATTERN:
            return self._sequence(argument[3], target)
        if operation == sre.BRANCH:
            state = self._state()
            self._free[state] = [(None, self._sequence(branch, target)) for branch in argument[1]]
            return state
        if operation == sre.AT and argument in _ANCHORS:
            state = self._state()
            anchor = _ANCHORS[argument]
            self._free[state] = [(_MIRRORED.get(anchor, anchor) if self._backwards else anchor, target)]
            return state
        raise BadPattern("unbounded-pattern", str(operation).lower().replace("_", " "))

    def _repeat(self, low: int, high: Any, body: Any, target: int) -> int:
        if high is sre.MAXREPEAT:
            loop = self._state()
            self._free[loop] = [(None, self._sequence(body, loop)), (None, target)]
            target = loop
        else:
            end = target
            for _ in range(min(high - low, MOST_STATES)):
                choice = self._state()
                self._free[choice] = [(None, self._sequence(body, target)), (None, end)]
                target = choice
        for _ in range(min(low, MOST_STATES)):
            before = len(self._steps)
            target = self._sequence(body, target)
            if len(self._steps) == before:
                break
        return target

    def end(self, text: bytes, at: int) -> int | None:
        """Where a match that begins at `at` or later first ends; None where there is none. Runs through the text once."""
        states, before = frozenset((self._first,)), _kind(text, at - 1, _START)
        for index in range(at, len(text)):
            states, before, matched = self._step(states, before, text[index], True)
            if matched:
                return index
        return len(text) if self._closed(states, before, _STOP)[1] else None

    def longest(self, text: bytes, before: int, after: int) -> int:
        """How many bytes the longest match has that begins with the text; `before` and `after` stand around it."""
        states, longest = frozenset((self._first,)), 0
        for index, octet in enumerate(text):
            states, before, matched = self._step(states, before, octet, False)
            if matched:
                longest = index
            if not states:
                return longest
        return len(text) if self._closed(states, before, after)[1] else longest

    def _step(
        self, states: frozenset[int], before: int, octet: int, floating: bool
    ) -> tuple[frozenset[int], int, bool]:
        key = (states, before, floating)
        known = self._sets.get(key)
        if known is None:
            if len(self._sets) >= _MOST_SETS:
                self._sets.clear()
            known = self._sets[key] = [None] * 256
        step: tuple[frozenset[int], int, bool] | None = known[octet]
        if step is None:
            step = known[octet] = self._advance(states, before, octet, floating)
        return step

    def _advance(
        self, states: frozenset[int], before: int, octet: int, floating: bool
    ) -> tuple[frozenset[int], int, bool]:
        """Where a byte leads, and whether the pattern had matched before it. `floating`: a match may begin anywhere."""
        after = _LETTER if octet in _WORD else _OTHER
        closed, matched = self._closed(states, before, after)
        found = {self._first} if floating else set()
        for state in closed:
            step = self._steps[state]
            if step is not None and octet in step[0]:
                found.add(step[1])
        return frozenset(found), after, matched

    def _closed(self, states: frozenset[int], before: int, after: int) -> tuple[set[int], bool]:
        """All states reached without a byte between what stands before and after, and whether the pattern matches."""
        found: set[int] = set()
        matched = False
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state == _ACCEPT:
                matched = True
            elif state not in found:
                found.add(state)
                waiting.extend(target for anchor, target in self._free[state] if _holds(anchor, before, after))
        return found, matched


def _holds(anchor: int | None, before: int, after: int) -> bool:
    if anchor is None:
        return True
    if anchor == _BEGIN:
        return before == _START
    if anchor == _END:
        return after == _STOP
    return ((before == _LETTER) != (after == _LETTER)) == (anchor == _BOUNDARY)


def _octets(operation: Any, argument: Any, cased: bool) -> frozenset[int]:
    """Which bytes one place of the pattern takes; where case does not count, in either case."""
    widened = frozenset[int] if cased else _cased
    if operation == sre.ANY:
        return _ALL - {10}
    if operation == sre.LITERAL:
        return widened({argument})
    if operation == sre.NOT_LITERAL:
        return _ALL - widened({argument})
    found: set[int] = set()
    negated = False
    for kind, value in argument:
        if kind == sre.NEGATE:
            negated = True
        elif kind == sre.LITERAL:
            found.add(value)
        elif kind == sre.RANGE:
            found.update(range(value[0], value[1] + 1))
        else:
            name = str(value).removeprefix("CATEGORY_")
            members = _CLASSES[name.removeprefix("NOT_")]
            found |= _ALL - members if name.startswith("NOT_") else members
    return _ALL - widened(found) if negated else widened(found)


def _cased(octets: set[int]) -> frozenset[int]:
    text = bytes(octet for octet in octets if octet < 256)
    return frozenset(text) | frozenset(text.lower()) | frozenset(text.upper())
