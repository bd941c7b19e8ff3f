"""The command line of ci/trio-twin, which says how to call it."""

import argparse
import itertools
import json
import os
import re
import sys
import time
from pathlib import Path

import trio

from . import compare, generate, on_triad, show
from .campaign import SECONDS_TO_ANSWER, judge_range
from .shrink import shrink

SHOWN = 3  # differences that are shrunken and printed
SECONDS_TO_SHRINK = 40
LEAST_IN_FULL = 0.8
# As Defect.java has them. Each must be found within this many programs.
DEFECTS = ("SHIELD_ABSENT", "CAUGHT_WRONG", "MEMBER_LOST", "TIMEOUT_LATE", "STARTED_WRONG",
           "LOCK_IGNORED", "CLOSE_FORGOTTEN")
SELF_TEST_PROGRAMS = 1000
SMALL = 12  # statements; a program that shows a planted defect is at most this large when shrunken


def main():
    parser = argparse.ArgumentParser(prog="ci/trio-twin")
    parser.add_argument("first", type=int, nargs="?", default=0, metavar="FIRST")
    parser.add_argument("count", type=int, nargs="?", default=1000, metavar="COUNT")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--class-path", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--print", action="store_true", help="print programs and traces as well")
    parser.add_argument("--self-test", action="store_true", help="plant defects and find them")
    parser.add_argument("--defect", choices=DEFECTS, help="plant this defect")
    parser.add_argument("--fixtures", type=int, metavar="N",
                        help="print N programs of the range with Trio's traces as JSON")
    options = parser.parse_args()
    if options.fixtures:
        return write_fixtures(options)
    if options.print:
        return print_all(options)
    return self_test(options) if options.self_test else campaign(options)


# ---- a range of seeds ----


def campaign(options):
    began = time.monotonic()
    verdicts, differences = judge_range(options, options.defect, options.first, options.count)
    took = time.monotonic() - began
    print(f"trio-twin: seeds {options.first} to {options.first + options.count - 1},"
          f" Trio {trio.__version__}, {took:.0f} s")
    for verdict in compare.VERDICTS:
        count = verdicts[verdict]
        print(f"  {count:>7} {100 * count / options.count:5.1f} %  {verdict}")
    in_full = sum(verdicts[verdict] for verdict in compare.IN_FULL) / options.count
    print(f"  compared in full: {100 * in_full:.1f} %")
    if differences:
        with on_triad.Jvm(options.java, options.class_path, options.defect) as jvm:
            for seed in differences[:SHOWN]:
                explain(seed, jvm)
        print(f"\nseeds that differ: {differences[:50]}")
        return 1
    if in_full < LEAST_IN_FULL:
        print(f"trio-twin: fewer than {LEAST_IN_FULL:.0%} of the programs were compared in full")
        return 1
    return 0


# ---- one program ----


def judge(program, jvm, seconds=SECONDS_TO_ANSWER):
    """The judgement of a program, and Triad's trace."""
    try:
        actual = jvm.run(program, seconds)
    except on_triad.Dead as dead:
        oracle = compare.Oracle(program)
        oracle.widen(1)
        return compare.Judgement(compare.DIFFERENT, str(dead), oracle.traces[0]), []
    return compare.judge(program, actual), actual


def shrunken(seed, jvm):
    program = generate.program(seed)
    answered = bool(judge(program, jvm)[1])

    def differs(candidate):
        judgement, actual = judge(candidate, jvm)
        return judgement.verdict == compare.DIFFERENT and bool(actual) == answered

    return shrink(program, differs, SECONDS_TO_SHRINK)


def explain(seed, jvm):
    program = shrunken(seed, jvm)
    judgement, actual = judge(program, jvm)
    print(f"\n== seed {seed}: {judgement.why}")
    print(f"   shrunken to {show.size(program['body'])} statements:\n")
    print(show.program(program))
    print()
    print(show.traces(compare.by_task(judgement.expected), compare.by_task(actual)))
    print(f"\n   replay: ci/trio-twin {seed} 1", flush=True)


def print_all(options):
    with on_triad.Jvm(options.java, options.class_path, options.defect) as jvm:
        for seed in range(options.first, options.first + options.count):
            program = generate.program(seed)
            judgement, actual = judge(program, jvm)
            expected = judgement.expected or actual
            print(f"== seed {seed}: {judgement.verdict} {judgement.why}")
            print(show.program(program))
            print(show.traces(expected, actual))
    return 0


# ---- whether it can fail ----


def self_test(options):
    """Plants each defect in turn; each must be found, and explained by a small program."""
    failed = [defect for defect in DEFECTS if not is_found(defect, options)]
    if failed:
        print(f"trio-twin: not found, or not shrunken: {', '.join(failed)}")
    return 1 if failed else 0


def is_found(defect, options):
    with on_triad.Jvm(options.java, options.class_path, defect) as jvm:
        for seed in range(SELF_TEST_PROGRAMS):
            if judge(generate.program(seed), jvm)[0].verdict == compare.DIFFERENT:
                program = shrunken(seed, jvm)
                statements = show.size(program["body"])
                print(f"\n== {defect}: seed {seed} shows it, shrunken to {statements} statements:\n")
                print(show.program(program), flush=True)
                return statements <= SMALL
    return False


# ---- programs for the unit test ----


def write_fixtures(options):
    """Programs whose traces Trio fixes, each task's lines by themselves, with those traces.

    The regressions are among them. Of the others each shows something that none before it does.
    """
    fixtures, shown = [], set()
    drawn = map(generate.program, range(options.first, options.first + options.count))
    for kept, program in itertools.chain(
            ((True, program) for program in regressions()), ((False, program) for program in drawn)):
        if len(fixtures) == options.fixtures:
            break
        if not kept and not 6 <= show.size(program["body"]) <= 30:
            continue
        oracle = compare.Oracle(program)
        oracle.widen(1)
        shows = set(map(outcome, oracle.traces[0]))
        if not kept and len(shows - shown) < 2:
            continue
        oracle.widen(compare.MANY)
        traces = list(map(compare.projections, oracle.traces))
        if all(trace == traces[0] for trace in traces):
            fixtures.append({"program": program, "trace": traces[0]})
            shown |= shows
    print("[")
    print(",\n".join(json.dumps(fixture, separators=(",", ":")) for fixture in fixtures))
    print("]")
    return 0


def outcome(line):
    """A line without what differs between any two programs."""
    return re.sub(r"[a-z]*@?[0-9]+", "", line.split(" ", 3)[3])


def regressions():
    """Shrunken programs that once showed a difference."""
    return json.loads((Path(__file__).parent / "regressions.json").read_text())


if __name__ == "__main__":
    sys.exit(main())
