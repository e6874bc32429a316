"""A headless browser that is driven over its debugging pipe: real keys and what they do, with the standard library alone."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser import BROWSER

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--window-size=1366,768", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
)
KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), " ": (32, " "), "ArrowRight": (39, ""), "Escape": (27, "")}  # code and text


class Page:
    """One page: evaluates scripts and presses keys. Messages end with a zero byte."""

    def __init__(self, send: int, receive: int):
        self._send, self._receive, self._left, self._number, self._session = send, receive, b"", 0, ""

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a command; what the browser tells meanwhile is passed over."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters} | ({"sessionId": self._session} if self._session else {})
        os.write(self._send, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            read = os.read(self._receive, 1 << 16)
            assert read, "the browser has gone"
            self._left += read
        message, self._left = self._left.split(b"\0", 1)
        return json.loads(message)

    def attach(self, address: str) -> None:
        """Open a page and wait until its scripts have run."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.navigate", url=address)
        ready = "new Promise(done => { const look = () => document.documentElement.dataset.ready ? done(true) : setTimeout(look, 20); look(); })"
        for _ in range(50):  # the first look may fall on the blank page, whose promise is lost
            if self.value("location.href") == address:
                break
        assert self.value(ready)

    def value(self, script: str) -> Any:
        """What a script is worth, promises waited for."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def press(self, key: str) -> None:
        """A key down and up, as a person presses it."""
        code, text = KEYS[key]
        named = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **named)
        self.call("Input.dispatchKeyEvent", type="keyUp", **named)


@contextmanager
def opened(folder: Path, text: str) -> Iterator[Page]:
    """The page of ``text`` in a browser of its own, which ends with the block."""
    path = folder / "page.html"
    path.write_text(text, encoding="utf-8")
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()

    def pipes() -> None:
        """The browser reads commands from 3 and writes answers to 4."""
        spare_in, spare_out = os.dup(theirs_in), os.dup(theirs_out)
        os.dup2(spare_in, 3)
        os.dup2(spare_out, 4)

    command = [str(BROWSER), *FLAGS, f"--user-data-dir={folder / 'profile'}"]
    process = subprocess.Popen(command, preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(theirs_in)
    os.close(theirs_out)
    page = Page(ours_out, ours_in)
    try:
        page.attach(path.as_uri())
        yield page
    finally:
        os.close(ours_out)
        os.close(ours_in)
        process.terminate()
        process.wait(timeout=20)
