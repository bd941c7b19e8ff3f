"""Judges a range of seeds, in one process per core, each with a JVM of its own."""

import atexit
import multiprocessing
import sys
from collections import Counter

from . import compare, generate, on_triad

CHUNK = 50
SECONDS_TO_ANSWER = 30


def judge_range(options, defect, first, count):
    """Counts the verdicts over a range of seeds, and lists the seeds that differ."""
    seeds = range(first, first + count)
    chunks = [seeds[i:i + CHUNK] for i in range(0, count, CHUNK)]
    verdicts, differences = Counter(), []
    context = multiprocessing.get_context("spawn")
    with context.Pool(options.workers, initializer=prepare_worker,
                      initargs=(options.java, options.class_path, defect)) as pool:
        for judged in pool.imap(judge_chunk, chunks):
            for seed, verdict in judged:
                verdicts[verdict] += 1
                if verdict == compare.DIFFERENT:
                    differences.append(seed)
                    print(f"trio-twin: seed {seed} differs", file=sys.stderr, flush=True)
    return verdicts, differences


def prepare_worker(java, class_path, defect):
    global worker_jvm
    worker_jvm = on_triad.Jvm(java, class_path, defect)
    atexit.register(worker_jvm.stop)


def judge_chunk(seeds):
    programs = [generate.program(seed) for seed in seeds]
    for program in programs:
        worker_jvm.send(program)
    verdicts = []
    for i, program in enumerate(programs):
        oracle = compare.Oracle(program)
        oracle.widen(compare.FEW)  # meanwhile, the JVM works as well
        try:
            actual = worker_jvm.receive(SECONDS_TO_ANSWER)
        except on_triad.Dead:
            verdicts.append((program["seed"], compare.DIFFERENT))
            for later in programs[i + 1:]:
                worker_jvm.send(later)
            continue
        verdicts.append((program["seed"], compare.judge(program, actual, oracle).verdict))
    return verdicts
