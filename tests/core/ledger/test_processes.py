"""What other processes see: locks, and what a killed one leaves behind."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crossdock.clock import FakeClock
from crossdock.errors import TryLater
from crossdock.ledger import Database, Ledger, StepState

ROOT = Path(__file__).parents[3]
PROCESS = """
import asyncio, sys
from pathlib import Path
from cryptography.fernet import Fernet, MultiFernet
from crossdock.clock import FakeClock
from crossdock.ledger import Conclusion, Database, Decided, Intent, Ledger, Seen, StepState
from tests.core.flows.cases import order

async def main(url, folder, what):
    keys = MultiFernet([Fernet(Fernet.generate_key())])
    async with Ledger(Database(url), FakeClock(), Path(folder), keys) as ledger:
        if what == "lane":
            lock = await ledger.lane("r/orders")
            print("ready", flush=True)
            await asyncio.Event().wait()
        if what == "vault":
            async with ledger.vault("shop").locked("tokens"):
                print("ready", flush=True)
                await asyncio.Event().wait()
        for number in ("24", "25"):
            await ledger.record("r", [Seen(number, "channel", order(id=number))], ("r/channel", number))
            await ledger.decide("r", Decided([Intent(number, "create", number, "no document")]))
        ledger.conclude("r", Conclusion("24", "create", "24", StepState.DONE, "done", document_id="CO1"), None)
        await ledger.flush()
        ledger.conclude("r", Conclusion("25", "create", "25", StepState.DONE, "done", document_id="CO2"), None)
        print("ready", flush=True)
        import time
        while True: time.sleep(1)  # the conclusion of 25 is never committed

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def another_process(url, tmp_path):
    """Starts a process that does something with the same ledger, and waits until it has."""
    running = []

    def start(what):
        command = [sys.executable, "-c", PROCESS, url, str(tmp_path), what]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


async def test_a_step_under_way_when_the_process_was_killed_is_in_doubt(url, tmp_path, keys, another_process):
    kill(another_process("steps"))
    async with Ledger(Database(url), FakeClock(), tmp_path, keys) as ledger:
        assert await ledger.unsettled("r") == ["25"]
        pairs = await ledger.load("r", ["24", "25"])
        assert pairs["24"].document_id == "CO1"
        assert pairs["25"].steps["create:25"].state is StepState.SENDING
        assert await ledger.cursor("r/channel") == "25"


async def test_a_lane_belongs_to_one_process_until_it_ends_or_dies(ledger, another_process):
    process = another_process("lane")
    with pytest.raises(TryLater, match="r/orders is being worked on by another process") as refusal:
        await ledger.lane("r/orders")
    assert "stop it" in refusal.value.hint
    await (await ledger.lane("other/orders")).release()
    kill(process)
    lock = await taken(ledger, "r/orders")
    await lock.release()
    await (await ledger.lane("r/orders")).release()


async def taken(ledger, lane):
    """The lane, once the server has noticed that the process which had it is gone."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await ledger.lane(lane)
            except TryLater:
                await asyncio.sleep(0.01)


async def test_a_vault_key_held_by_another_process_is_waited_for(ledger, another_process, clock):
    process = another_process("vault")
    held = asyncio.Event()

    async def hold():
        async with ledger.vault("shop").locked("tokens"):
            held.set()

    waiting = asyncio.ensure_future(hold())
    for _ in range(50):
        await asyncio.sleep(0)
    assert not held.is_set()
    kill(process)
    async with asyncio.timeout(20):
        while not waiting.done():
            await clock.advance(0.25)  # where the wait is ours, and not the file system's
            await asyncio.sleep(0.01)
    assert held.is_set()
