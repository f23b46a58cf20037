"""Another system, on this machine: it takes what it is called with and answers as it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass
class Receiver:
    """`answers` are given one after another; the last one for ever. An answer is a status or one of the words below."""

    answers: list[int | str] = field(default_factory=lambda: [200])
    got: list[dict[str, Any]] = field(default_factory=list)
    ends: Event = field(default_factory=Event)
    port: int = 0

    def __enter__(self) -> Receiver:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(
                    {"path": self.path, "headers": dict(self.headers), "raw": body, "body": json.loads(body)}
                )
                receiver._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def ids(self) -> list[str]:
        return [one["headers"]["Kept-Id"] for one in self.got]

    def _answer(self, to: BaseHTTPRequestHandler) -> None:
        how = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if how == "hangs":
            self.ends.wait(20)
            return
        if how == "drips":  # a byte of a header now and then: each read comes in time, the whole never does
            to.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.ends.wait(0.02):
                try:
                    to.wfile.write(b"x")
                except OSError:
                    return
            return
        if how == "nonsense":
            to.wfile.write(b"220 mail.example ESMTP\r\n")
            return
        to.send_response(200 if isinstance(how, str) else how)
        if how == 302:
            to.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        body = b"x" * 5_000_000 if how == "huge" else b'{"ok": true}'
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        try:
            to.wfile.write(body)
        except OSError:  # whoever called has read enough
            return
