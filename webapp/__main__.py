"""`python -m webapp` is the command `standfirst`."""

from webapp.cli import main

main()
