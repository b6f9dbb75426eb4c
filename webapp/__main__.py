"""`python -m webapp` is the command `standfirst`."""

import gc

# What is imported stays; looking meanwhile for what could be thrown away takes a tenth of the time.
gc.disable()
from webapp.cli import main  # noqa: E402

gc.enable()
main()
