"""socat and programs on Python's asyncio through the TCP proxy."""

import asyncio
import contextlib
import random
import socket
import struct

from .program import check, free_port, has, tool

PATIENCE = 30
BYTES = 3_000_000


def run(examples):
    with examples.serve("echo-server", "0") as target, \
            examples.serve("tcp-proxy", "0", "127.0.0.1", target.port) as through:
        if has("socat"):
            sent = random.Random(6).randbytes(BYTES)
            back = tool("socat", "-t", "30", "-", f"TCP:127.0.0.1:{through.port}",
                        input=sent, text=False)
            check(back == sent, "socat: what came back is not what was sent")
        asyncio.run(many(through.port, 20 if examples.short else 200))
    port = free_port()
    with examples.serve("tcp-proxy", "0", "127.0.0.1", port) as through:
        asyncio.run(with_own_target(port, through.port))
    with examples.serve("tcp-proxy", "0", "127.0.0.1", free_port()) as nowhere:
        asyncio.run(is_reset(nowhere.port))
    print("proxy: half closes, resets, a reader who stops, and nobody there")


async def many(port, count):
    async def one(seed):
        data = random.Random(seed).randbytes(100_000)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        writer.write_eof()
        back = await asyncio.wait_for(reader.read(-1), PATIENCE)
        check(back == data, "what came back is not what was sent")
        writer.close()

    await asyncio.gather(*(one(seed) for seed in range(count)))
    print(f"proxy: {count} connections at once, each ended its output first")


class Target:
    """A server whose behaviour is a coroutine; asyncio.Queue hands its results to the test."""

    def __init__(self, port, behave):
        self.port = port
        self.behave = behave
        self.results = asyncio.Queue()

    async def __aenter__(self):
        async def handle(reader, writer):
            try:
                await self.results.put(await self.behave(reader, writer))
            except Exception as error:
                await self.results.put(error)
            finally:
                writer.close()

        self.server = await asyncio.start_server(handle, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def result(self):
        return await asyncio.wait_for(self.results.get(), PATIENCE)


async def with_own_target(*ports):
    for test in (target_ends_first, target_resets, client_resets, reader_stops):
        await test(ports)


@contextlib.asynccontextmanager
async def connected(ports, behave):
    """A target, and a connection to it through the proxy."""
    target_port, port = ports
    async with Target(target_port, behave) as target:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        yield target, reader, writer
        writer.transport.abort()


async def target_ends_first(ports):
    """The target has said all, and still listens."""
    async def behave(reader, writer):
        writer.write(b"that is all")
        writer.write_eof()
        return await reader.read(-1)

    async with connected(ports, behave) as (target, reader, writer):
        check(await asyncio.wait_for(reader.read(-1), PATIENCE) == b"that is all", "half close")
        writer.write(b"x" * BYTES)
        writer.write_eof()
        check(await target.result() == b"x" * BYTES, "lost after the target had ended its output")


async def target_resets(ports):
    """The client must not take what it has got for all there was."""
    async def behave(reader, writer):
        await reader.readexactly(1)
        reset(writer)

    async with connected(ports, behave) as (_, reader, writer):
        writer.write(b"x")
        await expect_reset(reader)


async def client_resets(ports):
    async def behave(reader, writer):
        writer.write(b"x")
        await expect_reset(reader)
        return "reset"

    async with connected(ports, behave) as (target, reader, writer):
        await asyncio.wait_for(reader.readexactly(1), PATIENCE)
        reset(writer)
        check(await target.result() == "reset", "the target took a reset for the end")


async def reader_stops(ports):
    """Who does not read holds back who sends: the proxy keeps no more than the kernel does."""
    enough = asyncio.Event()

    async def behave(reader, writer):
        await enough.wait()  # reads what fits its buffers, and no more

    async with connected(ports, behave) as (_, reader, writer):
        sent = 0
        try:
            while sent < 100_000_000:
                writer.write(b"x" * 100_000)
                await asyncio.wait_for(writer.drain(), 2)
                sent += 100_000
        except asyncio.TimeoutError:
            pass
        enough.set()
        check(sent < 100_000_000, "the proxy took 100 MB that nobody reads")
        print(f"proxy: held back after {sent / 1e6:.1f} MB")


async def is_reset(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await expect_reset(reader)
    writer.close()


def reset(writer):
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def expect_reset(reader):
    try:
        rest = await asyncio.wait_for(reader.read(-1), PATIENCE)
    except ConnectionResetError:
        return
    check(False, f"an orderly end after {len(rest)} bytes, and not a reset")
