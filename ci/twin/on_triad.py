"""Has a JVM interpret programs on Triad."""

import json
import queue
import subprocess
import tempfile
import threading

MAIN = "io.triad.twin.TwinMain"


class Dead(Exception):
    """The JVM ended, or did not answer in time; the text says which, and what it printed."""


class Jvm:
    """A JVM that takes one program after the other, and is started again when it dies."""

    def __init__(self, java, class_path, defect=None):
        self.command = [java, "-ea", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED", "-cp", class_path, MAIN]
        if defect:
            self.command.append(defect)
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.errors)
        self.answers = queue.SimpleQueue()
        threading.Thread(target=self.read, args=(self.process, self.answers), daemon=True).start()

    @staticmethod
    def read(process, answers):
        for line in process.stdout:
            answers.put(line)
        answers.put(None)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process = None

    def send(self, program):
        """Sends a program; whoever sends several reads as many answers, in the same order."""
        if not self.process:
            self.start()
        try:
            self.process.stdin.write(json.dumps(program).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # receive() says why

    def receive(self, seconds):
        """The trace of the program that was sent first."""
        try:
            line = self.answers.get(timeout=seconds)
        except queue.Empty:
            why = f"no answer within {seconds} s"
            line = None
        else:
            why = "the JVM ended"
        if line is None:
            self.stop()
            self.errors.seek(0)
            printed = self.errors.read().decode(errors="replace").strip()
            raise Dead(f"{why}\n{printed[-3000:]}".strip())
        return json.loads(line)

    def run(self, program, seconds):
        self.send(program)
        return self.receive(seconds)
