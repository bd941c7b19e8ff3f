"""What statements about events, locks, semaphores, limiters, conditions and channels do on Trio."""

import trio
from trio.lowlevel import current_task

from .shapes import FOREVER, number, or_infinite, yes


class Primitives:
    """A part of the interpreter."""

    # ---- events ----

    @staticmethod
    def e_text(event):
        return f"set={yes(event.is_set())} waiting={event.statistics().tasks_waiting}"

    async def do_e_set(self, s, task):
        self.events[s["name"]].set()

    async def do_e_wait(self, s, task):
        await self.events[s["name"]].wait()

    async def do_e_stat(self, s, task):
        return self.e_text(self.events[s["name"]])

    # ---- locks, semaphores, limiters, conditions ----

    async def hold(self, s, task, thing):
        await self.own(s, thing.acquire)
        try:
            await self.block(s["body"], task)
        finally:
            await self.own_now(s, thing.release)

    def l_text(self, lock):
        statistics = lock.statistics()
        owner = "-" if statistics.owner is None else self.names[statistics.owner]
        return f"owner={owner} waiting={statistics.tasks_waiting}"

    async def do_l_with(self, s, task):
        await self.hold(s, task, self.locks[s["name"]])

    async def do_l_acquire(self, s, task):
        await self.own(s, self.locks[s["name"]].acquire)

    async def do_l_release(self, s, task):
        await self.own_now(s, self.locks[s["name"]].release)

    async def do_l_nowait(self, s, task):
        lock = self.locks[s["name"]]

        def acquire():
            # On purpose: on Triad, who asks without waiting is told as well that nobody will ever
            # release this lock (CORE-67); on Trio, only who waits is.
            if lock.statistics().owner in self.ended:
                raise trio.BrokenResourceError
            lock.acquire_nowait()

        await self.own_now(s, acquire)

    async def do_l_stat(self, s, task):
        return self.l_text(self.locks[s["name"]])

    @staticmethod
    def s_text(semaphore):
        return f"value={semaphore.value} waiting={semaphore.statistics().tasks_waiting}"

    async def do_s_with(self, s, task):
        await self.hold(s, task, self.semaphores[s["name"]])

    async def do_s_acquire(self, s, task):
        await self.own(s, self.semaphores[s["name"]].acquire)

    async def do_s_release(self, s, task):
        await self.own_now(s, self.semaphores[s["name"]].release)

    async def do_s_nowait(self, s, task):
        await self.own_now(s, self.semaphores[s["name"]].acquire_nowait)

    async def do_s_stat(self, s, task):
        return self.s_text(self.semaphores[s["name"]])

    @staticmethod
    def c_text(limiter):
        statistics = limiter.statistics()
        return (f"borrowed={statistics.borrowed_tokens} total={number(statistics.total_tokens)}"
                f" waiting={statistics.tasks_waiting}")

    async def do_c_with(self, s, task):
        await self.hold(s, task, self.limiters[s["name"]])

    async def do_c_acquire(self, s, task):
        await self.own(s, self.limiters[s["name"]].acquire)

    async def do_c_release(self, s, task):
        await self.own_now(s, self.limiters[s["name"]].release)

    async def do_c_nowait(self, s, task):
        await self.own_now(s, self.limiters[s["name"]].acquire_nowait)

    async def do_c_total(self, s, task):
        self.limiters[s["name"]].total_tokens = or_infinite(s["n"])

    async def do_c_stat(self, s, task):
        return self.c_text(self.limiters[s["name"]])

    def k_text(self, condition):
        statistics = condition.statistics()
        owner = statistics.lock_statistics.owner
        return (f"owner={'-' if owner is None else self.names[owner]}"
                f" waiting={statistics.tasks_waiting}"
                f" queued={statistics.lock_statistics.tasks_waiting}")

    async def do_k_with(self, s, task):
        await self.hold(s, task, self.conditions[s["name"]])

    async def do_k_wait(self, s, task):
        condition = self.conditions[s["name"]]
        # On purpose: who is cancelled already does not give the lock away first, as on Trio, to wait
        # for it again (CORE-16).
        if condition.statistics().lock_statistics.owner is current_task():
            await trio.lowlevel.checkpoint_if_cancelled()
        await self.own(s, condition.wait)

    async def do_k_notify(self, s, task):
        condition = self.conditions[s["name"]]
        if s["n"] == FOREVER:
            await self.own_now(s, condition.notify_all)
        else:
            await self.own_now(s, condition.notify, s["n"])

    async def do_k_stat(self, s, task):
        return self.k_text(self.conditions[s["name"]])

    # ---- channels ----

    @staticmethod
    def h_text(handle):
        statistics = handle.statistics()
        return (f"used={statistics.current_buffer_used}/{number(statistics.max_buffer_size)}"
                f" peak={statistics.peak_buffer_used}"
                f" open={statistics.open_send_channels},{statistics.open_receive_channels}"
                f" waiting={statistics.tasks_waiting_send},{statistics.tasks_waiting_receive}")

    async def do_send(self, s, task):
        return await self.on_handle(s, lambda handle: self.own(s, handle.send, s["id"]))

    async def do_receive(self, s, task):
        async def receive(handle):
            try:
                return await handle.receive()
            except trio.EndOfChannel:
                # On purpose: on Triad, the call that finds the end is a checkpoint too (CORE-12).
                await trio.lowlevel.cancel_shielded_checkpoint()
                raise

        return await self.on_handle(s, lambda handle: self.own(s, receive, handle))

    async def do_send_nowait(self, s, task):
        return await self.on_handle(s, lambda handle: self.own_now(s, handle.send_nowait, s["id"]))

    async def do_receive_nowait(self, s, task):
        return await self.on_handle(s, lambda handle: self.own_now(s, handle.receive_nowait))

    async def do_clone(self, s, task):
        async def clone(handle):
            self.handles[s["to"]] = await self.own_now(s, handle.clone)

        return await self.on_handle(s, clone)

    async def do_close(self, s, task):
        return await self.on_handle(s, lambda handle: self.own_now(s, handle.close))

    async def do_aclose(self, s, task):
        return await self.on_handle(s, lambda handle: self.own(s, handle.aclose))

    async def do_h_stat(self, s, task):
        async def text(handle):
            return self.h_text(handle)

        return await self.on_handle(s, text)

    async def on_handle(self, s, action):
        handle = self.handles.get(s["name"])
        return "absent" if handle is None else await action(handle)
