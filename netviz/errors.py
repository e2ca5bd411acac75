"""The few errors a user can meet. What is wrong inside a packet is a value, never an exception.

NetvizError
  +-- UnreadableCapture   the file, pipe or stream can not be read as a capture          exit status 1
  +-- NotPermitted        this process may not capture on that interface                 exit status 1
  +-- BadArgument         what was asked for makes no sense: a wrong number, a bad filter  exit status 2
  +-- ScreenFault         netviz itself has a fault: the screen had to end                 exit status 1

An error carries a key and details, not a sentence: the sentence (what, why, what to do) is chosen by `explain/` in the
user's language from `explain/errors.toml`. This file knows no language.
"""


class NetvizError(Exception):
    """Base of all errors that a user may see; `key` names the sentence, `details` fill it."""

    exit_status = 1

    def __init__(self, key: str, **details: object) -> None:
        super().__init__(key, details)
        self.key = key
        self.details = details

    def marked(self) -> tuple[str, ...]:
        """Lines that show where in what was typed the fault is; none for most errors."""
        return ()

    def __str__(self) -> str:
        return f"{self.key}: " + ", ".join(f"{name}={value}" for name, value in self.details.items())


class UnreadableCapture(NetvizError):
    """The source is missing, may not be read, or is no capture."""


class NotPermitted(NetvizError):
    """Capturing needs a privilege that this process does not have."""


class BadArgument(NetvizError):
    """The user asked for something that can not be done as written."""

    exit_status = 2


class ScreenFault(NetvizError):
    """A slip in the program itself ended the screen; the terminal is as it was before."""
