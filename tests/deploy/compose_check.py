#!/usr/bin/env python3
"""What deploy/compose.yaml promises, as docker-compose resolves it: reads what its `config` prints on standard input.

One line per promise that does not hold; exits 1 if there is one.
"""
import pathlib
import re
import sys

import yaml

SECRET = re.compile(r"(PASSWORD|SECRET|KEY|TOKEN|DATABASE_URL)$")
# Hardening that each container has, whatever runs in it.
HARDENED = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"], "restart": "unless-stopped"}
# The image of the server has one of its own.
HEALTHCHECK_IN_IMAGE = {"server"}


def known_settings() -> set[str]:
    table = pathlib.Path("README.md").read_text().split("<!-- settings: begin -->")[1].split("<!-- settings: end -->")[0]
    return set(re.findall(r"`([A-Z][A-Z0-9_]+)`", table))


def of_service(name: str, service: dict) -> list[str]:
    wrong = [f"{key} is {service.get(key)}" for key, value in HARDENED.items() if service.get(key) != value]
    if "healthcheck" not in service and name not in HEALTHCHECK_IN_IMAGE:
        wrong.append("no healthcheck")
    wrong += [f"{key} is a secret and no file" for key in service.get("environment", {}) if SECRET.search(key)]
    wrong += [f"port {port} is reachable from elsewhere" for port in service.get("ports", []) if not is_loopback(port)]
    image = service["image"]
    if "build" not in service and (image.endswith(":latest") or ":" not in image.rpartition("/")[2]):
        wrong.append(f"image {image} is not pinned")
    return wrong + [f"{path} is not there" for path in sources(service) if not pathlib.Path(path).exists()]


def is_loopback(port: str | dict) -> bool:
    return port.startswith("127.0.0.1:") if isinstance(port, str) else port.get("host_ip") == "127.0.0.1"


def sources(service: dict) -> list[str]:
    """What is mounted from this machine; named volumes have no slash."""
    paths = [volume.split(":")[0] if isinstance(volume, str) else volume["source"] for volume in service.get("volumes", [])]
    return [path for path in paths if "/" in path]


def main() -> int:
    compose = yaml.safe_load(sys.stdin)
    wrong = [f"{name}: {what}" for name, service in compose["services"].items() for what in of_service(name, service)]
    unknown = set(compose["services"]["server"]["environment"]) - known_settings()
    wrong += [f"server: {name} is no setting" for name in sorted(unknown)]
    wrong += [f"secret {name}: {secret['file']} is not there" for name, secret in compose["secrets"].items()
              if not pathlib.Path(secret["file"]).exists()]
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
