#!/usr/bin/env python3
"""Runs what deploy/README.md says about one machine with systemd: each block of commands, in order, on a fresh Debian.

  tests/deploy/handbook.py MACHINE     MACHINE: the directory of a Debian 12 with systemd, which is changed

One line per block, the last `N passed, N failed`. The machine is booted by systemd-nspawn with a network of its own, in which
the simulated targets are. The info string of a block says where it runs: `sh` on the machine, `sh on=builder` in this source,
`sh needs=network` on the machine, with this host's network. What is marked with any other `needs=` is listed and not run.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import time

HANDBOOK = pathlib.Path("deploy/README.md")
PART = "On one machine with systemd"
BLOCK = re.compile(r"^```sh ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
# Typed wherever a command reads: the key of the targets, and a password.
TYPED = "the-key-of-the-simulated-targets\n"
SIMULATOR = "127.0.0.1:18080"
SETTINGS = {"SPLP_API_URL": f"http://{SIMULATOR}/splp", "SIPD_API_URL": f"http://{SIMULATOR}/sipd"}
# What a terminal keeps from one command to the next.
KEEP = "export -p >/opt/.session; declare -f >>/opt/.session"


def part() -> str:
    text = HANDBOOK.read_text()
    return text[text.index(f"\n## {PART}\n"):].split("\n## ")[1]


def heading_of(text: str, position: int) -> str:
    return re.findall(r"^### (.*)$", text[:position], re.MULTILINE)[-1]


class Machine:
    def __init__(self, root: pathlib.Path):
        self.root = root
        self.processes: list[subprocess.Popen] = []
        self.log = (root.parent / "machine.log").open("w")
        self.spawn("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--console=pipe", "--boot",
                   f"--directory={root}")

    def boot(self) -> None:
        self.eventually(self.booted)
        self.spawn("nsenter", f"--net=/proc/{self.leader}/ns/net", "build/release/bin/target-simulator", "--listen", SIMULATOR,
                   "--splp-key", TYPED.strip(), "--sipd-key", TYPED.strip())

    def spawn(self, *command: str) -> None:
        self.processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log))

    def booted(self) -> bool:
        """Its process 1 is not the first child that systemd-nspawn has."""
        children = subprocess.run(["pgrep", "-P", str(self.processes[0].pid)], capture_output=True, text=True, check=False)
        self.leader = int(children.stdout or 0)
        return self.leader != 0 and re.search("running|degraded", self.run("systemctl is-system-running || true").stdout) is not None

    @staticmethod
    def eventually(condition, seconds: float = 60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.1)  # Between two looks at another process.
        raise TimeoutError("the machine does not get there")

    def run(self, script: str, *, outside: bool = False) -> subprocess.CompletedProcess:
        network = [] if outside else ["--net"]
        return subprocess.run(
            ["nsenter", "--target", str(self.leader), "--mount", "--uts", "--ipc", "--pid", *network, "--root", "--wd", "env", "-i",
             "HOME=/root", "EDITOR=/opt/editor", "LANG=C.UTF-8", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
             "bash", "-euo", "pipefail", "-c", f"cd /opt\n{script}"],
            input=TYPED, capture_output=True, text=True, timeout=300, check=False)

    def session(self, commands: str, *, outside: bool) -> subprocess.CompletedProcess:
        return self.run(f"[[ ! -e /opt/.session ]] || source /opt/.session\n{commands}\n{KEEP}", outside=outside)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.log.close()


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def tell(self, what: str, good: bool, output: str = "") -> None:
        print(f"{'ok   ' if good else 'FAIL '} {what}", flush=True)
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print("\n".join(f"      {line}" for line in output.splitlines()[-40:]), flush=True)

    def tell_run(self, what: str, ran: subprocess.CompletedProcess) -> None:
        self.tell(what, ran.returncode == 0, f"exit {ran.returncode}\n{ran.stdout}{ran.stderr}")


def build(report: Report, commands: str, what: str) -> None:
    report.tell_run(what, subprocess.run(["bash", "-euo", "pipefail", "-c", commands], stdin=subprocess.DEVNULL,
                                         capture_output=True, text=True, check=False))


def prepare(root: pathlib.Path) -> None:
    """What is in the operator's hands: the file that was built, and an editor."""
    shutil.copy("build/satudata-integration.tar.gz", root / "opt")
    edits = "; ".join(f"s|^{name}=.*|{name}={value}|" for name, value in SETTINGS.items())
    editor = root / "opt/editor"
    editor.write_text(f"#!/bin/sh\nsed -i '{edits}' \"$@\"\n")
    editor.chmod(0o755)
    # As the installer of Debian leaves it.
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")


# What the handbook promises beyond commands that succeed: after the block of that heading.
def also(report: Report, machine: Machine, heading: str) -> None:
    expected = {
        "Start": [
            ("the service's process is the user satudata", "[[ $(ps -o user= -C integration-serv) == satudata ]]"),
            ("its data directory is its own", "[[ $(stat -c %U:%a /var/lib/satudata-integration) == satudata:700 ]]"),
            ("it cannot gain privileges",
             "grep -q 'NoNewPrivs:.1' /proc/$(systemctl show -P MainPID satudata-integration)/status"),
            ("after a crash it is back",
             "systemctl kill -s KILL satudata-integration; for _ in {1..300}; do integrationctl health && break; sleep 0.1; done;"
             " integrationctl health && [[ $(systemctl show -P NRestarts satudata-integration) == 1 ]]"),
            ("a wrong setting is said in the journal and not tried again",
             "sed -i.kept 's/^SIPD_KODEPEMDA=.*/SIPD_KODEPEMDA=region/' /etc/satudata-integration/integration.env;"
             " systemctl restart satudata-integration && exit 1; systemctl is-failed satudata-integration;"
             " journalctl --no-pager -u satudata-integration -n 20 | grep 'integration-server: SIPD_KODEPEMDA: ';"
             " mv /etc/satudata-integration/integration.env.kept /etc/satudata-integration/integration.env;"
             " systemctl reset-failed satudata-integration; systemctl start satudata-integration"),
            ("a stop is clean and quick",
             "systemctl stop satudata-integration; [[ $(systemctl show -P Result satudata-integration) == success ]];"
             " systemctl start satudata-integration"),
        ],
        "Remove it": [
            ("nothing of it is left", "! find / -xdev \\( -path /proc -o -path /opt -o -path /var/log \\) -prune -o "
             "-iname '*satudata*' -print | grep ."),
        ],
    }
    for what, script in expected.get(heading, []):
        report.tell_run(f"{heading}: {what}", machine.run(script))


def main() -> int:
    root = pathlib.Path(sys.argv[1]).absolute()
    report, machine, text = Report(), None, part()
    blocks = [(heading_of(text, found.start()), found[1], found[2]) for found in BLOCK.finditer(text)]
    assert blocks, "the handbook has no commands"
    last_of = {heading: index for index, (heading, info, _) in enumerate(blocks) if info in ("", "needs=network")}
    try:
        for index, (heading, info, commands) in enumerate(blocks):
            what = f"{heading}: {commands.strip().splitlines()[0]}"
            if info == "on=builder":
                build(report, commands, what)
            elif info in ("", "needs=network"):
                if machine is None:
                    prepare(root)
                    machine = Machine(root)
                    machine.boot()
                report.tell_run(what, machine.session(commands, outside=info != ""))
                if last_of[heading] == index:
                    also(report, machine, heading)
            else:
                print(f"not run, {info}: {what}")
    finally:
        if machine is not None:
            machine.stop()
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
