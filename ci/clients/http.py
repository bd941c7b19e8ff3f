"""curl, wrk and raw connections against the HTTP server."""

import asyncio
import hashlib
import random
import re
import socket
import struct
import tempfile
import time
from pathlib import Path

from .program import check, has, tool

HOST = b"Host: localhost\r\n"
GET = b"GET /hello HTTP/1.1\r\n" + HOST
POST = b"POST /echo HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"

# What is sent, and the status codes that come back before the connection is closed.
RAW = [
    ("a request", GET + b"\r\n", [200]),
    ("HTTP/1.0", b"GET /hello HTTP/1.0\r\n\r\n", [200]),
    ("empty lines first", b"\r\n\r\n" + GET + b"\r\n", [200]),
    ("the last of its connection",
     GET + b"Connection: x, Close\r\n\r\n" + GET + b"\r\n", [200]),
    ("chunks, extension and trailer, and a request behind them",
     CHUNKED + b"\r\n5;a=b\r\nhello\r\n3\r\nyou\r\n0\r\nT: x\r\n\r\n" + GET + b"\r\n", [200, 200]),
    ("half a request", b"GET /hel", []),
    ("no host", b"GET /hello HTTP/1.1\r\n\r\n", [400]),
    ("two hosts", GET + HOST + b"\r\n", [400]),
    ("bare line feeds", b"GET /hello HTTP/1.1\nHost: localhost\n\n", [400]),
    ("a folded line", GET + b"A: b\r\n c\r\n\r\n", [400]),
    ("space before the colon", b"GET /hello HTTP/1.1\r\nHost : localhost\r\n\r\n", [400]),
    ("a zero byte", GET + b"A: b\0c\r\n\r\n", [400]),
    ("a carriage return inside", GET + b"A: b\rc\r\n\r\n", [400]),
    ("a length and chunks", POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
     b"0\r\n\r\n" + GET + b"\r\n", [400]),
    ("chunks and a length", CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n" + GET + b"\r\n", [400]),
    ("two lengths", POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", [400]),
    ("a signed length", POST + b"Content-Length: +5\r\n\r\nhello", [400]),
    ("a list of lengths", POST + b"Content-Length: 5, 5\r\n\r\nhello", [400]),
    ("another coding", POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [501]),
    ("no chunks at last", POST + b"Transfer-Encoding: identity\r\n\r\nGET / HTTP/1.1\r\n\r\n", [400]),
    ("chunks in HTTP/1.0",
     b"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
    ("a chunk that is longer", CHUNKED + b"\r\n5\r\nhelloX\r\n0\r\n\r\n", [400]),
    ("a chunk of no size", CHUNKED + b"\r\nxyz\r\n0\r\n\r\n", [400]),
    ("a chunk beyond all bounds", CHUNKED + b"\r\nffffffffffffffff1\r\n", [400]),
    ("a chunk with a bare line feed", CHUNKED + b"\r\n5\nhello\r\n0\r\n\r\n", [400]),
    ("too long a target", b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", [414]),
    ("too long a head", GET + b"A: " + b"a" * 20000 + b"\r\n\r\n", [431]),
    ("too long a body", POST + b"Content-Length: 99999999999\r\n\r\n", [413]),
    ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400]),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [505]),
    ("an unknown method", b"BREW /hello HTTP/1.1\r\n" + HOST + b"\r\n", [501]),
    ("a method for others", b"DELETE /hello HTTP/1.1\r\n" + HOST + b"\r\n", [405]),
    ("dots", b"GET /../secret HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
    ("dots in disguise", b"GET /%2e%2e/secret HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
    ("slashes in disguise", b"GET /..%2fsecret HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
    ("a zero byte in the path", b"GET /small.txt%00 HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
    ("a link that leads outside", b"GET /link HTTP/1.1\r\n" + HOST + b"\r\n", [404]),
]


def run(examples):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        (root / "folder").mkdir(parents=True)
        (root / "folder" / "index.html").write_text("<p>index\n")
        (root / "small.txt").write_text("ten bytes\n")
        large = random.Random(5).randbytes(5_000_000)
        (root / "large.bin").write_bytes(large)
        (Path(folder) / "secret").write_text("secret\n")
        (root / "link").symlink_to(Path(folder) / "secret")
        with examples.serve("http-server", "0", "--root", root, "--patience", "2") as server:
            if has("curl"):
                with_curl(f"http://127.0.0.1:{server.port}", folder, large)
            for what, sent, expected in RAW:
                got = statuses(server.port, sent)
                check(got == expected, f"{what}: {got} came back, not {expected}")
            print(f"http: {len(RAW)} good and bad requests answered as they should be")
            asyncio.run(at_once(server.port))
            if has("wrk"):
                with_wrk(examples, server.port)


def with_curl(url, folder, large):
    check(tool("curl", "-sS", f"{url}/hello") == "Hello, world!\n", "GET /hello")
    head = tool("curl", "-sSI", f"{url}/small.txt")
    check("200 OK" in head and "Content-Length: 10" in head, f"HEAD: {head}")
    twice = tool("curl", "-sS", "-w", "%{num_connects} ", "-o", f"{folder}/ignored", f"{url}/hello",
                 "-o", f"{folder}/ignored", f"{url}/small.txt")
    check(twice.split() == ["1", "0"], f"one connection for two requests: {twice!r}")
    digest = hashlib.sha256(tool("curl", "-sS", f"{url}/large.bin", text=False)).digest()
    check(digest == hashlib.sha256(large).digest(), "a large file came back different")
    part = tool("curl", "-sS", "-r", "1000000-3999999", f"{url}/large.bin", text=False)
    check(part == large[1000000:4000000], "a range came back different")
    check(tool("curl", "-sS", "-r", "-4", f"{url}/small.txt") == "tes\n", "the last four bytes")
    code = ["curl", "-sS", "-o", f"{folder}/ignored", "-w", "%{http_code}"]
    check(tool(*code, "-r", "10-", f"{url}/small.txt") == "416", "a range behind the end")
    check(tool(*code, f"{url}/nothing") == "404", "a file that is not there")
    check(tool("curl", "-sS", f"{url}/folder/") == "<p>index\n", "the index of a folder")
    body = large[:900_000]
    (Path(folder) / "body").write_bytes(body)
    for more in ([], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"]):
        back = tool("curl", "-sS", *more, "--data-binary", f"@{folder}/body", f"{url}/echo", text=False)
        check(back == body, f"POST /echo {more} came back different")
    check(tool(*code, "--data-binary", f"@{folder}/root/large.bin", f"{url}/echo") == "413",
          "a body that is too large")
    print("http: curl got what it asked for")


def statuses(port, sent):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


async def at_once(port):
    """Clients that do not know of each other, some of them ill-behaved, at the same time."""
    began = time.monotonic()
    results = await asyncio.gather(
        *(polite(port, 20) for _ in range(300)),
        *(pipelining(port, 200) for _ in range(10)),
        *(slow_loris(port) for _ in range(30)),
        *(resetting(port) for _ in range(30)))
    took = time.monotonic() - began
    print(f"http: {sum(results)} requests on 370 connections at once, {took:.1f} s")


async def polite(port, requests):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(requests):
        writer.write(GET + b"\r\n")
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        check(head.startswith(b"HTTP/1.1 200 "), f"a request was answered by {head!r}")
        await reader.readexactly(14)
    writer.close()
    return requests


async def pipelining(port, requests):
    """All requests before the first answer; the answers must come in the order of the requests."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for i in range(requests):
        writer.write(POST + b"Content-Length: 4\r\n\r\n%04d" % i)
    for i in range(requests):
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        check(await reader.readexactly(4) == b"%04d" % i, "answers out of order")
    writer.close()
    return requests


async def slow_loris(port):
    """A head that never ends. The server must lose its patience, and say so."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /hello HTTP/1.1\r\nX: ")
    answer = asyncio.ensure_future(reader.read(1000))
    for _ in range(100):
        if answer.done():
            break
        writer.write(b"x")
        await asyncio.sleep(0.1)
    check(answer.done() and answer.result().startswith(b"HTTP/1.1 408 "), "a slow loris was fed")
    writer.close()
    return 0


async def resetting(port):
    """Asks for a large file, reads a little of it, and resets the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /large.bin HTTP/1.1\r\n" + HOST + b"\r\n")
    await asyncio.wait_for(reader.readexactly(1000), 30)
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return 1


def with_wrk(examples, port):
    paths = ["hello"] if examples.short else ["hello", "small.txt", "large.bin"]
    for path in paths:
        said = tool("wrk", "-t1", "-c64", f"-d{examples.seconds}s", "--latency",
                    f"http://127.0.0.1:{port}/{path}")
        check("Socket errors" not in said and "Non-2xx" not in said, f"wrk: {said}")
        rate = re.search(r"Requests/sec: +([\d.]+)", said)[1]
        p99 = re.search(r"99% +(\S+)", said)[1]
        volume = re.search(r"Transfer/sec: +(\S+)", said)[1]
        print(f"http: wrk, 64 connections, /{path}: {rate} requests/s, {volume}/s, p99 {p99}")
