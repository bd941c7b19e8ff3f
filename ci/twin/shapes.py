"""Exceptions and values as the traces of both sides write them."""

import math

import trio

FOREVER = -1  # what stands for no limit and no deadline in a program


class Failure(Exception):
    """What a program raises; `kind` is its type as the program sees it."""

    def __init__(self, kind, id):
        super().__init__(kind)
        self.kind = kind
        self.id = id


class E1(Failure):
    pass


class E2(Failure):
    pass


class E3(Failure):
    pass


FAILURES = {"E1": E1, "E2": E2, "E3": E3}
# Names under which errors of the library are the same on both sides. Using something wrongly is one
# kind: Trio tells it by RuntimeError and ValueError, Triad by two exceptions of its own language.
KINDS = (
    (trio.Cancelled, "Cancelled"),
    (trio.TooSlowError, "TooSlow"),
    (trio.ClosedResourceError, "Closed"),
    (trio.BrokenResourceError, "Broken"),
    (trio.EndOfChannel, "End"),
    (trio.WouldBlock, "WouldBlock"),
    ((RuntimeError, ValueError), "Misuse"),
)


def kind_of(error):
    if isinstance(error, Failure):
        return error.kind
    for types, name in KINDS:
        if isinstance(error, types):
            return name
    raise error  # a defect of this interpreter, or of Trio


def only_cancelled(error):
    if isinstance(error, BaseExceptionGroup):
        return all(only_cancelled(member) for member in error.exceptions)
    return isinstance(error, trio.Cancelled)


def shape(error):
    """An exception as text, such as `[Cancelled E1@7 [E2@9]]`; the order of members is not said.

    A group of nothing but Cancelled counts as Cancelled: Triad leaves such a group out.
    """
    if only_cancelled(error):
        return "Cancelled"
    if isinstance(error, BaseExceptionGroup):
        return "[" + " ".join(sorted(map(shape, error.exceptions))) + "]"
    return f"{error.kind}@{error.id}" if isinstance(error, Failure) else kind_of(error)


def number(value):
    if value == math.inf:
        return "inf"
    return "-inf" if value == -math.inf else str(int(value))


def yes(value):
    return "yes" if value else "no"


def or_infinite(value):
    return math.inf if value == FOREVER else value
