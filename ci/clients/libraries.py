"""Client libraries that block, over sockets of Triad, against servers of other people."""

import os
import pwd
import shutil
import subprocess
import tempfile

from .program import Running, check, free_port, has, postgres_tool, tool


def run(examples):
    if has("redis-server"):
        with_redis(examples)
    with examples.serve("key-value-server", "0") as server:
        print("libraries: Jedis, our own server:",
              examples.run("redis-client", "127.0.0.1", server.port, "--no-queue").strip())
    if postgres_tool("initdb"):
        with_postgres(examples)
    else:
        print("skip: there is no initdb of PostgreSQL")


def with_redis(examples):
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "",
                   "--dir", folder]
        with Running(command, r"Ready to accept connections"):
            said = examples.run("redis-client", "127.0.0.1", port)
            check("out of the queue came: done" in said, f"redis-client: {said}")
            print("libraries: Jedis, Redis:", said.strip().splitlines()[-1])


def with_postgres(examples):
    """PostgreSQL refuses to run as root, who lends it the user that its package has made."""
    port = free_port()
    become = []
    with tempfile.TemporaryDirectory() as folder:
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            become = [shutil.which("runuser"), "-u", "postgres", "--"]
        data = f"{folder}/data"
        tool(*become, postgres_tool("initdb"), "-D", data, "-A", "trust", "-N", "-U", "postgres",
             cwd=folder)
        control = [*become, postgres_tool("pg_ctl"), "-D", data, "-w", "-t", "30"]
        subprocess.run(
            [*control, "-l", f"{folder}/log", "-o",
             f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off", "start"],
            check=True, timeout=60, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            said = examples.run("postgres-client", f"jdbc:postgresql://127.0.0.1:{port}/postgres")
            print("libraries: JDBC, PostgreSQL:", "; ".join(said.strip().splitlines()))
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, timeout=60,
                           stdout=subprocess.DEVNULL, cwd=folder)
