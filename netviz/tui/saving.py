"""Saving: a body of the chosen exchange becomes a file that the user names. No part of its name comes from a packet."""

import os
from typing import Final

from netviz.errors import NetvizError
from netviz.http.content import describe
from netviz.http.exchange import Body, Head, Message
from netviz.model.writing import write_file
from netviz.tui.copying import Copying
from netviz.tui.errors import error_sentence
from netviz.tui.widgets.name_prompt import NamePrompt, Refusal
from netviz.tui.widgets.pick_screen import Entry, PickScreen

_ENDINGS: Final = {
    "application/json": "json", "text/html": "html", "text/css": "css", "text/csv": "csv", "text/javascript": "js",
    "application/javascript": "js", "application/xml": "xml", "text/xml": "xml", "image/svg+xml": "svg",
    "application/pdf": "pdf", "application/zip": "zip", "application/gzip": "gz", "text/plain": "txt",
    "text/event-stream": "txt",
}  # fmt: skip
_ENDINGS_BY_KIND: Final = {"json": "json", "html": "html", "text": "txt", "form": "txt"}
_OTHER: Final = "bin"


class Saving(Copying):
    """Actions that write files."""

    def action_save(self) -> None:
        """A list of the bodies that can be saved; where there is one only, its name is asked for at once."""
        scene, sides = self.scene, self._bodies()
        if not sides:
            self.tell(scene.say("save.nothing"))
            return
        whole = {kind: found for kind, found in sides.items() if found[1].last_row < scene.moment.as_of}
        if not whole:
            _, message = next(iter(sides.values()))
            self.tell(scene.say("save.coming", packet=message.last_row + 1))
        elif len(whole) == 1:
            self._ask_name(next(iter(whole)))
        else:
            entries = [Entry(kind, scene.say(f"save.{kind}"), self._kind_of(*found)) for kind, found in whole.items()]
            title, how = scene.say("save.title"), scene.say("save.how")
            self.push_screen(PickScreen(scene, title, entries, how, "e"), self._ask_name)

    def _bodies(self) -> dict[str, tuple[Head, Message]]:
        """`response` and `request` of the chosen exchange, where they have a body of which anything is known now."""
        scene = self.scene
        number = scene.choice.exchange
        if number is None or number > scene.store.exchange_count(scene.moment.as_of):
            return {}
        read = scene.store.read(number)
        sides = {"response": (read.response, read.exchange.response), "request": (read.request, read.exchange.request)}
        return {
            kind: (head, message)
            for kind, (head, message) in sides.items()
            if head is not None and message is not None and message.body_bytes and message.head_row < scene.moment.as_of
        }

    def _kind_of(self, head: Head, message: Message) -> str:
        return f"{head.get('Content-Type') or '-'}, {message.body_bytes:,} B"

    def _body(self, message: Message) -> Body:
        number = self.scene.choice.exchange
        assert number is not None
        return self.store.body(message, self.store.exchanges[number - 1].connection)

    def _ask_name(self, kind: str | None) -> None:
        found = self._bodies().get(kind or "")
        if kind is None or found is None:
            return
        head, message = found
        body = self._body(message)
        name = f"exchange-{self.scene.choice.exchange}-{kind}.{ending(head, body)}"

        def save(file: str, replace: bool) -> Refusal | None:
            return self._save(file, body, replace)

        self.push_screen(NamePrompt(self.scene, name, save))

    def _save(self, file: str, body: Body, replace: bool) -> Refusal | None:
        """Write it; returns why it could not be done, or None."""
        scene = self.scene
        try:
            size = write_file(os.path.expanduser(file), [body.content], replace)
        except NetvizError as error:
            if error.key == "file-exists":
                return Refusal(scene.say("save.exists", file=file), True)
            return Refusal(error_sentence(error, scene.language), False)
        why = scene.word(f"http.body.{body.problem}", body.problem) if body.problem else ""
        key = "save.done-doubtful" if why else "save.done"
        details = {"why": why} if why else {}
        self.tell(scene.say(key, file=file, bytes=size, **details))
        return None


def ending(head: Head, body: Body) -> str:
    """The ending of a file name that goes with a content, from a table: never what a packet says."""
    content = describe(head, body)
    if content.image:
        return content.image
    return _ENDINGS.get(content.media_type, _ENDINGS_BY_KIND.get(content.kind, _OTHER))
