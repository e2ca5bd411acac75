"""`python -m netviz`."""

import sys

from netviz.cli.main import main

sys.exit(main())
