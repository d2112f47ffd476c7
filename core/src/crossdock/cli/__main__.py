"""So that ``python -m crossdock.cli`` works where the script is not on the path."""

from crossdock.cli import main

main()
