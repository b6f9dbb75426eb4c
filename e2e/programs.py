"""The site's own programs, each started as a copy of one process that has imported them.

What is run is what `standfirst` and `bin/serve` run. Only Python's own start and the imports are left out, which took
most of the journeys' time away from the browser; `tests/` has both started in earnest.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess as Process
from pathlib import Path

COMMAND, SERVER, PREPARE = "webapp.cli:main", "e2e.programs:serve", "e2e.programs:prepare"
_copies = multiprocessing.get_context("forkserver")
_copies.set_forkserver_preload(["e2e.programs_imported"])


@dataclass(frozen=True)
class Inside:
    """What a copy makes of itself."""

    program: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    output: Path
    stdin: str
    start_method: str = field(default_factory=multiprocessing.get_start_method)

    def become(self) -> None:
        """Takes on all that a new process would have got, and runs."""
        multiprocessing.set_start_method(self.start_method, force=True)
        os.environ.clear()
        os.environ.update(self.environment)
        with self.output.open("a") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        with tempfile.TemporaryFile("w+", encoding="utf-8") as words:
            words.write(self.stdin)
            words.seek(0)
            os.dup2(words.fileno(), 0)
        sys.stdin = os.fdopen(0, encoding="utf-8")
        sys.argv = [self.program, *self.arguments]
        module, _, function = self.program.partition(":")
        getattr(importlib.import_module(module), function)()


def start(
    program: str, *arguments: str, environment: Mapping[str, str], output: Path, stdin: str = ""
) -> Process:
    """Starts a program (`module:function`), which writes all that it has to say to `output`."""
    inside = Inside(program, arguments, dict(environment), output, stdin)
    process = _copies.Process(target=inside.become)
    process.start()
    return process


def run(program: str, *arguments: str, environment: Mapping[str, str], stdin: str = "") -> str:
    """Runs a program to its end and gives what it printed; fails when it does."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        process = start(program, *arguments, environment=environment, output=output, stdin=stdin)
        process.join()
        said = output.read_text(encoding="utf-8")
        assert process.exitcode == 0, said
        process.close()
    return said


def serve() -> None:
    """What bin/serve runs, but that what loads the site is a copy of this process."""
    from webapp import serving
    from webapp.supervisor import Supervisor, arguments

    def load(workers: int, report: int, is_first: bool) -> int:
        process = os.fork()
        if process:
            return process
        os.setpgid(0, 0)
        sys.argv[1:1] = arguments(workers, report, is_first)
        try:
            serving.main()
        finally:
            os._exit(1)

    sys.exit(Supervisor(load).run())


def prepare() -> None:
    """Brings an instance to where it can be served: with the demonstration, and with all templates compiled."""
    from webapp.serving import prepare as prepare_site
    from webapp.wsgi import app

    prepare_site(app, empty=False)
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
