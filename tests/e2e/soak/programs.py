"""What a soak runs: the simulated targets, the server with its clients, and the portal's catalogue."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.request

KEY = "soak-key"
JWT_SECRET = "a-secret-for-the-soak-that-nobody-needs"
TARGETS = ("splp", "sipd")

# Nothing that refuses a record for good: in the end all is to be there.
QUIRKS = {
    "throttle-date": 0.01, "throttle-bare": 0.01, "throttle-200": 0.01, "throttle-next-access": 0.01,
    "error-500-before": 0.01, "error-503-after": 0.02, "reset-before": 0.01, "reset-after": 0.02, "hang-before": 0.005,
    "hang-after": 0.005, "drip": 0.005, "truncated": 0.01, "cut-short": 0.01, "no-log": 0.01, "row-no-line": 0.01,
    "row-late": 0.05, "slow": 0.01, "wrapped-data": 0.05, "wso2-fault": 0.01, "wrong-id": 0.01, "missing-id": 0.01,
    "tenant-asleep": 0.01, "padded-decimals": 0.1,
}  # fmt: skip

SERVER_SETTINGS = {
    "EXTERNAL_API_KEY": KEY, "SIPD_KODEPEMDA": "1612", "JWT_SECRET": JWT_SECRET, "LEASE_TIME": "4s",
    "SPLP_REQUEST_DEADLINE": "2s", "SPLP_SETTLE_TIME": "1s", "SPLP_CONFIRM_WAIT": "10s",
    "SIPD_REQUEST_DEADLINE": "2s", "SIPD_SETTLE_TIME": "3s", "SIPD_CONFIRM_WAIT": "10s",
    "CIRCUIT_OPEN_TIME": "1s", "SHUTDOWN_GRACE": "5s", "CALLER_RATE_LIMIT": "0", "CONNECTION_AGE": "2m",
}  # fmt: skip


class SoakError(Exception):
    """What makes the soak fail at once."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token():
    now = int(time.time())
    claims = {"id": "soak", "username": "soak", "role": "Admin", "iat": now - 60, "exp": now + 7 * 86400}
    message = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{message}.{base64url(hmac.new(JWT_SECRET.encode(), message.encode(), hashlib.sha256).digest())}"


class Program:
    """One of our programs, started again on demand with the same arguments."""

    def __init__(self, command, environment, log, ready_url):
        self.command, self.environment, self.ready_url = command, environment, ready_url
        self.log = open(log, "ab")
        self.process = None

    def start(self):
        environment = {"PATH": os.environ["PATH"], **self.environment}
        self.process = subprocess.Popen(self.command, env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(self.ready_url, timeout=5):
                    return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise SoakError(f"{self.command[0]} does not answer at {self.ready_url}")

    def stop(self, how=signal.SIGTERM):
        """Ends it, and gives its exit code."""
        self.process.send_signal(how)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SoakError(f"{self.command[0]} did not end within a minute of {how.name}") from None


class Simulator:
    """The simulated targets, and what they know, also over their restarts."""

    def __init__(self, options, data):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.state = data / "simulator-state.json"
        self.state.write_text('{"values": [], "datasets": []}', encoding="utf-8")
        command = [
            options.bin / "target-simulator", "--listen", f"127.0.0.1:{port}", "--state", self.state, "--seed", str(options.seed),
            "--splp-key", KEY, "--sipd-key", KEY, "--latency", "5ms", "--hold", "3s", "--slow", "1s", "--throttle-wait", "2s",
            "--late-min", "100ms", "--late-max", "900ms", "--history", "4",
        ]  # fmt: skip
        self.program = Program([str(part) for part in command], {}, data / "simulator.log", self.url + "/admin/healthz")
        self.earlier_needless = 0

    def read(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def post(self, path, body):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30):
            pass

    def misbehave(self, rates):
        self.post("/admin/quirks", rates)

    def outage(self, target, mode):
        self.post("/admin/outage", {"target": target, "mode": mode})

    def needless(self):
        truth = self.read("/admin/truth")
        # Who brings what was there before the restart has brought it twice, too.
        return self.earlier_needless + sum(
            record["needless_second_effects"] + record.get("repeats_of_state", 0)
            for target in TARGETS for record in truth[target].values()
        )  # fmt: skip

    def restart(self):
        """With what it holds: it takes nothing more, ends what is under way, and says what it has."""
        for target in TARGETS:
            self.outage(target, "refuse")
        time.sleep(4)  # Longer than it holds an answer.
        self.post("/admin/flush", {})
        truth = self.read("/admin/truth")
        self.earlier_needless = self.needless()
        values = [value_of(key, record["value"]) for key, record in truth["sipd"].items() if record["held"]]
        datasets = [record["value"] for record in truth["splp"].values() if record["held"]]
        self.state.write_text(json.dumps({"values": values, "datasets": datasets}), encoding="utf-8")
        self.program.stop()
        self.program.start()
        self.misbehave(QUIRKS)


def value_of(key, value):
    kodepemda, rest = key.split(".", 1)
    kodeindikator, tahun = rest.rsplit(".", 1)
    return {"kodeindikator": kodeindikator, "kodepemda": kodepemda, "tahun": tahun, "data": value}


class Server:
    """The server under test: its process, its clients, and what is measured of it."""

    def __init__(self, options, data, simulator):
        grpc, web, admin = free_port(), free_port(), free_port()
        self.web = web
        self.database = data / "integration.db"
        environment = {
            **SERVER_SETTINGS, "SPLP_API_URL": simulator.url + "/splp", "SIPD_API_URL": simulator.url + "/sipd",
            "DATABASE_URL": f"sqlite:///{self.database}", "CONTENT_DIR": str(data / "content"), "LOG_LEVEL": "warning",
            "GRPC_LISTEN": f"127.0.0.1:{grpc}", "WEB_LISTEN": f"127.0.0.1:{web}", "ADMIN_LISTEN": f"127.0.0.1:{admin}",
        }  # fmt: skip
        self.program = Program([str(options.bin / "integration-server")], environment, data / "server.log",
                               f"http://127.0.0.1:{admin}/readyz")  # fmt: skip
        self.token = token()
        self.ctl_command = [str(options.bin / "integrationctl"), "--server", f"127.0.0.1:{grpc}", "--lang", "en"]
        self.environment = {"PATH": os.environ["PATH"], "INTEGRATION_TOKEN": self.token}

    def start_ctl(self, *arguments, **keywords):
        return subprocess.Popen([*self.ctl_command, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **keywords)  # fmt: skip

    def ctl(self, *arguments, timeout=60):
        """Its exit code and what it printed; None for a code when it took too long and was stopped."""
        process = self.start_ctl(*arguments)
        try:
            output, _ = process.communicate(timeout=timeout)
            return process.returncode, output
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate()
            return None, output

    def ask(self, *arguments):
        code, output = self.ctl("-o", "json", *arguments)
        return [json.loads(line) for line in output.splitlines() if line.startswith("{")] if code == 0 else None

    def call_as_page(self, method):
        """One gRPC-Web call with an empty request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.web, timeout=20)
        try:
            connection.request("POST", f"/satudata.integration.v1.{method}", b"\0\0\0\0\0",
                               {"Content-Type": "application/grpc-web+proto", "Authorization": f"Bearer {self.token}"})  # fmt: skip
            return connection.getresponse().read()
        finally:
            connection.close()

    def sample(self):
        """Of the process that runs now; None while there is none."""
        pid = self.program.process.pid
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            fields = dict(line.split(":", 1) for line in status.splitlines())
            sizes = [path.stat().st_size for path in self.database.parent.glob(self.database.name + "*")]
            return {
                "pid": pid,
                "rss_mib": round(int(fields["VmRSS"].split()[0]) / 1024, 1),
                "threads": int(fields["Threads"]),
                "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
                "database_mib": round(sum(sizes) / 2**20, 2),
            }
        except (OSError, KeyError):
            return None


class Catalogue:
    """What the portal says: the value that each file has, as the server was told last. A value never comes again."""

    def __init__(self, data):
        self.path = data / "batch.jsonl"
        self.values = {}

    def line(self, number, value):
        return json.dumps({
            "_id": f"berkas-{number}", "name": f"Berkas {number} edisi {value}", "temadataset": "Kesehatan",
            "metaData": {"produsen": "Dinas", "cakupandata": "Kabupaten", "frekuensi": "Tahunan", "dimensidataset": "Daerah"},
            "filename": f"{number}.csv", "fileType": "csv", "isPublic": True, "StatusVerifikasi": "Sudah Verifikasi",
            "indicatorValues": [{"kodeindikator": f"1.02.{100000 + number}", "tahun": 2024, "nilai": value}],
        })  # fmt: skip

    def bring(self, server, numbers):
        new = {number: self.values.get(number, number * 1000) + 1 for number in numbers}
        self.path.write_text("".join(self.line(*item) + "\n" for item in new.items()), encoding="utf-8")
        # A file that came may have come although its import failed: what is not certain is brought again.
        for _ in range(60):
            if server.ctl("import", str(self.path))[0] == 0:
                self.values.update(new)
                return
            time.sleep(1)
        raise SoakError("a minute long nothing could be imported")
