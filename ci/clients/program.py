"""Starts the examples and the tools that drive them, and sees to it that all of them end."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
JAR = ROOT / "target" / "triad-examples.jar"
TERMINATED = 143  # what the JVM exits with after SIGTERM
PACKAGES = {
    "curl": "curl",
    "wrk": "wrk",
    "redis-benchmark": "redis-tools",
    "redis-server": "redis-server",
    "socat": "socat",
}


class Wrong(Exception):
    """A server or client did something that it must not."""


def check(holds, what):
    if not holds:
        raise Wrong(what)


def install_missing():
    packages = sorted({package for tool, package in PACKAGES.items() if not shutil.which(tool)})
    if not postgres_tool("initdb"):
        packages.append("postgresql")
    if not packages:
        return
    if os.getuid() == 0 and shutil.which("apt-get"):
        # Packages must not start their servers: those that are needed are started here.
        quiet = dict(env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"},
                     stdout=subprocess.DEVNULL, check=False)
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", *packages], **quiet)
    else:
        print("please install:", *packages)


def has(*tools):
    """Whether all of these are there; says so if not, since something is then left out."""
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        print("skip: there is no", ", ".join(missing))
    return not missing


def postgres_tool(name):
    found = shutil.which(name)
    if found:
        return os.path.realpath(found)
    candidates = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(candidates[-1]) if candidates else None


def tool(*command, timeout=60, status=0, **more):
    """Runs a client to its end; what it printed, as text unless text=False."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, timeout=timeout,
        **{"text": True, **more})
    check(done.returncode == status,
          f"{' '.join(map(str, command[:6]))}: status {done.returncode}, said {done.stderr!r}")
    return done.stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """A server as a child process; ended, if need be by force, with the block."""

    def __init__(self, command, announcement=None, may_say=None):
        self.command = [str(word) for word in command]
        self.announcement = announcement
        self.may_say = may_say
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.port = None

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        try:
            self.await_announcement()
        except BaseException:
            self.end()
            raise
        return self

    def await_announcement(self):
        if self.announcement is None:
            return
        watchdog = threading.Timer(60, self.process.kill)
        watchdog.start()
        for line in self.process.stdout:
            found = re.search(self.announcement, line)
            if found:
                watchdog.cancel()
                self.port = int(found[1]) if found.groups() else None
                # Read on, so that the server never waits for somebody to read what it prints.
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return
        watchdog.cancel()
        raise Wrong(f"{self.command[-3:]} did not start: {self.said()}")

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def end(self):
        self.process.terminate()
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def __exit__(self, kind, *_):
        alive = self.process.poll() is None
        status = self.end()
        said = self.said()
        self.errors.close()
        if kind is None and self.may_say is not None:
            check(alive, f"the server ended early: {said[-2000:]}")
            check(status in (0, TERMINATED), f"SIGTERM ended the server with status {status}")
            for line in said.splitlines():
                check(re.match(self.may_say, line), f"the server said: {said[-2000:]}")


class Examples:
    """The programs of target/triad-examples.jar, on one engine."""

    def __init__(self, engine, seconds, short=False):
        self.engine = engine
        self.seconds = seconds
        self.short = short
        home = subprocess.run(
            ["bash", "-c", '. "$1" && jdk25_home', "-", ROOT / "ci" / "lib-jdk25.sh"],
            check=True, capture_output=True, text=True).stdout.strip()
        self.java = os.path.join(home, "bin", "java")

    def build(self):
        if not JAR.exists():
            subprocess.run(["mvn", "-q", "-B", "package", "-DskipTests"], cwd=ROOT, check=True)

    def command(self, *arguments):
        forced = [f"-Dtriad.engine={self.engine}"] if self.engine else []
        return [self.java, "-Xmx512m", *forced, "-jar", JAR, *arguments]

    def engine_line(self):
        said = tool(*self.command("explain"))
        return "==== " + next(line for line in said.splitlines() if line.startswith("engine: "))

    def works(self):
        return subprocess.run(
            [str(word) for word in self.command("time-outs")],
            capture_output=True, timeout=60).returncode == 0

    def run(self, *arguments, timeout=90):
        """Runs a program to its end; what it printed."""
        return tool(*self.command(*arguments), timeout=timeout)

    def serve(self, *arguments):
        """Starts a server; it may say that connections broke, and nothing else."""
        return Running(
            self.command(*arguments), r"listening on .*:(\d+)$",
            r"a connection broke: |WARNING: |.* org\.eclipse\.jetty\.http\.HttpParser ")
