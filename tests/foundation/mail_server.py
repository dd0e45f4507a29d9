"""A mail server that takes letters, as real as SMTP is."""

import email
import socket
import threading
from email.policy import default


class MailServer(threading.Thread):
    """Listens on a free ``port`` until it is closed; ``letters`` are those it took."""

    def __init__(self):
        super().__init__(daemon=True)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.letters = []

    def run(self):
        while True:
            try:
                talk, _ = self._listening.accept()
            except OSError:
                return
            with talk, talk.makefile("rwb") as line:
                self._talk(line)

    def _talk(self, line):
        def say(text):
            line.write(text + b"\r\n")
            line.flush()

        say(b"220 ready")
        for word in iter(line.readline, b""):
            verb = word[:4].upper()
            if verb == b"DATA":
                say(b"354 go on")
                body = b"".join(iter(line.readline, b".\r\n"))
                self.letters.append(email.message_from_bytes(body, policy=default))
            say({b"QUIT": b"221 bye"}.get(verb, b"250 ok"))
            if verb == b"QUIT":
                return

    def close(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.join(10)
