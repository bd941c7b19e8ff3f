"""socat and a Python socket against the UDP echo server."""

import socket

from .program import check, has, tool


def run(examples):
    with examples.serve("udp-echo-server", "0") as server:
        if has("socat"):
            said = with_socat(server.port)
            check(said == "hello\n", f"socat got {said!r}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.connect(("127.0.0.1", server.port))
            client.settimeout(20)
            for size in [0, 1, 1472, 1473, 9000, 65507]:
                client.send(b"x" * size)
                check(client.recv(65536) == b"x" * size, f"a datagram of {size} bytes")
            answered = 0
            for i in range(200):  # in groups that fit a socket's buffer, so that none may be lost
                for j in range(20):
                    client.send(b"%d %d" % (i, j))
                for j in range(20):
                    check(client.recv(100) == b"%d %d" % (i, j), "a datagram is lost or late")
                    answered += 1
    print(f"udp: {answered} datagrams came back, in order")


def with_socat(port):
    """Keeps the input open, for otherwise socat waits for no answer."""
    return tool("bash", "-c", f"(echo hello; sleep 1) | socat -t 2 - UDP:127.0.0.1:{port}")
