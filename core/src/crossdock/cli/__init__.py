"""The command line: one file a command group. Reads the terminal and writes to it.

Exit codes: 0 all is well, 1 something failed or is parked, 2 the command or the configuration is wrong,
3 a system cannot be reached or refuses the credentials, 130 stopped, by Ctrl-C or SIGTERM.
"""

import gc
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command of this process."""
    gc.disable()  # importing makes much and leaves no garbage; what runs longer switches it on again
    try:
        from crossdock.cli.app import run
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))
