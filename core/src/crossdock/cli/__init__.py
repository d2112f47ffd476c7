"""The command line: one file a command group. Reads the terminal and writes to it.

Exit codes: 0 all is well, 1 something failed or is parked, 2 the command or the configuration is wrong,
3 a system cannot be reached or refuses the credentials, 130 stopped by Ctrl-C.
"""

from crossdock.cli.app import main

__all__ = ["main"]
