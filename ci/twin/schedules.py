"""Orders in which Trio may run tasks.

Trio runs tasks in batches and shuffles each batch. It promises no more than what holds under every
shuffle; and how many batches an operation takes is no promise either, so there are schedules that
hold a task back for a batch now and then.
"""

import random
from contextlib import contextmanager
from itertools import count

from trio._core import _run


class Fifo:
    """Runs each batch in the order in which its tasks became ready, which is Triad's way too."""

    deterministic = False

    def random(self):
        return 0.0  # makes Trio reverse the batch, which it takes from the end


class Shuffled:
    """Runs each batch in an order of its own. Of slow tasks, which it chooses, if any, it holds most
    back for a batch, again and again."""

    deterministic = True

    def __init__(self, seed, slow):
        self.source = random.Random(seed)
        self.slow = slow
        self.delays = {}

    def shuffle(self, batch):
        self.source.shuffle(batch)
        if self.slow:
            ready = _run.GLOBAL_RUN_CONTEXT.runner.runq
            for task in [task for task in batch if self.source.random() < self.delay(task)]:
                batch.remove(task)
                ready.append(task)

    def delay(self, task):
        if task not in self.delays:
            self.delays[task] = self.source.choice((0, 0, 0.3, 0.9))
        return self.delays[task]


def schedules(seed):
    """Schedules without end: Triad's own first, then shuffled ones, most of them with slow tasks."""
    yield Fifo()
    for i in count(1):
        yield Shuffled(f"{seed} {i}", slow=i % 4 != 0)


@contextmanager
def scheduled(schedule):
    """Runs of Trio inside this follow the schedule."""
    before = _run._r, _run._ALLOW_DETERMINISTIC_SCHEDULING
    _run._r, _run._ALLOW_DETERMINISTIC_SCHEDULING = schedule, schedule.deterministic
    try:
        yield
    finally:
        _run._r, _run._ALLOW_DETERMINISTIC_SCHEDULING = before
