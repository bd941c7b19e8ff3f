"""Decides whether a trace of Triad's is one that Trio allows.

Trio promises an order where one thing causes another, and no other order: it shuffles each batch of
tasks that are ready. So a program runs on Trio several times, under several schedules. What is
the same under all of them is taken for a promise:

* If each task's own lines are the same in every run, Triad's must be the same too, and lines of
  different tasks that come in one order in every run must come in that order on Triad.
* If they vary (two tasks raced), Triad's trace must be one of those that Trio can produce. More
  schedules are tried until it is found. If it is not, then at least what each task saw must
  be something that Trio can let it see.

Before anything is called a difference, many more schedules are tried.
"""

from dataclasses import dataclass
from itertools import islice

from . import on_trio
from .schedules import schedules

FEW = 4
MANY = 60
VERY_MANY = 400

# Verdicts, and what they mean for people.
ORDERED = "the whole trace equal, in order"
EQUAL = "each task's trace equal, in an order that Trio allows"
MEMBER = "tasks race; equal to one of Trio's traces"
PARTLY = "tasks race; each task's trace is one of Trio's, the combination was not seen"
DIFFERENT = "different"
VERDICTS = (ORDERED, EQUAL, MEMBER, PARTLY, DIFFERENT)
IN_FULL = (ORDERED, EQUAL, MEMBER)


@dataclass
class Judgement:
    verdict: str
    why: str = ""
    expected: tuple = ()


class Oracle:
    """The traces of one program on Trio, as many as are asked for."""

    def __init__(self, program):
        self.program = program
        self.schedules = schedules(program["seed"])
        self.traces = []

    def widen(self, count):
        for schedule in islice(self.schedules, max(0, count - len(self.traces))):
            self.traces.append(on_trio.run(self.program, schedule))

    def until(self, count, found):
        """Tries more schedules, up to a number, until a predicate on a trace holds."""
        if any(map(found, self.traces)):
            return True
        while len(self.traces) < count:
            self.widen(len(self.traces) + 1)
            if found(self.traces[-1]):
                return True
        return False


def projections(trace):
    """The lines of each task, in the order of the task."""
    tasks = {}
    for line in trace:
        tasks.setdefault(line.split(" ", 2)[1], []).append(line)
    return tasks


def judge(program, actual, oracle=None):
    oracle = oracle or Oracle(program)
    oracle.widen(FEW)
    mine = projections(actual)
    if not oracle.until(MANY, lambda trace: projections(trace) == mine):
        return unseen(oracle, mine)
    first = oracle.traces[0]
    if any(projections(trace) != projections(first) for trace in oracle.traces):
        return Judgement(MEMBER)
    if all(trace == actual for trace in oracle.traces):
        return Judgement(ORDERED)
    if actual in oracle.traces:
        return Judgement(EQUAL)
    pairs = turned_round(oracle.traces, actual)
    while pairs and len(oracle.traces) < VERY_MANY:  # each schedule leaves fewer of them
        oracle.widen(len(oracle.traces) + 1)
        pairs = still_turned_round(pairs, oracle.traces[-1])
    if not pairs:
        return Judgement(EQUAL)
    return Judgement(DIFFERENT, f"Trio always has {pairs[0][0][0]!r} before {pairs[0][1][0]!r}", first)


def unseen(oracle, mine):
    """What to say when no schedule has shown the tasks' traces together."""
    first = projections(oracle.traces[0])
    if all(projections(trace) == first for trace in oracle.traces):
        return Judgement(DIFFERENT, different_tasks(first, mine), oracle.traces[0])
    names = set(mine).union(*map(projections, oracle.traces))
    for name in sorted(names):
        lines = mine.get(name)
        if not oracle.until(VERY_MANY, lambda trace: projections(trace).get(name) == lines):
            nearest = max(oracle.traces, key=lambda trace: alike(projections(trace), mine))
            return Judgement(DIFFERENT, f"no schedule of Trio's lets {name} see this", nearest)
    if oracle.until(VERY_MANY, lambda trace: projections(trace) == mine):
        return Judgement(MEMBER)
    return Judgement(PARTLY, "", oracle.traces[0])


def alike(theirs, mine):
    return sum(theirs.get(name) == lines for name, lines in mine.items())


def different_tasks(theirs, mine):
    names = sorted(name for name in set(theirs) | set(mine) if theirs.get(name) != mine.get(name))
    return "what differs: " + ", ".join(names)


def turned_round(traces, actual):
    """Pairs of lines of one instant that come in one order in all traces and in the other in ours."""
    instants = {}
    for line in numbered(actual):
        instants.setdefault(line[0].split(" ", 1)[0], []).append(line)
    pairs = [(later, earlier) for lines in instants.values()
             for i, later in enumerate(lines) for earlier in lines[:i]]
    for trace in traces:
        pairs = still_turned_round(pairs, trace)
    return pairs


def still_turned_round(pairs, trace):
    places = {line: place for place, line in enumerate(numbered(trace))}
    return [(a, b) for a, b in pairs if a in places and b in places and places[a] < places[b]]


def numbered(trace):
    """Lines with a number that tells equal ones apart."""
    seen = {}
    for line in trace:
        seen[line] = seen.get(line, 0) + 1
        yield line, seen[line]


def by_task(trace):
    """A trace in an order that does not depend on the schedule, to be shown side by side."""
    return sorted(trace, key=lambda line: (int(line.split(" ", 1)[0]), line.split(" ", 2)[1]))
