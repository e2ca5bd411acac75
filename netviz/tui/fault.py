"""What becomes of a slip in the program itself: the terminal is put back, and one line says what it was. No traceback.

With NETVIZ_TRACEBACK set in the environment, the traceback is shown as well: for who mends it.
"""

import os
import traceback
from typing import Any

from netviz.errors import ScreenFault
from netviz.explain.words import Language
from netviz.tui.leaving import Leaving, tell_end, terminal_kept


class FaultTold(Leaving):
    """An application whose faults end it without the toolkit's report."""

    fault: Exception | None = None

    def _fatal_error(self) -> None:
        # The toolkit would print its traceback with the values of all variables over the screen, packets' bytes among them.
        self.fault = self._exception
        self._close_messages_no_wait()

    def panic(self, *renderables: Any) -> None:
        """The toolkit's other way out: for errors that know how to draw themselves."""
        self.fault = self._exception
        self._close_messages_no_wait()


def fault_free(app: FaultTold, language: Language) -> int:
    """Run an application, and leave the terminal as it was; returns its exit status.

    Raises: ScreenFault where it ended by a fault of the program.
    """
    with terminal_kept(language):
        status = app.run()
    fault = app.fault
    if fault is None:
        tell_end(app, language)
        return status or 0
    if os.environ.get("NETVIZ_TRACEBACK"):
        traceback.print_exception(fault)
    raise ScreenFault("screen-fault", kind=type(fault).__name__, reason=_place(fault)) from None


def _place(fault: Exception) -> str:
    """What it says of itself, and the line of the program where it happened."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [frame for frame in frames if "netviz" in frame.filename] or frames[-1:]
    where = f"{own[-1].filename.rpartition('/')[2]}:{own[-1].lineno}" if own else "?"
    return f"{fault} ({where})" if str(fault) else where
