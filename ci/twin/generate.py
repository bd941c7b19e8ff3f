"""Draws programs from seeds.

A program is a dictionary: how many events, locks, channels and so on it has, the scopes that exist
before anybody enters them, and `body`, what the main task does: a list of statements. A statement
is a dictionary as well: `id`, a number that stays with it when the program is shrunk; `op`, what to
do; its arguments; and, where it contains others, lists of statements. Each statement runs at most
once, so a program ends. on_trio.py says what each one means.

What makes traces comparable: nearly all durations are drawn from a wide range, so that no two
things happen at the same instant unless one causes the other. What Trio does in an order of its
own choice (tasks woken by the same event, the members of a group) is for compare.py to forgive.
"""

import random

LIMIT = 10_000_000  # when the guard begins to end a program that hangs
FOREVER = -1
ERRORS = ("E1", "E2", "E3")
CATCHABLE = ERRORS + ("TooSlow", "Closed", "Broken", "End", "WouldBlock", "Misuse")

# Statements by theme. A program has a few themes, so that some programs are about one thing only.
THEMES = {
    "scopes": {"scope": 7, "cancel": 5, "shield": 2, "set_deadline": 2, "set_timeout": 1, "read": 1,
               "effective": 1, "sleep_forever": 1},
    "failures": {"raise": 3, "try": 5, "swallow": 1},
    "events": {"e_set": 4, "e_wait": 4, "e_stat": 1},
    "locks": {"l_with": 5, "l_acquire": 1, "l_release": 1, "l_nowait": 1, "l_stat": 1},
    "semaphores": {"s_with": 4, "s_acquire": 2, "s_release": 2, "s_nowait": 1, "s_stat": 1},
    "limiters": {"c_with": 4, "c_acquire": 1, "c_release": 1, "c_nowait": 1, "c_total": 2,
                 "c_stat": 1},
    "conditions": {"k_with": 5, "k_notify": 2, "k_wait": 1, "k_stat": 1},
    "channels": {"send": 6, "receive": 6, "send_nowait": 2, "receive_nowait": 2, "clone": 2,
                 "close": 2, "aclose": 1, "h_stat": 1},
    "starts": {"start": 6, "started": 1},
}
ALWAYS = {"sleep": 2, "checkpoint": 0.4, "checkpoint_if_cancelled": 0.4,
          "cancel_shielded_checkpoint": 0.4, "nursery": 3, "spawn": 3, "sleep_until": 0.5,
          "children": 0.5, "cancel": 1}
COMPOUND = {"scope", "try", "swallow", "nursery", "spawn", "start", "l_with", "s_with", "c_with",
            "k_with"}
BLOCKING = {"e_wait", "l_acquire", "s_acquire", "c_acquire", "k_wait", "send", "receive", "aclose",
            "start", "nursery", "scope", "try", "swallow", "l_with", "s_with", "c_with", "k_with",
            "checkpoint", "checkpoint_if_cancelled", "cancel_shielded_checkpoint"}
# Statements whose own errors (a closed channel, say) end the task when they are hard.
FALLIBLE = {"l_with", "l_acquire", "l_release", "l_nowait", "s_with", "s_acquire", "s_release",
            "s_nowait", "c_with", "c_acquire", "c_release", "c_nowait", "k_with", "k_wait",
            "k_notify", "send", "receive", "send_nowait", "receive_nowait", "clone", "spawn",
            "start", "started", "scope"}


def program(seed):
    return Drawing(seed).program()


class Drawing:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seed = seed
        self.ids = 0
        # A few programs have many things happen at the same instant, on purpose.
        self.coarse = self.random.random() < 0.25
        self.budget = self.random.choice((10, 20, 35, 50, 80))
        count = self.random.choice((1, 2, 2, 3, 3, 4, 9))
        self.themes = self.random.sample(sorted(THEMES), count)
        self.weights = dict(ALWAYS)
        for theme in self.themes:
            self.weights.update(THEMES[theme])
        self.names = {kind: [f"{kind}{i}" for i in range(self.random.randint(1, 3))]
                      for kind in ("e", "l", "s", "c", "k")}
        self.channels = [self.random.choice((0, 0, 1, 1, 2, 3, FOREVER))
                         for _ in range(self.random.randint(1, 2))]
        self.senders = [f"h{i}.s" for i in range(len(self.channels))]
        self.receivers = [f"h{i}.r" for i in range(len(self.channels))]
        self.scopes = []
        self.unentered = []
        self.nurseries = []

    def program(self):
        for _ in range(self.random.randint(0, 2) if "scopes" in self.themes else 0):
            self.declare_scope()
        body = self.block({"depth": 0, "nurseries": [], "start": False, "cond": None}, 2, 6)
        return {
            "seed": self.seed,
            "limit": LIMIT,
            "events": self.names["e"],
            "locks": self.names["l"],
            "semaphores": {name: [initial := self.random.randint(0, 2),
                                  self.random.choice((FOREVER, initial, initial + 1))]
                           for name in self.names["s"]},
            "limiters": {name: self.random.choice((0, 1, 1, 2, FOREVER))
                         for name in self.names["c"]},
            "conditions": self.names["k"],
            "channels": self.channels,
            "scopes": {scope.pop("name"): scope for scope in self.declared()},
            "body": body,
        }

    # ---- small things ----

    def id(self):
        self.ids += 1
        return self.ids

    def chance(self, probability):
        return self.random.random() < probability

    def duration(self):
        if self.coarse:
            return self.random.randint(0, 4)
        return self.random.randint(1, self.random.choice((2_000, 50_000, 300_000)))

    def one_of(self, names, otherwise="absent"):
        return self.random.choice(names) if names else otherwise

    def declare_scope(self):
        scope = {"name": f"scope{len(self.unentered)}"}
        kind = self.random.randrange(4)
        if kind == 0:
            scope["timeout"] = self.duration()
        elif kind == 1:
            scope["deadline"] = self.duration()
        self.unentered.append(scope)
        self.scopes.append(scope["name"])

    def declared(self):
        return [dict(scope) for scope in self.unentered]

    # ---- statements ----

    def block(self, where, least, most):
        statements = []
        for _ in range(self.random.randint(least, most)):
            if self.budget <= 0:
                break
            statement = self.statement(where)
            if statement is None:
                continue
            statements.append(statement)
            # What follows something that may have waited should not race with who was waited for.
            if statement["op"] in BLOCKING and not self.coarse and self.chance(0.55):
                statements.append(self.simple("sleep", d=self.duration()))
        return statements

    def simple(self, op, **arguments):
        self.budget -= 1
        return {"id": self.id(), "op": op, **arguments}

    def statement(self, where):
        weights = self.weights
        if where["depth"] >= 6:
            weights = {op: weight for op, weight in weights.items() if op not in COMPOUND}
        elif self.budget > 8 and where["depth"] == 0:
            # A program in which nothing is concurrent shows little.
            weights = {**weights, "nursery": 25}
        op = self.random.choices(list(weights), weights.values())[0]
        if op in ("spawn", "start") and not where["nurseries"]:
            op = "nursery"
        # A cancelled k_wait takes its lock back, shielded: no task may wait for another one with it.
        if where["cond"] and op in ("nursery", "start", "k_with"):
            return None
        if op == "started" and not where["start"] and self.chance(0.9):
            return None
        if op == "k_wait" and not where["cond"] and self.chance(0.9):
            return None
        if op == "k_notify" and not where["cond"] and self.chance(0.8):
            return None
        make = getattr(self, "make_" + op, None)
        statement = make(where) if make else self.simple(op, **self.arguments(op))
        if op in FALLIBLE and self.chance(0.2):
            statement["hard"] = True
        return statement

    def arguments(self, op):
        kind = op.split("_")[0]
        if op == "sleep":
            return {"d": 0 if self.chance(0.03) else self.duration()}
        if op == "sleep_until":
            return {"t": self.duration()}
        if op in ("cancel", "read"):
            return {"name": self.one_of(self.scopes + self.nurseries)}
        if op == "shield":
            return {"name": self.one_of(self.scopes + self.nurseries), "on": self.chance(0.5)}
        if op == "set_deadline":
            return {"name": self.one_of(self.scopes + self.nurseries),
                    "t": FOREVER if self.chance(0.2) else self.duration()}
        if op == "set_timeout":
            return {"name": self.one_of(self.scopes + self.nurseries), "d": self.duration()}
        if op == "children":
            return {"name": self.one_of(self.nurseries)}
        if op == "raise":
            return {"type": self.random.choice(ERRORS)}
        if op == "c_total":
            return {"name": self.one_of(self.names["c"]),
                    "n": self.random.choice((0, 1, 1, 2, 2, 3, FOREVER))}
        if op in ("send", "send_nowait"):
            return {"name": self.one_of(self.senders)}
        if op in ("receive", "receive_nowait"):
            return {"name": self.one_of(self.receivers)}
        if op in ("close", "aclose", "h_stat"):
            return {"name": self.one_of(self.senders + self.receivers)}
        if kind in self.names and "_" in op:
            return {"name": self.one_of(self.names[kind])}
        return {}

    def make_clone(self, where):
        name = self.one_of(self.senders + self.receivers)
        statement = self.simple("clone", name=name)
        statement["to"] = f"h{statement['id']}.{name[-1]}"
        (self.senders if name[-1] == "s" else self.receivers).append(statement["to"])
        return statement

    def inside(self, where, **changes):
        return {**where, "depth": where["depth"] + 1, **changes}

    def make_scope(self, where):
        entered_before = self.chance(0.3) and self.unentered
        if entered_before:
            statement = self.simple("scope", kind="plain",
                                    name=self.random.choice(self.unentered)["name"])
        else:
            kind = self.random.choice(("move_on_after", "move_on_at", "fail_after", "fail_at"))
            statement = self.simple("scope", kind=kind)
            statement["name"] = f"scope@{statement['id']}"
            statement["d" if kind.endswith("after") else "t"] = self.duration()
            self.scopes.append(statement["name"])
        if self.chance(0.25):
            statement["shield"] = True
        statement["body"] = self.block(self.inside(where), 1, 4)
        return statement

    def make_try(self, where):
        statement = self.simple("try")
        inside = self.inside(where)
        statement["body"] = self.block(inside, 1, 4)
        if self.chance(0.7):
            statement["catch"] = sorted(self.random.sample(CATCHABLE, self.random.randint(1, 4)))
            statement["handler"] = self.block(inside, 0, 2)
        if self.chance(0.6) or "catch" not in statement:
            last = self.block(inside, 1, 2)
            if self.chance(0.6):
                scope = self.simple("scope", kind="move_on_after", d=self.duration(), shield=True)
                scope["name"] = f"scope@{scope['id']}"
                scope["body"] = last
                last = [scope]
            statement["finally"] = last
        return statement

    def make_swallow(self, where):
        """Catches Cancelled as well, which no program should."""
        return {**self.simple("swallow"), "body": self.block(self.inside(where), 1, 3)}

    def make_nursery(self, where):
        statement = self.simple("nursery")
        name = statement["name"] = f"n{statement['id']}"
        self.nurseries.append(name)
        inside = self.inside(where, nurseries=where["nurseries"] + [name])
        tasks = [self.make_spawn(inside) for _ in range(self.random.randint(0, 4))]
        statement["body"] = tasks + self.block(inside, 0, 3)
        return statement

    def nursery_for(self, where):
        if self.chance(0.1):
            return self.one_of(self.nurseries)  # anybody's, perhaps closed or not open yet
        if self.chance(0.7):
            return where["nurseries"][-1]
        return self.random.choice(where["nurseries"])

    def child(self, where, start):
        inside = self.inside(where, start=start, cond=None)
        first = [] if self.chance(0.3) else [self.simple("sleep", d=self.duration())]
        return first + self.block(inside, 1, 5)

    def make_spawn(self, where):
        statement = self.simple("spawn", name=self.nursery_for(where))
        statement["task"] = f"t{statement['id']}"
        statement["body"] = self.child(where, False)
        return statement

    def make_start(self, where):
        statement = self.simple("start", name=self.nursery_for(where))
        statement["task"] = f"t{statement['id']}"
        body = self.child(where, True)
        if self.chance(0.85):
            body.insert(self.random.randint(0, len(body)), self.simple("started"))
        statement["body"] = body
        return statement

    def make_l_with(self, where):
        return self.holding("l", "l_with", where)

    def make_s_with(self, where):
        return self.holding("s", "s_with", where)

    def make_c_with(self, where):
        return self.holding("c", "c_with", where)

    def holding(self, kind, op, where):
        statement = self.simple(op, name=self.one_of(self.names[kind]))
        statement["body"] = self.block(self.inside(where), 0, 3)
        if not self.coarse and self.chance(0.7):
            statement["body"].insert(0, self.simple("sleep", d=self.duration()))
        return statement

    def make_k_with(self, where):
        name = self.one_of(self.names["k"])
        statement = self.simple("k_with", name=name)
        inside = self.inside(where, cond=name)
        body = self.block(inside, 0, 2)
        if self.chance(0.5):
            body.append(self.make_k_wait(inside))
        elif self.chance(0.8):
            body.append(self.make_k_notify(inside))
        statement["body"] = body + self.block(inside, 0, 1)
        return statement

    def make_k_wait(self, where):
        return self.simple("k_wait", name=where["cond"] or self.one_of(self.names["k"]))

    def make_k_notify(self, where):
        return self.simple("k_notify", name=where["cond"] or self.one_of(self.names["k"]),
                           n=self.random.choice((1, 1, 2, FOREVER)))
