"""What the pieces of the screen tell the program. Values only."""

from textual.message import Message

from netviz.tui.draw.line import Link, Target


class Chosen(Message):
    """A row or a line was made the current one."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target


class Uncovered(Message):
    """A pane came into sight, or got another size: it may have missed scenes."""


class Followed(Message):
    """The user wants to go where a line leads."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link


class Copied(Message):
    """Something is to go to the clipboard: the text, and in the user's language what it is."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what


class Pressed(Message):
    """A sign on a bar was clicked that does what a key does: an action of the program."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action


class Scrubbed(Message):
    """A place on the playback bar was clicked."""

    def __init__(self, packet: int) -> None:
        super().__init__()
        self.packet = packet
