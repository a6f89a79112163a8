"""A load client: people who ask, heads who agree, records; run by test_killed_server.py.

Arguments: the port of the server, the file of what was acknowledged, the head's token, the tokens of the
people. Each person has a thread of its own and so one request in flight. In a round a person asks for
minutes of today, the head agrees, the person records or takes it back. What was acknowledged is written
down before the next is sent: what, the id, the minutes. What got no answer is sent again under the same
key, as docs/api.md says. When the standard input ends, the round is gone through and no other begun.
"""

import json
import os
import sys
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from time import monotonic, sleep
from uuid import uuid4

MOST_ROUNDS = 200
"""Rounds that fit into a day of 465 minutes."""

PATIENCE = 60
"""Seconds for which one thing is tried again: many times what a server takes to be there again."""


class Client:
    """One person's program and the head's, which answers this person alone."""

    def __init__(self, port: int, log: int, person: str, head: str) -> None:
        self._port, self._log, self._person, self._head = port, log, person, head

    def work(self, ended: Event) -> None:
        """Go through rounds until it has ended."""
        for number in range(MOST_ROUNDS):
            if ended.is_set():
                return
            minutes = 1 + number % 3
            wish = {
                "activity": "general",
                "purpose": "学び・相談",
                "place": "head_office",
                "work_date": "2026-11-10",
                "asked_minutes": minutes,
            }
            made = self._send(self._person, "/ledger/requests", wish)["id"]
            self._note("ask", made, minutes)
            self._send(self._head, f"/ledger/requests/{made}/agree", {})
            self._note("agree", made, minutes)
            if number % 4 == 1:
                self._send(self._person, f"/ledger/requests/{made}/withdraw", None)
                self._note("withdraw", made, minutes)
            else:
                done = max(minutes - number % 2, 1)
                self._send(self._person, f"/ledger/requests/{made}/record", {"minutes": done})
                self._note("record", made, done)

    def _note(self, what: str, made: int, minutes: int) -> None:
        os.write(self._log, f"{what} {made} {minutes}\n".encode())

    def _send(self, token: str, path: str, body: object) -> dict[str, int]:
        key, until = str(uuid4()), monotonic() + PATIENCE
        while True:
            try:
                status, said = self._once(token, path, body, key)
            except (OSError, HTTPException):
                status, said = 0, b""
            if status in (200, 201):
                answer: dict[str, int] = json.loads(said)
                return answer
            # 503 and 500 are a server that is being killed or busy: what it did is not known.
            if monotonic() > until or 0 < status < 500:
                raise AssertionError(f"{path}: {status} {said.decode()}")
            sleep(0.05)

    def _once(self, token: str, path: str, body: object, key: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            headers = {
                "Host": "localhost",  # as the installation is called
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": key,
            }
            sent = None if body is None else json.dumps(body).encode()
            if sent is not None:
                headers["Content-Type"] = "application/json"
            connection.request("POST", f"/api/v1{path}", sent, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def main(port: str, acknowledged: str, head: str, *people: str) -> None:
    """Let all people work at once."""
    log = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ended, failed = Event(), Event()

    def work(client: Client) -> None:
        try:
            client.work(ended)
        except BaseException:
            failed.set()
            raise

    threads = [
        Thread(target=work, args=(Client(int(port), log, person, head),)) for person in people
    ]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    ended.set()
    for thread in threads:
        thread.join()
    sys.exit(1 if failed.is_set() else 0)


main(*sys.argv[1:])
