"""One-Network: `python app.py` opens the console, `python app.py --help` lists the other commands."""

import sys

from runtime.command_line import main

if __name__ == "__main__":
    sys.exit(main())
