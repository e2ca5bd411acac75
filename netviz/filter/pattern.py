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
_START, _OTHER, _LETTER, _STOP = range(4)
"""What stands before or after a place: nothing, another byte, a letter of a word, nothing more."""


class BadPattern(Exception):
    """Inside this package only: a pattern that can not be used. `key` names the sentence."""

    def __init__(self, key: str, reason: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.reason = reason


class Pattern:
    """One pattern. Raises: BadPattern where it is none, or asks for what no automaton can do."""

    def __init__(self, text: str) -> None:
        octets = text.encode("utf-8", "surrogatepass")
        if len(octets) > LONGEST_PATTERN:
            raise BadPattern("pattern-too-large", str(LONGEST_PATTERN))
        try:
            parsed = reader.parse(octets, re.IGNORECASE)
            self._simple = re.compile(octets, re.IGNORECASE) if _is_simple(parsed) else None
        except (re.error, RecursionError, OverflowError, ValueError) as error:
            raise BadPattern("bad-pattern", str(error)) from None
        self._automaton = _Automaton(parsed)

    def found_in(self, text: bytes) -> bool:
        """Whether the pattern matches somewhere in the text."""
        if self._simple is not None:
            return self._simple.search(text) is not None
        return self._automaton.found_in(text)


def _is_simple(parsed: Any) -> bool:
    """At most one repeat that varies, of one byte each time, nothing that chooses, no `$`: no way is tried twice."""
    varying = 0
    for operation, argument in parsed:
        if operation in _REPEATS:
            low, high, body = argument
            varying += low != high
            if len(body) != 1 or body[0][0] not in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
                return False
        elif operation not in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN, sre.AT) or argument is sre.AT_END:
            # Python's $ also matches before a line end that is the last byte; here it is the end and nothing else.
            return False
    return varying <= 1


class _Automaton:
    """States are numbers. `_steps[state]`: the bytes that lead on, and where to; `_free[state]`: what needs no byte."""

    def __init__(self, parsed: Any) -> None:
        self._steps: list[tuple[frozenset[int], int] | None] = []
        self._free: list[list[tuple[int | None, int]]] = []
        self._first = self._sequence(parsed, _ACCEPT)
        self._sets: dict[tuple[frozenset[int], int], list[Any]] = {}

    def _state(self) -> int:
        if len(self._steps) >= MOST_STATES:
            raise BadPattern("pattern-too-large", str(MOST_STATES))
        self._steps.append(None)
        self._free.append([])
        return len(self._steps) - 1

    def _sequence(self, parsed: Any, target: int) -> int:
        for operation, argument in reversed(list(parsed)):
            target = self._one(operation, argument, target)
        return target

    def _one(self, operation: Any, argument: Any, target: int) -> int:
        if operation in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            state = self._state()
            self._steps[state] = (_octets(operation, argument), target)
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
            self._free[state] = [(_ANCHORS[argument], target)]
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

    def found_in(self, text: bytes) -> bool:
        """Runs through the text once."""
        states, before = frozenset((self._first,)), _START
        sets = self._sets
        for octet in text:
            key = (states, before)
            known = sets.get(key)
            if known is None:
                if len(sets) >= _MOST_SETS:
                    sets.clear()
                known = sets[key] = [None] * 256
            step = known[octet]
            if step is None:
                step = known[octet] = self._advance(states, before, octet)
            states, before = step
            if before == _STOP:
                return True
        return self._closed(states, before, _STOP) is None

    def _advance(self, states: frozenset[int], before: int, octet: int) -> tuple[frozenset[int], int]:
        """Where a byte leads; _STOP where the pattern had matched before it."""
        after = _LETTER if octet in _WORD else _OTHER
        closed = self._closed(states, before, after)
        if closed is None:
            return states, _STOP
        found = {self._first}
        for state in closed:
            step = self._steps[state]
            if step is not None and octet in step[0]:
                found.add(step[1])
        if _ACCEPT in found:
            return states, _STOP
        return frozenset(found), after

    def _closed(self, states: frozenset[int], before: int, after: int) -> set[int] | None:
        """All states reached without a byte between what stands before and after; None where the pattern matches."""
        found: set[int] = set()
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state == _ACCEPT:
                return None
            if state in found:
                continue
            found.add(state)
            waiting.extend(target for anchor, target in self._free[state] if _holds(anchor, before, after))
        return found


def _holds(anchor: int | None, before: int, after: int) -> bool:
    if anchor is None:
        return True
    if anchor == _BEGIN:
        return before == _START
    if anchor == _END:
        return after == _STOP
    return ((before == _LETTER) != (after == _LETTER)) == (anchor == _BOUNDARY)


def _octets(operation: Any, argument: Any) -> frozenset[int]:
    """Which bytes one place of the pattern takes, in either case."""
    if operation == sre.ANY:
        return _ALL - {10}
    if operation == sre.LITERAL:
        return _cased({argument})
    if operation == sre.NOT_LITERAL:
        return _ALL - _cased({argument})
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
    return _ALL - _cased(found) if negated else _cased(found)


def _cased(octets: set[int]) -> frozenset[int]:
    text = bytes(octet for octet in octets if octet < 256)
    return frozenset(text) | frozenset(text.lower()) | frozenset(text.upper())
