"""The production server as an operator meets it: real processes, real signals."""

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from webapp import server as server_module

HERE = Path(__file__).parent
ROOT = HERE.parent
TARGET = "serving_app:application"
SERVE = [sys.executable, "-P", str(ROOT / "webapp" / "supervisor.py")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition: Callable[[], Any], seconds: float = 15) -> Any:
    """Waits for something to become true, and answers it."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        threading.Event().wait(0.02)
    return found


class Running:
    """A server started as bin/serve does it, without the set-up before."""

    def __init__(self, log: Path, *arguments: str) -> None:
        self.port = free_port()
        self.log = log
        path = os.pathsep.join(map(str, (log.parent, ROOT, HERE)))
        environment = {**os.environ, "PORT": str(self.port), "PYTHONPATH": path}
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [*SERVE, *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def get(self, path: str = "/", body: bytes | None = None, **headers: str) -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def answers(self) -> bytes:
        try:
            return self.get()
        except OSError:
            return b""

    def workers(self) -> list[int]:
        """Workers are in the group of the process that made them; that one, and `standfirst work`, in their own."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True)
        children = [int(line) for line in found.stdout.split()]
        return [child for child in children if group(child) not in (child, self.process.pid)]

    def has_others(self, *than: int) -> bool:
        workers = self.workers()
        return len(workers) == 2 and not set(than) & set(workers)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)


def group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return pid


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def server(tmp_path) -> Iterator[Running]:
    running = Running(tmp_path / "log", "--app", TARGET)
    until(running.answers)
    # The first worker answers while the second one is still being copied.
    until(lambda: len(running.workers()) == 2)
    yield running
    running.end()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_every_process_and_finishes_what_was_asked(server, stop):
    workers = server.workers()
    assert len(workers) == 2
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(server.get("/slow")))
    asking.start()
    until(lambda: "/slow" in server.log.read_text())
    server.process.send_signal(stop)
    assert server.process.wait(timeout=20) == 0
    asking.join()
    assert int(answers[0]) in workers
    assert not any(lives(worker) for worker in workers)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at threads in /proc")
def test_no_thread_takes_a_signal_away_from_the_one_that_hears_it(server):
    """The system hands a signal to any thread that does not block it; only the main one acts on it at once."""
    assert len(list(Path(f"/proc/{server.process.pid}/task").iterdir())) == 1


def test_workers_are_copied_while_no_thread_of_ours_could_hold_a_lock(monkeypatch):
    # A worker that was copied while a thread imported a module waited for that module's lock for ever.
    before = threading.active_count()
    during = []

    def fork() -> int:
        during.append(threading.active_count())
        raise InterruptedError

    monkeypatch.setattr(os, "fork", fork)
    with pytest.raises(InterruptedError):
        server_module.work(TARGET, free_port(), 2, lambda _: None)
    gc.unfreeze()
    assert during == [before]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at memory in /proc")
def test_what_looks_after_the_workers_has_loaded_nothing_of_the_site(server):
    assert "site-packages" not in Path(f"/proc/{server.process.pid}/maps").read_text()


def test_impatient_signals_do_not_get_in_each_others_way(server):
    for _ in range(20):
        server.process.send_signal(signal.SIGINT)
        server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=20) == 0


def test_ctrl_c_in_a_terminal_reaches_the_whole_group_and_is_no_error(server):
    until(lambda: len({server.get() for _ in range(20)}) == 2)
    os.killpg(server.process.pid, signal.SIGINT)
    assert server.process.wait(timeout=20) == 0
    assert "Unexpected" not in server.log.read_text()


def test_a_worker_that_is_killed_is_replaced_again_and_again_and_the_other_goes_on(server):
    for _ in range(3):
        dead, other = server.workers()
        os.kill(dead, signal.SIGKILL)
        until(server.answers)
        until(lambda dead=dead: server.has_others(dead))
        assert other in server.workers()
    until(lambda: {int(server.get()) for _ in range(20)} == set(server.workers()))


def test_when_all_workers_are_killed_others_answer(server):
    dead = server.workers()
    for worker in dead:
        os.kill(worker, signal.SIGKILL)
    until(lambda: server.has_others(*dead))
    assert int(until(server.answers)) in server.workers()


def test_workers_that_have_only_just_begun_end_with_the_server(server):
    for worker in server.workers():
        os.kill(worker, signal.SIGKILL)
    begun = int(until(server.answers))
    server.end()
    assert not lives(begun)


def test_a_hangup_replaces_workers_by_others_and_no_request_is_lost(server):
    before = set(server.workers())
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(server.get("/slow")))
    asking.start()
    until(lambda: "/slow" in server.log.read_text())
    server.process.send_signal(signal.SIGHUP)
    until(lambda: server.has_others(*before))
    asking.join()
    assert int(answers[0]) in before
    assert int(server.get()) in server.workers()
    assert "Unexpected" not in server.log.read_text()
    assert "The site was loaded anew." in server.log.read_text()


def test_workers_go_on_where_others_cannot_be_loaded_and_are_replaced_as_soon_as_they_can(server, tmp_path):
    broken = tmp_path / "serving_app.py"
    dead, other = server.workers()
    broken.write_text("raise ImportError('half of a deployment')")
    os.kill(dead, signal.SIGKILL)
    until(lambda: "1 of 2 workers run" in server.log.read_text())
    assert int(server.get()) == other
    broken.unlink()
    until(lambda: len(server.workers()) == 2)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=20) == 0


def test_workers_do_not_outlive_a_server_that_is_killed(server):
    workers = server.workers()
    server.process.kill()
    server.process.wait()
    until(lambda: not any(lives(worker) for worker in workers))


def test_a_second_server_on_the_same_port_says_so_and_leaves_the_first_alone(server):
    second = subprocess.run(
        [*SERVE, "--app", TARGET],
        env={**os.environ, "PORT": str(server.port), "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    assert f"Another program listens on 127.0.0.1:{server.port}" in second.stderr
    assert "Traceback" not in second.stderr
    assert server.get()


def test_slow_senders_do_not_keep_others_waiting(server):
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
    for connection in slow:
        connection.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
    assert all(server.get() for _ in range(10))
    slow[0].sendall(b"d" * 997)
    assert slow[0].recv(12) == b"HTTP/1.1 200"
    for connection in slow:
        connection.close()


def test_bodies_arrive_whole_and_long_answers_too(server):
    body = os.urandom(700_000)
    assert server.get("/echo", body) == body
    assert server.get("/parts") == b"part " * 50_000


def test_forwarded_headers_are_left_to_the_application(server):
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X_Forwarded_For": "198.51.100.7",
    }
    lines = server.get("/address?a=%41", **forged).decode().split("\n")
    assert lines == ["127.0.0.1", "http", "203.0.113.9", "/address", "a=%41"]


def test_an_error_in_the_application_is_answered_with_500_and_logged(server):
    with pytest.raises(urllib.error.HTTPError, match="500") as caught:
        server.get("/fails")
    caught.value.close()
    assert server.get()
    until(lambda: "as it should" in server.log.read_text())


@pytest.mark.parametrize(
    ("environment", "arguments", "words"),
    [
        ({"PORT": "80x"}, ["--app", TARGET], "is not a port"),
        ({"PORT": "70000"}, ["--app", TARGET], "is not a port"),
        ({}, ["--app", "nowhere:app"], "cannot be loaded"),
        ({}, ["--app", "os:sep"], "cannot be called"),
        ({}, ["--unknown"], "No such option"),
    ],
)
def test_wrong_usage_is_said_in_words(environment, arguments, words):
    done = subprocess.run(
        [*SERVE, *arguments],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert words in done.stderr


def test_how_it_is_used_is_told_and_is_no_error():
    done = subprocess.run(
        [*SERVE, "--help"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert "Usage: bin/serve" in done.stdout
    assert "--report" not in done.stdout
