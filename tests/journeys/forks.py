"""Commands as processes of their own that need no time to start: forks of one that has imported everything.

Python and the imports of a command take a second of CPU, a fork takes some milliseconds. What runs is the command line
with its own arguments, environment, output, signals and exit code. Each fork has a keeper, which tells how it ended.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module, util
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("crossdock", "crossdock_shopee", "crossdock_ls_central", "crossdock_anchanto_oms")
_LATE = ("alembic.command", "psycopg", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "uvloop")
"""What is imported only once it is needed."""
_LEFT_OUT = (".testing", ".pytest_plugin", ".scaffold", ".migrations", ".__main__", ".conformance")
_LARGEST_REQUEST = 1 << 17


class Forked:
    """A command that runs, with what journeys ask of `asyncio.subprocess.Process`."""

    def __init__(self, pid: int, fate: asyncio.StreamReader, out: asyncio.StreamReader, err: asyncio.StreamReader):
        self.pid = pid
        self.returncode: int | None = None
        self.stdout = out
        self.stderr = err
        self._end = asyncio.create_task(self._ended(fate))

    async def _ended(self, fate: asyncio.StreamReader) -> None:
        self.returncode = int(await fate.readline())
        await fate.read()

    async def wait(self) -> int:
        """Wait until it has ended; its exit code, negative where a signal ended it."""
        await asyncio.shield(self._end)
        assert self.returncode is not None
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """Wait until it has ended; all that it wrote."""
        out, err, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        return out, err

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.send_signal(signal.SIGKILL)


class Nest:
    """The process that has imported everything; started with the first command, ended with the tests."""

    def __init__(self) -> None:
        self._wire, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen([sys.executable, "-m", __name__], stdin=theirs, cwd=_ROOT)
        atexit.register(self._close)

    def _close(self) -> None:
        self._wire.close()
        self._process.wait()

    async def start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Forked:
        """Run a command."""
        request = json.dumps({"arguments": arguments, "environment": dict(environment), "folder": str(Path.cwd())})
        pipes = [os.pipe() for _ in range(3)]
        theirs = [write for _, write in pipes]
        socket.send_fds(self._wire, [request.encode()], theirs)
        for write in theirs:
            os.close(write)
        fate, out, err = [await _reader(read) for read, _ in pipes]
        return Forked(int(await fate.readline()), fate, out, err)


_nests: list[Nest] = []


async def forked(arguments: Sequence[str], environment: Mapping[str, str]) -> Forked:
    """Run a command of crossdock in a process of its own."""
    if not _nests:
        _nests.append(Nest())
    return await _nests[0].start(arguments, environment)


async def _reader(read: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(read, "rb", buffering=0))
    return reader


def _import_everything() -> None:
    for package in _PACKAGES:
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not any(part in module.name for part in _LEFT_OUT):
                import_module(module.name)
    for name in _LATE:
        if util.find_spec(name):
            import_module(name)
    gc.collect()
    gc.freeze()


def _serve(wire: socket.socket) -> None:
    """Fork for each request; returns in a fork, as the command that was asked for, or when nobody asks any more."""
    while True:
        request, pipes, _, _ = socket.recv_fds(wire, _LARGEST_REQUEST, 3)
        if not request:
            sys.exit()
        if os.fork() == 0:
            wire.close()
            _keep(*pipes)
            _become(json.loads(request), pipes)
            return
        for pipe in pipes:
            os.close(pipe)


def _keep(fate: int, out: int, err: int) -> None:
    """Be the keeper of a fork, to its end; returns in the fork."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if (child := os.fork()) == 0:
        return
    os.close(out)
    os.close(err)
    os.write(fate, b"%d\n" % child)
    os.write(fate, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os._exit(0)


def _become(request: Mapping[str, Any], pipes: Sequence[int]) -> None:
    """Have the arguments, the environment and the output of the command."""
    _fate, out, err = pipes
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    for pipe in pipes:
        os.close(pipe)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["crossdock", *request["arguments"]]
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(code: int) -> None:
    """End as Python does, but for taking all modules apart, which is most of the work of a short command."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for keepers
    _import_everything()
    _serve(socket.socket(fileno=os.dup(0)))
    from crossdock.cli import main

    try:
        main()
    except SystemExit as end:
        _leave(int(end.code or 0))
