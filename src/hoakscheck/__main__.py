"""``python -m hoakscheck``."""

from hoakscheck.cli import main

main()
