#!/usr/bin/env python3
"""Enforces who may include what: the layers of the tree, and which folders may see which library.

    include_check.py [ROOT]     prints each violation as FILE:LINE: why; exits 1 if there is any
"""
import pathlib
import re
import sys

SYNC_CATALOG_BASE = {"server/sync", "server/catalog", "server/base"}
PROTO = {"proto"}
ALL = None  # Everything but tests.

# Folder -> the folders of ours that it may include beside itself. The longest matching folder counts.
LAYERS = {
    "server/base": set(),
    "server/tables": {"server/base"},
    "server/catalog": {"server/tables", "server/base"},
    "server/access": {"server/catalog", "server/base"},
    "server/http": {"server/base"},
    "server/sync": {"server/catalog", "server/base"},
    "server/targets": SYNC_CATALOG_BASE | {"server/http"},
    "server/store": SYNC_CATALOG_BASE | {"server/access"},
    "server/telemetry": SYNC_CATALOG_BASE,
    "server/rpc": SYNC_CATALOG_BASE | PROTO | {"server/access", "server/telemetry"},
    "server/web": SYNC_CATALOG_BASE | PROTO | {"server/telemetry"},
    "server/admin": SYNC_CATALOG_BASE | PROTO | {"server/telemetry"},
    "server/main": ALL,
    "clients": {"server/base"} | PROTO,
    # integrationctl works on the database itself where no server may.
    "clients/cli": {"clients", "server/base", "server/store"} | PROTO,
    # The simulator is the witness: it shares nothing with what it judges.
    "tests/simulator": {"server/base"},
    "tests": ALL,
}

# Library -> the folders that may include it. Tests other than the simulator may as well, unless nobody may.
LIBRARIES = {
    "gRPC": (r"grpcpp/|grpc/|.*\.grpc\.pb\.h$", {"server/rpc", "server/web", "server/main", "clients"}),
    "Protocol Buffers": (
        r"google/protobuf/|google/rpc/|.*\.pb\.h$",
        {"server/rpc", "server/web", "server/admin", "server/main", "clients"},
    ),
    "cpp-httplib": (r"httplib\.h$", {"server/http", "server/web", "server/admin", "tests/simulator"}),
    "prometheus-cpp": (r"prometheus/", {"server/telemetry", "server/admin"}),
    "libcrypt": (r"crypt\.h$", {"server/access"}),
    "SOCI": (r"soci/|sqlite3\.h$|libpq", {"server/store"}),
    "libzip": (r"zip\.h$", {"server/tables"}),
    "expat": (r"expat\.h$", {"server/tables"}),
    "CLI11": (r"CLI/", {"server/main", "clients", "tests/simulator"}),
    "yaml-cpp": (r"yaml-cpp/", {"server/main"}),
    "absl::Mutex (base::Mutex is ours)": (r"absl/synchronization/mutex\.h$", set()),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
OURS = ("server/", "clients/", "tests/", "satudata/")


def within(path, folder):
    return path == folder or path.startswith(folder + "/")


def layer_of(path):
    if path.startswith("satudata/"):
        return "proto"
    matches = [folder for folder in LAYERS if within(path, folder)]
    return max(matches, key=len, default=None)


def is_test(path):
    return within(path, "tests") and not within(path, "tests/simulator")


def profile_of(path):
    """The target profile that a file belongs to, by its folder; None for what they share."""
    parts = path.split("/")
    return parts[2] if parts[:2] == ["server", "targets"] and len(parts) > 3 else None


def layer_violation(path, included):
    own, other = layer_of(path), layer_of(included)
    if other is None:
        return f"{included} is in no known folder"
    if within(other, "tests"):
        return None if within(path, "tests") and allows_tests(own, other) else f"{own} must not include {other}"
    if other == "server/main" and own not in ("server/main", "tests"):
        return f"{own} must not include {other}"
    if own == "server/targets" == other and profile_of(included) not in (None, profile_of(path)):
        return f"{path} must not include the profile {profile_of(included)}"
    allowed = LAYERS[own]
    if own == other or allowed is ALL or other in allowed:
        return None
    return f"{own} must not include {other}"


def allows_tests(own, other):
    return own == other or own == "tests"


def library_violation(path, included):
    for name, (pattern, folders) in LIBRARIES.items():
        if not re.match(pattern, included) or any(within(path, folder) for folder in folders):
            continue
        if folders and is_test(path):
            continue
        return f"{layer_of(path)} must not see {name}"
    return None


def violation(path, included, quoted):
    """Why the file `path` must not include `included`, both from the root; None if it may."""
    if included.startswith(OURS):
        why = layer_violation(path, included)
        return why or library_violation(path, included)
    if quoted and "/" not in included and not any(re.match(pattern, included) for pattern, _ in LIBRARIES.values()):
        return f'"{included}" must be written from the root of the tree'
    return library_violation(path, included)


def check_file(root, path):
    relative = path.relative_to(root).as_posix()
    if layer_of(relative) is None:
        return [f"{relative}:1: in no known folder; add it to LAYERS in tests/checks/include_check.py"]
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        why = violation(relative, match[1] or match[2], quoted=match[1] is not None)
        if why:
            found.append(f"{relative}:{number}: {why}")
    return found


def sources(root):
    for folder in ("server", "clients", "tests"):
        yield from sorted(p for p in (root / folder).rglob("*") if p.suffix in (".h", ".cc") and p.is_file())


def check_tree(root):
    return [line for path in sources(root) for line in check_file(root, path)]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    found = check_tree(root)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
