"""Makes a program that shows something small: removes statements while it still shows it."""

import copy
import time

from .show import INSIDE, size

FLAGS = ("hard", "shield", "handler", "finally")
TIMES = ("d", "t")


def shrink(program, shows, seconds):
    """The smallest program found in the given time for which `shows` holds, as for this one."""
    end = time.monotonic() + seconds

    def still_shows(candidate):
        return time.monotonic() < end and shows(candidate)

    progress = True
    while progress and time.monotonic() < end:
        progress = False
        for variants in (without_statements, unwrapped, without_flags):
            found = True
            while found:
                found = False
                for candidate in variants(program):
                    if still_shows(candidate):
                        program, found, progress = candidate, True, True
                        break
    for simpler in (with_small_times(program), without_unused(program)):
        if shows(simpler):
            program = simpler
    return without_unused(program) if shows(without_unused(program)) else program


def blocks(program):
    """All lists of statements, each as the way to it from the root."""

    def inside(statements, way):
        yield way
        for i, statement in enumerate(statements):
            for key in INSIDE:
                if key in statement:
                    yield from inside(statement[key], way + [i, key])

    return list(inside(program["body"], ["body"]))


def at(program, way):
    for step in way:
        program = program[step]
    return program


def changed(program, way, change):
    other = copy.deepcopy(program)
    change(at(other, way))
    return other


def without_statements(program):
    """Halves of blocks, quarters and so on, then single statements; the largest first."""
    ways = sorted(blocks(program), key=lambda way: -size(at(program, way)))
    longest = max(len(at(program, way)) for way in ways)
    length = 1 << max(0, longest.bit_length() - 1)
    while length:
        for way in ways:
            statements = at(program, way)
            for start in reversed(range(0, len(statements), length)):
                if length <= len(statements):
                    def cut(block, start=start, length=length):
                        del block[start:start + length]

                    yield changed(program, way, cut)
        length //= 2


def unwrapped(program):
    """A statement replaced by what is in it."""
    for way in blocks(program):
        for i, statement in enumerate(at(program, way)):
            for key in INSIDE:
                if statement.get(key):
                    def splice(block, i=i, key=key):
                        block[i:i + 1] = block[i][key]

                    yield changed(program, way, splice)


def without_flags(program):
    for way in blocks(program):
        for i, statement in enumerate(at(program, way)):
            for flag in FLAGS:
                if flag in statement:
                    def drop(block, i=i, flag=flag):
                        del block[i][flag]
                        if flag == "handler":
                            block[i].pop("catch", None)

                    yield changed(program, way, drop)


def with_small_times(program):
    """The same with the times replaced by their ranks: 10, 20, 30…"""
    found = set()
    statements = [s for way in blocks(program) for s in at(program, way)]
    for statement in statements:
        found.update(statement[key] for key in TIMES if statement.get(key, 0) > 0)
    ranks = {value: 10 * (rank + 1) for rank, value in enumerate(sorted(found))}
    other = copy.deepcopy(program)
    for way in blocks(other):
        for statement in at(other, way):
            for key in TIMES:
                if key in statement:
                    statement[key] = ranks.get(statement[key], statement[key])
    return other


def without_unused(program):
    """Without the events, locks and so on that no statement names."""
    used = {s["name"] for way in blocks(program) for s in at(program, way) if "name" in s}
    other = copy.deepcopy(program)
    for key in ("events", "locks", "conditions"):
        other[key] = [name for name in program[key] if name in used]
    for key in ("semaphores", "limiters", "scopes"):
        other[key] = {name: value for name, value in program[key].items() if name in used}
    # Channels go by their number: only those at the end can go.
    while other["channels"]:
        last = f"h{len(other['channels']) - 1}"
        if any(f"{last}.{end}" in used for end in "sr"):
            break
        other["channels"].pop()
    return other
