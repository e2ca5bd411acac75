"""Files that a user asked to be written. Nothing is written over unless that was asked for too; knows no format."""

import contextlib
import os
from collections.abc import Iterable

from netviz.errors import NetvizError


def write_file(path: str, parts: Iterable[str | bytes], replace: bool = False) -> int:
    """Write a file and return its bytes. Text is written as UTF-8.

    Raises: NetvizError where there is such a file already (and `replace` is False), or where it can not be written; a new
    file that was begun is then taken away again.
    """
    size = 0
    try:
        with open(path, "wb" if replace else "xb") as file:
            try:
                for part in parts:
                    size += file.write(part.encode("utf-8", "backslashreplace") if isinstance(part, str) else part)
            except BaseException:
                if not replace:
                    with contextlib.suppress(OSError):
                        os.unlink(path)
                raise
    except FileExistsError:
        raise NetvizError("file-exists", file=path) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NetvizError("can-not-write", file=path, reason=reason) from None
    return size
