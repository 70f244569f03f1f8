#!/usr/bin/env python3
"""The table "Bad starts" of deploy/README.md against what the server really says.

  tests/deploy/bad_starts.py           one line per row, the last `N passed, N failed`
  tests/deploy/bad_starts.py --write   writes the table anew

Each row is a start that cannot go well: its last line and its exit code. Needs root, for a directory that cannot be written.
"""
import contextlib
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

HANDBOOK = pathlib.Path("deploy/README.md")
SERVER = pathlib.Path("build/release/bin/integration-server").absolute()
BEGIN, END = "<!-- bad starts: begin -->\n", "<!-- bad starts: end -->"
HEADING = "| What is wrong | The last line that it prints | Exit |\n| --- | --- | --- |\n"
# As the handbook has them.
DATA, SETTINGS = "/var/lib/satudata-integration", "/etc/satudata-integration"
SECRET = "0123456789abcdef0123456789abcdef"


class Place:
    """What the starts find: an own data directory, a file system that is read-only, a taken port, two certificates."""

    def __init__(self, root: pathlib.Path):
        self.data, self.settings, self.read_only = root / "data", root / "settings", root / "read-only"
        for directory in (self.data, self.settings, self.read_only):
            directory.mkdir()
        self.taken = socket.create_server(("127.0.0.1", 0))
        self.port = self.taken.getsockname()[1]
        make_certificate(self.settings / "tls.pem", self.settings / "tls-key.pem")
        make_certificate(self.settings / "other.pem", self.settings / "other-key.pem")
        (self.settings / "nonsense.pem").write_text("nonsense\n")
        (self.settings / "config.yaml").write_text("sipd:\n  kode: 1612\n")

    def as_in_handbook(self, line: str) -> str:
        for real, written in ((self.read_only, DATA), (self.data, DATA), (self.settings, SETTINGS), (f":{self.port}", ":50051")):
            line = line.replace(str(real), written)
        return line


def make_certificate(certificate: pathlib.Path, key: pathlib.Path) -> None:
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-out", certificate, "-keyout", key], check=True, capture_output=True)


def starts(place: Place) -> dict[str, dict[str, str]]:
    """What is wrong, and the variables that bring it about."""
    settings = place.settings
    return {
        "The port is in use, here by another program": {"GRPC_LISTEN": f"127.0.0.1:{place.port}"},
        "The address is none": {"GRPC_LISTEN": "127.0.0.1"},
        "The data directory is read-only": {"DATABASE_URL": f"sqlite:///{place.read_only}/integration.db"},
        "The data directory is not there and cannot be made": {"DATABASE_URL": f"sqlite:///{place.read_only}/data/integration.db"},
        "No secret for callers' tokens, and others can reach it": {"JWT_SECRET": "", "GRPC_LISTEN": "0.0.0.0:0"},
        "The file of a secret is not there": {"JWT_SECRET": "", "JWT_SECRET_FILE": f"{settings}/secrets/jwt_secret"},
        "No key for a target": {"EXTERNAL_API_KEY": ""},
        "No target at all": {"SPLP_API_URL": ""},
        "A target without TLS": {"SPLP_API_URL": "http://api-splp.layanan.go.id"},
        "`DATABASE_URL` of another kind": {"DATABASE_URL": "mysql://db/satudata"},
        "PostgreSQL does not answer": {"DATABASE_URL": "postgresql://satudata:secret@127.0.0.1:1/satudata"},
        "The certificate is not there": {"TLS_CERT_FILE": f"{settings}/none.pem", "TLS_KEY_FILE": f"{settings}/tls-key.pem"},
        "The certificate is none": {"TLS_CERT_FILE": f"{settings}/nonsense.pem", "TLS_KEY_FILE": f"{settings}/tls-key.pem"},
        "The key belongs to another certificate": {"TLS_CERT_FILE": f"{settings}/tls.pem", "TLS_KEY_FILE": f"{settings}/other-key.pem"},
        "A certificate without its key": {"TLS_CERT_FILE": f"{settings}/tls.pem"},
        "A word in `CONFIG_FILE` that it does not know": {"CONFIG_FILE": f"{settings}/config.yaml"},
        "There is no page where `WEB_ROOT` says": {"WEB_ROOT": f"{DATA}/page"},
    }


def start(place: Place, variables: dict[str, str]) -> tuple[str, int]:
    environment = {"SPLP_API_URL": "http://127.0.0.1:9", "EXTERNAL_API_KEY": "key", "JWT_SECRET": SECRET,
                   "DATABASE_URL": f"sqlite:///{place.data}/integration.db", "GRPC_LISTEN": "127.0.0.1:0",
                   "WEB_LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "127.0.0.1:0"} | variables
    ended = subprocess.run([SERVER], env=environment, cwd=place.data, capture_output=True, text=True, timeout=60, check=False)
    lines = ended.stderr.strip().splitlines() or ["(nothing)"]
    return place.as_in_handbook(lines[-1]), ended.returncode


@contextlib.contextmanager
def a_place():
    with tempfile.TemporaryDirectory() as root:
        place = Place(pathlib.Path(root))
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", place.read_only], check=True)
        try:
            yield place
        finally:
            subprocess.run(["umount", place.read_only], check=True)
            place.taken.close()


def rows() -> list[str]:
    with a_place() as place:
        found = {what: start(place, variables) for what, variables in starts(place).items()}
    return [f"| {what} | `{line}` | {code} |" for what, (line, code) in found.items()]


def main() -> int:
    text = HANDBOOK.read_text()
    before, rest = text.split(BEGIN)
    written, after = rest.split(END)
    found = rows()
    if sys.argv[1:] == ["--write"]:
        HANDBOOK.write_text(before + BEGIN + HEADING + "".join(f"{row}\n" for row in found) + END + after)
        return 0
    in_table = written.removeprefix(HEADING).splitlines()
    wrong = [row for row in found if row not in in_table] + [row for row in in_table if row not in found]
    # Ours begin with the program's name: nothing else may be the last word.
    wrong += [row for row in found if not re.search(r"`integration-server: .*` \| [12] \|$", row)]
    print("".join(f"FAIL  {row}\n" for row in wrong) + f"{len(found) - min(len(wrong), len(found))} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
