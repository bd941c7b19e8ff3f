"""Interprets programs on Trio.

What a program does here is what it must do on Triad: io.triad.twin.Interpreter in the test sources
is the twin of this file, statement by statement. One unit of a program's time is a second of the
clock's; the clock jumps whenever every task is blocked.

The trace is a list of lines `time task id outcome`: one per statement, written when it is through
or has failed, and one for the beginning and the end of each task.
"""

import trio
import trio.testing
from trio.lowlevel import current_task

from .primitives import Primitives
from .schedules import scheduled
from .shapes import FAILURES, FOREVER, Failure, kind_of, number, or_infinite, shape, yes


class Task:
    """What the interpreter knows of the task that runs."""

    def __init__(self, name, status=None):
        self.name = name
        self.status = status


class Interpreter(Primitives):
    def __init__(self, program):
        self.program = program
        self.trace = []
        self.events = {name: trio.Event() for name in program["events"]}
        self.locks = {name: trio.Lock() for name in program["locks"]}
        self.semaphores = {
            name: trio.Semaphore(initial, max_value=None if most == FOREVER else most)
            for name, (initial, most) in program["semaphores"].items()
        }
        self.limiters = {name: trio.CapacityLimiter(or_infinite(total))
                         for name, total in program["limiters"].items()}
        self.conditions = {name: trio.Condition() for name in program["conditions"]}
        self.handles = {}
        for i, most in enumerate(program["channels"]):
            channel = trio.open_memory_channel(or_infinite(most))
            self.handles[f"h{i}.s"], self.handles[f"h{i}.r"] = channel
        self.scopes = {}
        for name, scope in program["scopes"].items():
            if "timeout" in scope:
                self.scopes[name] = trio.CancelScope(relative_deadline=scope["timeout"])
            elif "deadline" in scope:
                self.scopes[name] = trio.CancelScope(deadline=scope["deadline"])
            else:
                self.scopes[name] = trio.CancelScope()
        self.nurseries = {}
        self.names = {}  # of Trio's tasks
        self.ended = set()

    def log(self, task, id, text):
        self.trace.append(f"{int(trio.current_time())} {task.name} {id} {text}")

    # ---- the frame around a program ----

    async def main(self):
        task = Task("main")
        self.names[current_task()] = task.name
        async with trio.open_nursery() as root:
            root.start_soon(self.guard)
            try:
                with trio.CancelScope() as top:
                    self.scopes["top"] = top
                    await self.block(self.program["body"], task)
                self.log(task, 0, f"end {self.scope_text(top)}")
            except Exception as error:
                self.log(task, 0, f"end {self.scope_text(top)} raises {shape(error)}")
            root.cancel_scope.cancel()
        self.final_statistics(task)

    async def guard(self):
        """Ends a program that hangs: takes the shields down and cancels everything."""
        while True:
            await trio.sleep(self.program["limit"])
            for scope in self.scopes.values():
                scope.shield = False
            self.scopes["top"].cancel()

    def final_statistics(self, task):
        for kind, names in (("e", self.events), ("l", self.locks), ("s", self.semaphores),
                            ("c", self.limiters), ("k", self.conditions), ("h", self.handles)):
            for name in sorted(names):
                self.log(task, 0, f"{name} {getattr(self, kind + '_text')(names[name])}")

    # ---- statements ----

    async def block(self, statements, task):
        for statement in statements:
            await self.step(statement, task)

    async def step(self, statement, task):
        op = statement["op"]
        try:
            text = await getattr(self, "do_" + op)(statement, task)
        except BaseException as error:
            self.log(task, statement["id"], f"{op} raises {shape(error)}")
            # What a statement itself did wrong ends the task only if the statement is hard. What
            # comes out of the statements inside it always goes on.
            if statement.get("hard") or not getattr(error, "soft", None) == statement["id"]:
                raise
        else:
            self.log(task, statement["id"], op if text is None else f"{op} {text}")

    @staticmethod
    async def own(statement, function, *arguments):
        """Calls something of Trio and marks its error as the statement's own."""
        try:
            return await function(*arguments)
        except Exception as error:
            if isinstance(error, ExceptionGroup) or isinstance(error, Failure):
                raise
            error.soft = statement["id"]
            raise

    async def own_now(self, statement, function, *arguments):
        async def call():
            return function(*arguments)

        return await self.own(statement, call)

    async def do_sleep(self, s, task):
        await trio.sleep(s["d"])

    async def do_sleep_until(self, s, task):
        await trio.sleep_until(s["t"])

    async def do_sleep_forever(self, s, task):
        await trio.sleep_forever()

    async def do_checkpoint(self, s, task):
        await trio.lowlevel.checkpoint()

    async def do_checkpoint_if_cancelled(self, s, task):
        await trio.lowlevel.checkpoint_if_cancelled()

    async def do_cancel_shielded_checkpoint(self, s, task):
        await trio.lowlevel.cancel_shielded_checkpoint()

    async def do_effective(self, s, task):
        return number(trio.current_effective_deadline())

    # ---- scopes ----

    @staticmethod
    def scope_text(scope):
        return f"called={yes(scope.cancel_called)} caught={yes(scope.cancelled_caught)}"

    async def do_scope(self, s, task):
        scope = None
        try:
            if s["kind"] == "plain":
                manager = self.scopes[s["name"]]
                await self.own_now(s, manager.__enter__)
                scope = manager
                manager = Entered(manager)
            elif s["kind"] == "move_on_after":
                manager = trio.move_on_after(s["d"])
            elif s["kind"] == "move_on_at":
                manager = trio.move_on_at(s["t"])
            elif s["kind"] == "fail_after":
                manager = trio.fail_after(s["d"])
            else:
                manager = trio.fail_at(s["t"])
            with manager as scope:
                self.scopes[s["name"]] = scope
                if s.get("shield"):
                    scope.shield = True
                await self.block(s["body"], task)
        except trio.TooSlowError as error:
            if s["kind"].startswith("fail") and scope.cancelled_caught:
                error.soft = s["id"]
            raise
        finally:
            if scope is not None:
                self.log(task, s["id"], f"left {self.scope_text(scope)}")

    async def do_cancel(self, s, task):
        return self.on_scope(s, lambda scope: scope.cancel())

    async def do_shield(self, s, task):
        def set_shield(scope):
            scope.shield = s["on"]

        return self.on_scope(s, set_shield)

    async def do_set_deadline(self, s, task):
        def set_deadline(scope):
            scope.deadline = or_infinite(s["t"])
            self.notice(scope)

        return self.on_scope(s, set_deadline)

    async def do_set_timeout(self, s, task):
        def set_timeout(scope):
            scope.relative_deadline = s["d"]
            self.notice(scope)

        return self.on_scope(s, set_timeout)

    @staticmethod
    def notice(scope):
        # On purpose: Triad cancels at once what gets a deadline that has passed (CORE-26); Trio, when
        # the task lets others run next. Asking whether it is cancelled makes Trio notice.
        if scope._cancel_status is not None:
            assert scope.cancel_called or scope.deadline > trio.current_time()

    async def do_read(self, s, task):
        def read(scope):
            try:
                deadline = number(scope.deadline)
            except RuntimeError:
                deadline = "later"
            return f"{self.scope_text(scope)} deadline={deadline}"

        return self.on_scope(s, read)

    def on_scope(self, s, action):
        scope = self.scopes.get(s["name"])
        if scope is None:
            return "absent"
        try:
            return action(scope)
        except RuntimeError:
            return "Misuse"

    # ---- nurseries ----

    async def do_nursery(self, s, task):
        nursery = None
        try:
            async with trio.open_nursery() as nursery:
                self.nurseries[s["name"]] = nursery
                self.scopes[s["name"]] = nursery.cancel_scope
                await self.block(s["body"], task)
        finally:
            self.log(task, s["id"], f"left {self.scope_text(nursery.cancel_scope)}")

    async def do_spawn(self, s, task):
        nursery = self.nurseries.get(s["name"])
        if nursery is None:
            return "absent"
        return await self.own_now(s, lambda: nursery.start_soon(self.child, s, name=s["task"]))

    async def do_start(self, s, task):
        nursery = self.nurseries.get(s["name"])
        if nursery is None:
            return "absent"

        async def child(task_status):
            await self.child(s, task_status)

        return str(await self.own(s, lambda: nursery.start(child, name=s["task"])))

    async def child(self, s, status=None):
        task = Task(s["task"], status)
        self.names[current_task()] = task.name
        self.log(task, s["id"], "begins")
        try:
            await self.block(s["body"], task)
        except BaseException as error:
            self.log(task, s["id"], f"ends with {shape(error)}")
            raise
        finally:
            self.ended.add(current_task())
        self.log(task, s["id"], "ends")

    async def do_started(self, s, task):
        if task.status is None:
            return "absent"
        return await self.own_now(s, task.status.started, s["id"])

    async def do_children(self, s, task):
        nursery = self.nurseries.get(s["name"])
        return "absent" if nursery is None else str(len(nursery.child_tasks))

    # ---- failures ----

    async def do_raise(self, s, task):
        raise FAILURES[s["type"]](s["type"], s["id"])

    async def do_try(self, s, task):
        try:
            try:
                await self.block(s["body"], task)
            except BaseException as error:
                caught, rest = self.split(error, s.get("catch", ()))
                if caught is None:
                    raise
                self.log(task, s["id"], f"caught {shape(caught)}")
                await self.block(s["handler"], task)
                if rest is not None:
                    raise rest
        finally:
            await self.block(s.get("finally", ()), task)

    @staticmethod
    def split(error, kinds):
        def wanted(leaf):
            return not isinstance(leaf, BaseExceptionGroup) and kind_of(leaf) in kinds

        if isinstance(error, BaseExceptionGroup):
            return error.split(wanted)
        return (error, None) if wanted(error) else (None, error)

    async def do_swallow(self, s, task):
        try:
            await self.block(s["body"], task)
        except BaseException as error:
            return f"swallowed {shape(error)}"


class Entered:
    """A scope that has been entered already, to be left by a with statement."""

    def __init__(self, scope):
        self.scope = scope

    def __enter__(self):
        return self.scope

    def __exit__(self, *error):
        return self.scope.__exit__(*error)


def clock(end):
    """A clock that jumps, and that ends a run which even the guard cannot end, with an error."""
    clock = trio.testing.MockClock(autojump_threshold=0)
    jump = clock._autojump

    def jump_unless_late():
        if clock.current_time() > end:
            raise AssertionError("a program that cannot end: a mistake of the generator's")
        jump()

    clock._autojump = jump_unless_late
    return clock


def run(program, schedule):
    """Runs a program; returns its trace."""
    interpreter = Interpreter(program)
    with scheduled(schedule):
        trio.run(interpreter.main, clock=clock(1000 * program["limit"]))
    return interpreter.trace
