"""Guests on Python's asyncio against the chat server."""

import asyncio
import random
import socket

from .program import check

PATIENCE = 30


class Guest:
    """Connects and gives a name."""

    def __init__(self, name):
        self.name = name

    async def enter(self, port, receive_bytes=None):
        connection = socket.socket()
        if receive_bytes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        self.reader, self.writer = await asyncio.open_connection(sock=connection, limit=8192)
        await self.expect("* your name?")
        self.say(self.name)
        here = await self.line()
        check(here.startswith("* here are:"), f"{self.name} was told {here!r}")
        return here.split()[3:]

    def say(self, line):
        self.writer.write(line.encode() + b"\n")

    async def line(self):
        line = await asyncio.wait_for(self.reader.readline(), PATIENCE)
        check(line.endswith(b"\n"), f"{self.name} was cut off")
        return line.decode().rstrip("\n")

    async def expect(self, line):
        got = await self.line()
        check(got == line, f"{self.name} was told {got!r}, not {line!r}")

    async def leave(self):
        """Ends the input first, and is told the rest."""
        self.writer.write_eof()
        rest = await asyncio.wait_for(self.reader.read(), PATIENCE)
        self.writer.close()
        return rest


def run(examples):
    with examples.serve("chat-server", "0") as server:
        asyncio.run(conversation(server.port))
        asyncio.run(crowd(server.port))
        asyncio.run(one_who_does_not_read(server.port))
    print("chat: a conversation, a crowd of 100, and one who does not read")


async def conversation(port):
    ann, bob = Guest("Ann"), Guest("Bob")
    check(await ann.enter(port) == [], "somebody was there before the first guest")
    check(await bob.enter(port) == ["Ann"], "the second guest was not told of the first")
    await ann.expect("* Bob has come")
    bob.say("grüße")
    await ann.expect("Bob: grüße")
    other = Guest("Ann")
    try:
        await other.enter(port)
        check(False, "a name was given twice")
    except Exception as refused:
        check("another one, please" in str(refused), repr(refused))
    other.writer.close()
    ann.say("x" * 2000)
    await ann.expect("* that was too long")
    await bob.expect("* Ann has gone")
    check(await bob.leave() == b"", "the last guest was told something")


async def crowd(port):
    """Everybody says ten things; everybody else hears each of them once and in order."""
    guests = [Guest(f"guest-{i}") for i in range(100)]
    await asyncio.gather(*(guest.enter(port) for guest in guests))

    async def talk(guest):
        heard = {}
        for i in range(10):
            guest.say(f"{i}")
            await asyncio.sleep(random.random() / 50)
        while sum(heard.values()) < 10 * (len(guests) - 1):
            line = await guest.line()
            if not line.startswith("*"):
                speaker, what = line.split(": ")
                check(int(what) == heard.get(speaker, 0), f"{guest.name} heard {line!r} too soon")
                heard[speaker] = int(what) + 1

    await asyncio.gather(*(talk(guest) for guest in guests))
    await asyncio.gather(*(guest.leave() for guest in guests))


async def one_who_does_not_read(port):
    """His buffers fill; then he has to go, and the others have missed nothing."""
    speaker, listener, sleeper = Guest("Speaker"), Guest("Listener"), Guest("Sleeper")
    await speaker.enter(port)
    await listener.enter(port)
    await sleeper.enter(port, receive_bytes=4096)
    lines = 20_000
    pace = asyncio.Semaphore(100)  # no more lines on their way than the listener's mailbox holds

    async def speak():
        for i in range(lines):
            await pace.acquire()
            speaker.say(f"{i} " + "x" * 900)
            await speaker.writer.drain()

    async def listen():
        expected, gone = 0, False
        while expected < lines or not gone:
            line = await listener.line()
            gone = gone or line == "* Sleeper has gone"
            if line.startswith("Speaker: "):
                check(line.startswith(f"Speaker: {expected} "), f"lost, or twice: {line[:40]!r}")
                expected += 1
                pace.release()

    await asyncio.gather(speak(), listen())
    sleeper.writer.transport.abort()
    speaker.writer.transport.abort()
    await listener.leave()
