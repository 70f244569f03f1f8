#!/usr/bin/env python3
"""The figures under "Sizing" in deploy/README.md: starts the release programs on SQLite against the simulated targets.

  tests/deploy/sizing.py [FILES]    default 100000; what the machine does meanwhile is in the times
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path("build/release/bin").absolute()
KEY = "sizing"
FIRST_ID = 0x60E3B94E9F3AC41700000000


def catalogue(path: pathlib.Path, files: int) -> None:
    """What the portal exports: verified files without content, which SPLP takes."""
    sample = pathlib.Path("deploy/demo/sample/catalog.jsonl").read_text().splitlines()
    template = json.loads(next(line for line in sample if "Sudah Verifikasi" in line))
    with path.open("w") as out:
        for number in range(files):
            own = {"_id": {"$oid": f"{FIRST_ID + number:024x}"}, "name": f"{template['name']} ({number})"}
            out.write(json.dumps(template | own) + "\n")


class Stack:
    def __init__(self, place: pathlib.Path):
        self.place, self.simulator = place, subprocess.Popen(
            [BIN / "target-simulator", "--address-file", place / "simulator", "--history", "0", "--splp-key", KEY, "--sipd-key", KEY],
            stdout=subprocess.DEVNULL)
        base = f"http://{await_file(place / 'simulator').strip()}"
        self.environment = {
            "SPLP_API_URL": f"{base}/splp", "EXTERNAL_API_KEY": KEY, "DATABASE_URL": f"sqlite:///{place}/integration.db",
            "CONTENT_DIR": f"{place}/content", "ADDRESS_FILE": f"{place}/server", "GRPC_LISTEN": "127.0.0.1:0",
            "WEB_LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "127.0.0.1:0", "LOG_LEVEL": "warning"}

    def start(self) -> float:
        """Seconds until it takes calls."""
        (self.place / "server").unlink(missing_ok=True)
        begin = time.monotonic()
        self.server = subprocess.Popen([BIN / "integration-server"], env=self.environment)
        self.address = json.loads(await_file(self.place / "server"))["grpc"]
        return time.monotonic() - begin

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait()

    def ctl(self, *arguments: str) -> None:
        subprocess.run([BIN / "integrationctl", "--server", self.address, "--data-dir", self.place, "--timeout", "600s", *arguments],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    def memory_mib(self, field: str = "VmRSS") -> int:
        status = pathlib.Path(f"/proc/{self.server.pid}/status").read_text()
        return int(re.search(rf"{field}:\s*(\d+)", status)[1]) // 1024

    def disk_mib(self) -> float:
        """After a stop, which leaves nothing in the log beside the database."""
        return (self.place / "integration.db").stat().st_size / 2**20


def await_file(path: pathlib.Path) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.002)  # Between two looks at another process.
    raise TimeoutError(path)


def measure(stack: Stack, files: int) -> None:
    say = lambda what, figure: print(f"| {what} | {figure} |", flush=True)
    say("Start, empty database", f"{stack.start():.2f} s")
    say("Memory, idle", f"{stack.memory_mib()} MiB")
    catalogue(stack.place / "catalog.jsonl", files)
    begin = time.monotonic()
    stack.ctl("import", str(stack.place / "catalog.jsonl"))
    say(f"Import of {files:,} files", f"{time.monotonic() - begin:.0f} s")
    stack.stop()
    catalogue_mib = stack.disk_mib()
    say(f"Disk, catalogue of {files:,} files", f"{catalogue_mib:.0f} MiB")
    say(f"Start with {files:,} files", f"{stack.start():.2f} s")
    say(f"Memory, idle with {files:,} files", f"{stack.memory_mib()} MiB")
    begin = time.monotonic()
    stack.ctl("sync-all", "--target", "splp")
    say(f"SyncAll of {files:,} new files to one target", f"{time.monotonic() - begin:.0f} s")
    say("Memory, most during that", f"{stack.memory_mib('VmHWM')} MiB")
    say("Memory, after that", f"{stack.memory_mib()} MiB")
    stack.stop()
    say("Disk per 1,000 deliveries", f"{(stack.disk_mib() - catalogue_mib) * 1000 / files:.1f} MiB")
    say(f"Start with {files:,} deliveries", f"{stack.start():.2f} s")
    begin = time.monotonic()
    stack.ctl("sync-all", "--target", "splp")
    say(f"SyncAll of {files:,} files, nothing changed", f"{time.monotonic() - begin:.1f} s")
    stack.stop()


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(dir="build") as place:
        stack = Stack(pathlib.Path(place).absolute())
        try:
            measure(stack, files)
        finally:
            stack.simulator.terminate()
            stack.simulator.wait()


if __name__ == "__main__":
    main()
