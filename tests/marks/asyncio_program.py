"""What asyncio programs can see of their tasks: printed, so that it can be held against the same program alone."""

import asyncio
import contextvars
import gc
import inspect
import io
import os
import pickle
import sys
import threading
import traceback
import weakref

variable = contextvars.ContextVar("variable", default="unset")


def said(*what):
    print(*what, flush=True)


async def deep(n):
    if n == 0:
        raise ValueError("deep down")
    await asyncio.sleep(0)
    return await deep(n - 1)


async def names():
    task = asyncio.current_task()
    said("name", task.get_name())
    task.set_name("renamed")
    said("name", asyncio.current_task().get_name(), task.get_coro() is coroutine_of["names"])
    said(len(asyncio.all_tasks()), inspect.getcoroutinestate(task.get_coro()))


coroutine_of = {}


async def cancelled():
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError as error:
        said("cancelled", error.args)
        variable.set("after cancelling")
        await asyncio.sleep(0)
        said("went on", variable.get())
        raise


async def waits(event):
    variable.set(asyncio.current_task().get_name())
    await event.wait()
    return variable.get()


def frames(coroutine):
    """Where a suspended coroutine stands, all the way down."""
    while inspect.iscoroutine(coroutine):
        frame = coroutine.cr_frame
        yield coroutine.__qualname__, frame and frame.f_lineno - frame.f_code.co_firstlineno, coroutine.cr_running
        coroutine = coroutine.cr_await
    yield type(coroutine).__name__


class Awaitable:
    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        return "awaited"


async def generator():
    try:
        for n in range(3):
            await asyncio.sleep(0)
            yield n
    finally:
        said("generator closed")


async def main():
    loop = asyncio.get_running_loop()
    loop.slow_callback_duration = 3600  # a busy machine is slow
    coroutine_of["names"] = names()
    await asyncio.create_task(coroutine_of["names"], name="first")
    try:
        await asyncio.create_task(deep(3))
    except ValueError as error:
        said([frame.name for frame in traceback.extract_tb(error.__traceback__)], pickle.loads(pickle.dumps(error)))
        said(sum(1 for _ in traceback.walk_tb(error.__traceback__)))
    task = asyncio.create_task(cancelled())
    await asyncio.sleep(0)
    said(*frames(task.get_coro()))
    stack = io.StringIO()
    task.print_stack(file=stack)
    said(stack.getvalue().count("asyncio.sleep(100)"), sys.getrefcount(task.get_coro()))
    task.cancel()
    said(await asyncio.gather(task, return_exceptions=True), task.cancelled())
    event = asyncio.Event()
    several = [asyncio.create_task(waits(event), name=f"w{n}") for n in range(3)]
    await asyncio.sleep(0)
    event.set()
    said(await asyncio.gather(*several), variable.get())
    said(await Awaitable(), [n async for n in generator()])
    async for n in generator():
        if n == 1:
            break
    try:
        await asyncio.wait_for(asyncio.sleep(100), 0.01)
    except asyncio.TimeoutError as error:
        said("timeout", type(error).__name__)
    made = []

    def factory(loop, coroutine, **more):
        made.append(coroutine.__qualname__)
        return asyncio.Task(coroutine, loop=loop, **more)

    loop.set_task_factory(factory)
    said(await asyncio.create_task(asyncio.sleep(0, "made")), made, loop.get_task_factory() is factory)
    loop.set_task_factory(None)
    alive = weakref.ref(asyncio.create_task(asyncio.sleep(0)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gc.collect()
    said("collected", alive() is None)
    if sys.version_info >= (3, 12):
        loop.set_task_factory(asyncio.eager_task_factory)
        outer = asyncio.current_task()
        inner = asyncio.create_task(eager())
        said("eager", inner.done(), asyncio.current_task() is outer, await inner)
        said("eager", await asyncio.create_task(eager_await()))
        loop.set_task_factory(None)
    if sys.version_info >= (3, 11):
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(deep(0))
                group.create_task(cancelled())
        except BaseException as errors:
            said(type(errors).__name__, errors.exceptions)
    said(await asyncio.tasks._PyTask(pythons(), loop=loop))
    said(await loop.run_in_executor(None, threaded))
    pid = os.fork()
    if pid == 0:
        os._exit(3)
    said(os.waitpid(pid, 0)[1] >> 8)
    events = []
    sys.setprofile(lambda frame, event, argument: events.append((event, getattr(argument, "__name__", frame.f_code.co_name))))
    await asyncio.create_task(profiled())
    sys.setprofile(None)
    said([event for event in events if event[1] in ("profiled", "leaf", "sleep", "current_task", "get_name", "get_coro")])
    return "main is done"


async def eager():
    return asyncio.current_task().get_coro().__qualname__


async def eager_await():
    await asyncio.sleep(0)
    return asyncio.current_task().done()


async def pythons():
    await asyncio.sleep(0)
    return type(asyncio.current_task()).__name__


async def leaf():
    await asyncio.sleep(0)


async def profiled():
    await leaf()


def threaded():
    async def inside():
        await asyncio.sleep(0)
        return threading.current_thread() is not threading.main_thread()

    return asyncio.run(inside())


def by_hand():
    """Coroutines that no loop runs."""
    coroutine = leaf()
    said(inspect.getcoroutinestate(coroutine), coroutine.send(None), inspect.getcoroutinestate(coroutine))
    try:
        coroutine.throw(KeyError("thrown"))
    except KeyError as error:
        said("thrown", error, inspect.getcoroutinestate(coroutine))
    coroutine = leaf()
    coroutine.send(None)
    coroutine.close()
    try:
        coroutine.send(None)
    except RuntimeError as error:
        said(error)
    try:
        leaf().send(1)
    except TypeError as error:
        said(error)


by_hand()
said(asyncio.run(main()))
said(asyncio.run(main(), debug=True))
if sys.version_info >= (3, 11):
    with asyncio.Runner() as runner:
        said(runner.run(eager()), runner.run(eager()))
loop = asyncio.new_event_loop()
pending = loop.create_task(asyncio.sleep(100))
loop.run_until_complete(asyncio.sleep(0))
loop.close()
pending._log_destroy_pending = False
del pending
gc.collect()
said("asyncio" in sys.modules, [name for name in sys.modules if "tutor" in name], sys.meta_path[0].__name__)


async def fails():
    await asyncio.sleep(0)
    return 1 / 0


asyncio.run(fails())
