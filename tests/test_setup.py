"""Set-up: what it says when something is missing, what it skips, and that a wheel carries all that a site needs."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
import tomllib
import urllib.request
from pathlib import Path

import pytest

from tools import browser, running, setup
from tools.running import Failed

ROOT = Path(__file__).parent.parent


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """An empty checkout that tools.setup takes for its own."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / ".venv").mkdir()
    for level in setup.LEVELS:
        (tmp_path / "requirements" / f"{level}.lock").write_text(f"packages of {level}")
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(setup, "PACKAGES_STAMP", tmp_path / ".venv/stamp")
    monkeypatch.setattr(setup, "FRONT_END_STAMP", tmp_path / "node_modules/stamp")
    return tmp_path


def stamp(level: str) -> None:
    setup.PACKAGES_STAMP.write_text(
        json.dumps({"level": level, "digest": setup.digest(setup.lock_of(level))})
    )


def test_an_environment_for_tests_serves_too_but_not_the_other_way_round(checkout):
    assert not setup.has_packages("serve")
    stamp("serve")
    assert setup.has_packages("serve")
    assert not setup.has_packages("dev")
    stamp("dev")
    assert setup.has_packages("serve")
    assert setup.has_packages("dev")


def test_serving_does_not_take_the_test_packages_away_when_a_lock_changes(checkout):
    stamp("dev")
    setup.lock_of("dev").write_text("newer packages")
    assert not setup.has_packages("serve")
    assert setup.wanted_level("serve") == "dev"


def test_a_damaged_stamp_means_installing_again(checkout):
    setup.PACKAGES_STAMP.write_text("{")
    assert not setup.has_packages("serve")
    assert setup.wanted_level("serve") == "serve"


def test_front_end_packages_are_brought_again_when_their_lock_changes(checkout):
    setup.FRONT_END_STAMP.write_text(setup.digest(checkout / "package-lock.json"))
    assert setup.has_front_end()
    (checkout / "package-lock.json").write_text('{"changed": true}')
    assert not setup.has_front_end()


def test_a_second_set_up_waits_for_the_first(checkout, capsys):
    order = []

    def second() -> None:
        with setup.only_one():
            order.append("second")

    with setup.only_one():
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.3)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
    assert "Another set-up is at work" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(checkout, monkeypatch):
    monkeypatch.setattr(setup, "ROOT", checkout / "gone")
    with pytest.raises(Failed, match=r"gone cannot be written"):
        setup.set_up("serve")


def test_a_python_without_venv_names_the_package_to_install(checkout, monkeypatch):
    shutil.rmtree(checkout / ".venv")
    setup.PYTHON.parent.mkdir(parents=True)
    setup.PYTHON.write_text("#!/bin/sh\nexit 1\n")
    setup.PYTHON.chmod(0o755)
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Failed, match="apt install python3-venv"):
        setup.make_environment()


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("Temporary failure in name resolution", "registry could not be reached"),
        ("npm error code ENOTFOUND", "registry could not be reached"),
        ("error sending request for url", "registry could not be reached"),
        ("npm error code EACCES", "cannot be written"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that the lock file names"),
        ("npm error code EINTEGRITY", "not the one that the lock file names"),
        ("something odd", "The lines above say why"),
    ],
)
def test_a_step_that_fails_says_why_and_shows_its_last_lines(output, words):
    with pytest.raises(Failed) as caught:
        running.run(["sh", "-c", f"echo '{output}' >&2; exit 3"], "trying it")
    assert f"  | {output}" in str(caught.value)
    assert "Set-up failed while trying it." in str(caught.value)
    assert words in str(caught.value)


def test_a_program_that_is_not_there_is_named():
    with pytest.raises(Failed, match="no-such-program"):
        running.run(["no-such-program"], "trying it")


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("script", "expected"),
    [("echo 10.2.1", ["npm"]), ("echo 6.14.0", None), ("echo broken", None), ("exit 1", None)],
)
def test_only_an_npm_that_works_is_used(tmp_path, monkeypatch, checkout, script, expected):
    program(tmp_path / "bin", "npm", script)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin")
    assert setup.machine_npm() == expected


def test_a_machine_without_npm_is_no_error(tmp_path, monkeypatch, checkout):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert setup.machine_npm() is None


def run_script(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs set-up as a script in bin/ does, in a checkout that holds nothing but that."""
    (folder / "bin").mkdir()
    shutil.copy(ROOT / "bin/_setup", folder / "bin/_setup")
    (folder / "bin/try").write_text('set -eu\n. "$(dirname -- "$0")/_setup"\nset_up serve\necho ready\n')
    return subprocess.run(
        ["/bin/sh", str(folder / "bin/try")], env=environment, capture_output=True, text=True
    )


def with_tools(folder: Path) -> Path:
    folder.mkdir()
    for name in ("dirname", "sh"):
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    return folder


def test_an_old_python_is_named_with_what_is_needed(tmp_path):
    tools = with_tools(tmp_path / "tools")
    program(tools, "python3", '[ "$1" = --version ] && echo Python 3.9.2; exit 1')
    done = run_script(tmp_path, PATH=str(tools))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this machine has Python 3.9.2" in done.stderr
    assert "ready" not in done.stdout


def test_no_python_at_all_is_said_too(tmp_path):
    done = run_script(tmp_path, PATH=str(with_tools(tmp_path / "tools")))
    assert done.returncode == 1
    assert "this machine has no Python at all" in done.stderr


def test_a_newer_python_beside_an_old_one_is_found(tmp_path):
    tools = with_tools(tmp_path / "tools")
    program(tools, "python3", "exit 1")
    program(tools, "python3.12", 'case $1 in -c) exit 0 ;; -m) echo "set up by 3.12: $*" ;; esac')
    done = run_script(tmp_path, PATH=str(tools))
    assert done.returncode == 0
    assert done.stdout == "set up by 3.12: -m tools.setup serve\nready\n"


def test_a_browser_can_be_named(tmp_path, monkeypatch):
    program(tmp_path / "bin", "my-chrome", "exit 0")
    monkeypatch.setenv("CHROME_PATH", str(tmp_path / "bin/my-chrome"))
    assert browser.find() == str(tmp_path / "bin/my-chrome")
    monkeypatch.setenv("CHROME_PATH", str(tmp_path / "nothing"))
    with pytest.raises(Failed, match="CHROME_PATH"):
        browser.find()


@pytest.mark.parametrize("name", ["serve", "dev", "node", "installer"])
def test_python_packages_are_pinned_by_hash_and_without_addresses(name):
    text = (ROOT / "requirements" / f"{name}.lock").read_text()
    assert "://" not in text
    pinned = re.findall(r"^[a-z0-9][^ ]*==[^ ]+(?: ; [^\\]+)? \\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))


def test_front_end_packages_are_pinned_by_hash_and_without_addresses():
    text = (ROOT / "package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert "://" not in (ROOT / ".npmrc").read_text()


def test_each_dependency_has_its_reason_in_the_docs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = project["project"]["dependencies"] + [
        entry for group in project["dependency-groups"].values() for entry in group if isinstance(entry, str)
    ]
    names = {re.split(r"[\[<>=]", entry)[0] for entry in asked}
    names |= json.loads((ROOT / "package.json").read_text())["dependencies"].keys()
    page = (ROOT / "docs" / "dependencies.md").read_text()
    assert [name for name in sorted(names) if name not in page] == []


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A virtual environment that has the wheel, and borrows what the wheel depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    (wheel,) = folder.glob("*.whl")
    python = folder / "venv/bin/python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True, env=without_checkout())
    (site_packages,) = (folder / "venv/lib").glob("python*/site-packages")
    (site_packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "venv"


def without_checkout() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@pytest.mark.slow
def test_the_wheel_brings_a_site_with_all_that_belongs_to_it(installed, tmp_path):
    command = [str(installed / "bin/standfirst"), "settings"]
    shown = subprocess.run(
        command, cwd=tmp_path, env=without_checkout(), capture_output=True, text=True, check=True
    )
    assert f"Instance folder: {tmp_path}/instance" in shown.stdout

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    server = subprocess.Popen(
        [str(installed / "bin/python"), "-m", "webapp.supervisor"],
        cwd=tmp_path,
        env={**without_checkout(), "PORT": port},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout
        said = []
        for line in server.stdout:
            said.append(line)
            if "password " in line:
                break
        assert server.poll() is None, "".join(said)
        page = fetch(f"http://127.0.0.1:{port}/").decode()
        (styles,) = re.findall(r'href="(/static/site\.[0-9a-f]+\.css)"', page)
        assert fetch(f"http://127.0.0.1:{port}{styles}").startswith(b"@layer")
        assert "<article" in page
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert server.returncode == 0


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()
