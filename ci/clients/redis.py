"""redis-benchmark, redis-cli and raw connections against the key-value server."""

import re
import socket
import time

from .program import check, has, tool

TESTS = "ping,set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,mset"
SHORT_TESTS = "ping,set,get,incr"

# Commands of redis-cli one after the other, and what it prints for each.
DIALOGUE = [
    ("flushall", "OK"),
    ("set a 1", "OK"),
    ("get a", "1"),
    ("append a 23", "3"),
    ("incr a", "124"),
    ("decrby a 25", "99"),
    ("set a 2 nx", ""),
    ("set nobody 2 xx", ""),
    ("set b x ex 100", "OK"),
    ("ttl b", "100"),
    ("persist b", "1"),
    ("ttl b", "-1"),
    ("ttl nobody", "-2"),
    ("mset c 3 d 4", "OK"),
    ("mget a nobody c d", "99\n\n3\n4"),
    ("exists a b c nobody", "3"),
    ("del c d nobody", "2"),
    ("rpush list 1 2 3", "3"),
    ("lpush list 0", "4"),
    ("lrange list 0 -1", "0\n1\n2\n3"),
    ("lrange list -2 9", "2\n3"),
    ("lrange list 9 12", ""),
    ("lpop list", "0"),
    ("rpop list", "3"),
    ("llen list", "2"),
    ("incr list", "WRONGTYPE Operation against a key holding the wrong kind of value"),
    ("type list", "list"),
    ("sadd set x y x", "2"),
    ("sismember set x", "1"),
    ("srem set x y", "2"),
    ("exists set", "0"),
    ("hset hash f 1 g 2", "2"),
    ("hget hash g", "2"),
    ("hgetall hash", "f\n1\ng\n2"),
    ("hdel hash f g", "2"),
    ("set n 9223372036854775807", "OK"),
    ("incr n", "ERR increment or decrement would overflow"),
    ("incr b", "ERR value is not an integer or out of range"),
    ("expire a 0", "1"),
    ("get a", ""),
    ("get", "ERR wrong number of arguments for 'get' command"),
    ("brew", "ERR unknown command 'brew'"),
    ("echo hi", "hi"),
    ("select 1", "ERR DB index is out of range"),
]

# What is sent, and what comes back before the connection is closed.
RAW = [
    (b"PING\r\nPING\r\n\r\nPING hello\r\n", b"+PONG\r\n+PONG\r\n$5\r\nhello\r\n"),
    (b"*2\r\n$4\r\nECHO\r\n$3\r\n\0\r\n\r\n", b"$3\r\n\0\r\n\r\n"),
    (b"QUIT\r\nPING\r\n", b"+OK\r\n"),
    (b"*x\r\nPING\r\n", b"-ERR Protocol error: invalid multibulk length\r\n"),
    (b"*1000000\r\n", b"-ERR Protocol error: invalid multibulk length\r\n"),
    (b"*1\r\n+PING\r\n", b"-ERR Protocol error: expected '$', got '+'\r\n"),
    (b"*1\r\n$-1\r\n", b"-ERR Protocol error: invalid bulk length\r\n"),
    (b"*1\r\n$99999999999\r\n", b"-ERR Protocol error: invalid bulk length\r\n"),
    (b"*1\r\n$4\r\nPINGPONG\r\n", b"-ERR Protocol error: invalid bulk length\r\n"),
    (b"a" * 70000, b"-ERR Protocol error: too big inline request\r\n"),
    (b"*1\r\n$4\r\nPI", b""),
]


def run(examples):
    with examples.serve("key-value-server", "0") as server:
        if has("redis-cli", "redis-benchmark"):
            with_cli(server.port)
            for pipeline in [16] if examples.short else [1, 16]:
                benchmark(examples, server.port, pipeline)
        for sent, expected in RAW:
            got = exchange(server.port, sent)
            check(got == expected, f"{sent[:40]!r}: {got[:80]!r} came back")
        byte_by_byte(server.port)
        one_who_does_not_read(server.port)
        expires(server.port)
        print(f"redis: {len(RAW)} good and bad connections, one that does not read, one in bytes")


def with_cli(port):
    for command, expected in DIALOGUE:
        said = tool("redis-cli", "-p", port, *command.split()).strip()
        check(said == expected, f"{command}: {said!r}, not {expected!r}")
    print(f"redis: redis-cli, {len(DIALOGUE)} commands as in Redis")


def benchmark(examples, port, pipeline):
    tests = SHORT_TESTS if examples.short else TESTS
    said = tool("redis-benchmark", "-p", port, "-q", "-n", "20000", "-P", pipeline, "-t", tests)
    check("rror" not in said, f"redis-benchmark: {said}")
    figures = re.findall(r"([A-Z_]+[^:\r\n]*): ([\d.]+) requests per second", said)
    check(len(figures) >= len(tests.split(",")), f"redis-benchmark: {said}")
    print(f"redis: redis-benchmark -P {pipeline}, thousand commands/s:",
          ", ".join(f"{name.split()[0]} {float(rate) / 1000:.0f}" for name, rate in figures))


def exchange(port, sent):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while more := connection.recv(65536):
                received += more
        except ConnectionResetError:
            pass  # the server closes with bytes unread, which it said before
    return received


def byte_by_byte(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\nGET k\r\n":
            connection.sendall(bytes([byte]))
            time.sleep(0.001)
        expected = b"+OK\r\n$4\r\na\r\nb\r\n"
        received = b""
        while len(received) < len(expected):
            received += connection.recv(100)
        check(received == expected, f"a command in bytes: {received!r}")


def one_who_does_not_read(port):
    """Asks for more than all buffers hold, and reads nothing; the others are served meanwhile."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as greedy:
        value = b"v" * 1_000_000
        greedy.sendall(b"*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n$1000000\r\n" + value + b"\r\n")
        greedy.sendall(b"GET large\r\n" * 100)
        check(exchange(port, b"PING\r\n") == b"+PONG\r\n", "one who does not read holds up others")


def expires(port):
    exchange(port, b"SET soon x PX 100\r\n")
    until = time.monotonic() + 20
    while exchange(port, b"GET soon\r\n") != b"$-1\r\n":
        check(time.monotonic() < until, "a key does not expire")
        time.sleep(0.02)
