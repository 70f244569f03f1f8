"""The built programs as processes: started, asked, measured, and never left behind."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = ROOT / "build" / "release"
DATA = ROOT / "build" / "bench-data"
SECRET = "a secret that only this bench knows, of no use elsewhere"
READY_LIMIT = 120.0
TICKS = os.sysconf("SC_CLK_TCK")


def wait_until(condition, limit, what):
    """Looks until `condition` holds. What it waits for tells nobody when it happens."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} within {limit:.0f} s: it did not happen")
        time.sleep(0.005)


def fresh_folder(name):
    folder = DATA / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


class Program:
    """One process. Its output goes to files in `folder`; leaving the `with` block kills it."""

    def __init__(self, folder, name, command, settings=None):
        self.folder = folder
        self.name = name
        self.errors = folder / f"{name}.err"
        self.address_file = folder / f"{name}.address"
        self.address_file.unlink(missing_ok=True)
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **(settings or {})}
        with open(folder / f"{name}.out", "ab") as out, open(self.errors, "ab") as errors:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=errors, env=environment
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def address(self):
        def is_there():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended: {self.errors.read_text()[-2000:]}")
            return self.address_file.exists()

        wait_until(is_there, READY_LIMIT, f"{self.name} serves")
        return self.address_file.read_text(encoding="utf-8").strip()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=60) != 0:
            raise RuntimeError(f"{self.name} did not end well: {self.errors.read_text()[-2000:]}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mib(self, what="VmRSS"):
        """VmRSS: what it holds now. VmHWM: the most it ever held."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(what + ":"):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"no {what}")


class Simulator(Program):
    """The simulated targets, and the truth about what they hold."""

    def __init__(self, folder, *flags):
        program = BUILD / "bin" / "target-simulator"
        super().__init__(
            folder,
            "simulator",
            [program, "--address-file", folder / "simulator.address", *flags],
        )
        self.url = f"http://{self.address()}"

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method="GET" if body is None else "POST")
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def truth(self):
        return self.ask("/admin/truth")

    def stats(self):
        return self.ask("/admin/stats")


# What makes a target as fast as it can be: it keeps its truth, and no histories beside it.
FAST = ("--history", "0", "--request-log", "0")


class Server(Program):
    """The service on SQLite, in `folder`."""

    def __init__(self, folder, simulator, settings=None, targets=("splp",)):
        needed = {
            "EXTERNAL_API_KEY": "key",
            "SIPD_KODEPEMDA": "9901",
            "DATABASE_URL": f"sqlite:///{folder}/data/integration.db",
            "CONTENT_DIR": f"{folder}/content",
            "GRPC_LISTEN": "127.0.0.1:0",
            "ADMIN_LISTEN": "127.0.0.1:0",
            "WEB_LISTEN": "127.0.0.1:0",
            "CALLER_RATE_LIMIT": "0",
            "CALLER_MAX_STREAMS": "2000",
            "JWT_SECRET": SECRET,
            "LOG_LEVEL": "warning",
            "ADDRESS_FILE": str(folder / "server.address"),
        }
        needed.update({f"{target.upper()}_API_URL": f"{simulator.url}/{target}" for target in targets})
        (folder / "content").mkdir(exist_ok=True)
        super().__init__(folder, "server", [BUILD / "bin" / "integration-server"], {**needed, **(settings or {})})
        self.grpc = json.loads(self.address())["grpc"]


def file_id(index):
    """As bench-client makes them."""
    return f"5e24f0ca{index:016x}"


def make_token():
    done = subprocess.run(
        [BUILD / "bin" / "integrationctl", "token", "--role", "Admin", "--user", "bench", "--expires", "48h"],
        env={"JWT_SECRET": SECRET, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


class Client:
    """bench-client, with a token for every server that is started here."""

    program = BUILD / "tests" / "bench-client"

    def __init__(self):
        self.environment = {"PATH": os.environ["PATH"], "BENCH_TOKEN": make_token()}

    def start(self, server, *arguments):
        command = [self.program, "--server", server.grpc, *arguments]
        return subprocess.Popen(
            [str(part) for part in command],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def lines(self, server, *arguments):
        with self.start(server, *arguments) as process:
            output, errors = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"bench-client {arguments[0]}: {errors.strip()}")
        return [json.loads(line) for line in output.splitlines()]

    def ask(self, server, *arguments):
        return self.lines(server, *arguments)[-1]

    def try_to_ask(self, server, *arguments):
        """None when the server refuses, or is gone."""
        try:
            return self.ask(server, *arguments)
        except RuntimeError:
            return None

    def load(self, server, files, values=0, first=0):
        """Imports `files` generated files, the first with index `first`; their ids."""
        loaded = self.ask(server, "import", "--first", first, "--files", files, "--values", values)
        if loaded["created"] != files:
            raise RuntimeError(f"of {files} files these were taken: {loaded}")
        return [file_id(index) for index in range(first, first + files)]


def expect_all_confirmed(run, files, target="splp"):
    counts = run["counts"].get(target, {})
    if run["state"] != "STATE_SUCCEEDED" or counts.get("STATE_CONFIRMED", 0) != files:
        raise RuntimeError(f"the run did not confirm {files} files: {run}")
    if run["told"].get("STATE_CONFIRMED", 0) != files or not run["ordered"]:
        raise RuntimeError(f"the reading client was not told of every file in order: {run}")
