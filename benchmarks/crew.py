"""Workers that are killed and started again."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Crew:
    """Workers, each started again when it was killed.

    Attributes:
        command: starts one.
        folder: where each logs to a file of its own.
        kills: how many were killed so far.
    """

    command: Sequence[str]
    folder: Path
    kills: int = 0
    _workers: list[tuple[subprocess.Popen[bytes], Path]] = field(default_factory=list)
    _started: int = 0

    def start(self) -> None:
        """Start one more."""
        self._started += 1
        path = self.folder / f"worker-{self._started:04}.log"
        with path.open("wb") as log:
            self._workers.append((subprocess.Popen(self.command, stderr=log), path))

    def kill(self, chance: random.Random) -> None:
        """Kill one that is at work, as long as another one is.

        On a busy machine starting takes longer than killing, and nobody would ever be at work.
        """
        working = self.at_work()
        if len(working) > 1:
            victim = chance.choice(working)
            self._workers.remove(victim)
            victim[0].kill()
            victim[0].wait()
            self.kills += 1
            self.start()

    def revive(self) -> None:
        """Start again whoever ended, as a supervisor does."""
        for ended in [one for one in self._workers if one[0].poll() is not None]:
            self._workers.remove(ended)
            self.start()

    def at_work(self) -> list[tuple[subprocess.Popen[bytes], Path]]:
        """Those that have opened the ledger."""
        return [one for one in self._workers if b"service.working" in one[1].read_bytes()]

    def end(self) -> list[int]:
        """Have all end well; the exit codes of those that were at work."""
        working = [process for process, _ in self.at_work()]
        for process, _ in self._workers:
            process.terminate()
        codes = {process.pid: process.wait(timeout=120) for process, _ in self._workers}
        return [codes[process.pid] for process in working]

    def taken_over(self) -> int:
        """How often one took over what a dead one was at."""
        return sum(path.read_bytes().count(b"lane.taken_over") for path in self.folder.glob("worker-*.log"))

    def close(self) -> None:
        """Leave nobody behind."""
        for process, _ in self._workers:
            process.kill()
            process.wait()
