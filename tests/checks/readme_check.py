#!/usr/bin/env python3
"""Keeps README.md in step with the code: its tables, its commands and its links.

    readme_check.py            prints what differs; exits 1 if anything does
    readme_check.py --write    writes the tables of reasons, settings and metrics anew, which are made from the code
"""
import pathlib
import re
import shlex
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OWNERS = {"kNone": "—", "kProducer": "producer", "kDataSteward": "data steward", "kOperator": "operator",
          "kTarget": "the target"}
TEXT = r'"((?:[^"\\]|\\.)*)"'
REASON = re.compile(
    r'\{Reason::k\w+, "([A-Z_]+)", Owner::(\w+), Retry::(\w+), \{[^}]*\},\s*' + TEXT + r",\s*" + TEXT)
GROUP = re.compile(r"^    // (.*)\.$", re.MULTILINE)
SETTING = re.compile(r"\{" + TEXT + r", (k\w+), (k\w+), " + ", ".join([TEXT] * 3) + r"\}")
SETTING_GROUP = re.compile(r"constexpr absl::string_view (k\w+) = " + TEXT)
METRIC = re.compile(r'registry,\s*"integration_(\w+)",\s*' + TEXT + r",\s*\{([^}]*)\}")


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def read_all(folder, pattern):
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob(pattern)))


def first_sentence(message):
    """What happened, without the optional parts and without the cure."""
    text = re.sub(r"\[[^\]]*\]", "", message.replace('\\"', '"'))
    text = re.sub(r"\{(\w+)(?:\|\w+)?\}", r"*\1*", text)
    return re.split(r"(?<=\.) ", text)[0].replace("|", "\\|")


def reasons_table():
    source = read("server/catalog/reason_table.cc")
    marks = sorted([*GROUP.finditer(source), *REASON.finditer(source)], key=lambda mark: mark.start())
    lines = ["| Reason | Turn of | Again by itself | What happened |", "| --- | --- | --- | --- |"]
    for mark in marks:
        if mark.re is GROUP:
            lines.append(f"| **{mark[1]}** | | | |")
        else:
            again = "yes" if mark[3] == "kLater" else ""
            lines.append(f"| `{mark[1]}` | {OWNERS[mark[2]]} | {again} | {first_sentence(mark[5])} |")
    return "\n".join(lines) + "\n"


def settings():
    """(name, exposure, group, value, help, default) of every setting, in the order of --help."""
    source = read("server/main/setting_table.cc")
    groups = dict(SETTING_GROUP.findall(source))
    return [(name, exposure, groups[group], *texts) for name, exposure, group, *texts in SETTING.findall(source)]


def settings_table():
    lines = ["| Variable | Default | What it is |", "| --- | --- | --- |"]
    last_group = None
    for name, exposure, group, _, text, default in settings():
        if exposure == "kNotYet":
            continue
        if group != last_group:
            lines.append(f"| **{group}** | | |")
        last_group = group
        names = f"`{name}`, `{name}_FILE`" if exposure == "kSecret" else f"`{name}`"
        lines.append(f"| {names} | {f'`{default}`' if default else ''} | {text} |")
    return "\n".join(lines) + "\n"


def metrics_table():
    lines = ["| Metric | Labels | What it counts |", "| --- | --- | --- |"]
    for name, text, labels in METRIC.findall(read("server/telemetry/metrics.cc")):
        lines.append(f"| `{name}` | {labels.replace(chr(34), '')} | {text} |")
    return "\n".join(lines) + "\n"


TABLES = {"reasons": reasons_table, "settings": settings_table, "metrics": metrics_table}


def with_tables(readme):
    for name, make in TABLES.items():
        before, rest = readme.split(f"<!-- {name}: begin -->\n")
        _, after = rest.split(f"<!-- {name}: end -->\n")
        readme = f"{before}<!-- {name}: begin -->\n{make()}<!-- {name}: end -->\n{after}"
    return readme


def section(readme, heading):
    match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL)
    return match[1] if match else ""


def first_cells(text):
    """The names in code marks in the first column of a section's tables."""
    for line in text.splitlines():
        if line.startswith("| `"):
            yield from re.findall(r"`([^`]+)`", line.split(" | ")[0])


def differences(what, documented, real):
    yield from (f"{what} {name} is in the code but not in the README" for name in sorted(set(real) - set(documented)))
    yield from (f"{what} {name} is in the README but not in the code" for name in sorted(set(documented) - set(real)))


def check_tables(readme):
    if with_tables(readme) != readme:
        yield "a table that is made from the code differs: run tests/checks/readme_check.py --write"


def check_metrics(readme):
    """The generated table would miss a metric that is made in another way."""
    real = re.findall(r'"integration_([a-z_]+)"', read_all("server/telemetry", "*.cc"))
    return differences("metric", first_cells(section(readme, "Metrics")), real)


def check_limits(readme):
    """Settings that are refused are named among the limits."""
    limits = section(readme, "Limits")
    not_yet = [name for name, exposure, *_ in settings() if exposure == "kNotYet"]
    yield from (f"{name} is refused, but not named under Limits" for name in not_yet if f"`{name}`" not in limits)


def check_methods(readme):
    real = re.findall(r"^  rpc (\w+)\(", read_all("proto", "*.proto"), re.MULTILINE)
    return differences("method", first_cells(section(readme, "The API")), real)


def check_verbs(readme):
    real = re.findall(r'AddVerb\(\s*set,\s*"([a-z-]+)"', read_all("clients/cli", "*.cc"))
    documented = [name.split(" ")[0] for name in first_cells(section(readme, "The command line"))]
    return differences("verb", documented, real)


def commands(readme):
    for block in re.findall(r"^```sh\n(.*?)^```", readme, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            line = re.sub(r"^\$ ", "", line.strip())
            if line and not line.startswith("#"):
                yield line


def check_commands(readme):
    """Scripts and flags exist, verbs and methods are real."""
    for command in commands(readme):
        words = shlex.split(command, comments=True)
        if words and words[0].startswith("./"):
            yield from check_script(words)
        for method in re.findall(r"satudata\.integration\.v1\.(\w+/\w+)", command):
            yield from check_method(method)
        if "integrationctl" in command:
            yield from check_ctl(command)


def check_script(words):
    script = ROOT / words[0]
    if not script.is_file():
        yield f"{words[0]} does not exist"
        return
    text = script.read_text(encoding="utf-8")
    yield from (f"{words[0]} has no {word}" for word in words[1:] if word.startswith("--") and word not in text)


def check_method(method):
    service, name = method.split("/")
    if not re.search(rf"^service {service} \{{.*?^  rpc {name}\(", read_all("proto", "*.proto"), re.M | re.S):
        yield f"there is no method {method}"


def check_ctl(command):
    code = read_all("clients/cli", "*.cc")
    for part in re.findall(r"integrationctl ([^|;&)]*)", command):
        for flag in re.findall(r"(?<!\S)(--[a-z-]+)", part):
            if f'"{flag}"' not in code and f",{flag}" not in code:
                yield f"integrationctl has no {flag}"


def check_links(readme):
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        if not (ROOT / target).exists():
            yield f"the link to {target} leads nowhere"


def check_length(readme):
    """Of what people write and read from top to bottom; the generated tables are looked things up in."""
    written = re.sub(r"<!-- (\w+): begin -->.*?<!-- \1: end -->", "", readme, flags=re.DOTALL)
    lines = written.count("\n")
    if lines >= 300:
        yield f"the README has {lines} lines beside its generated tables; it is to stay under 300"


CHECKS = (check_tables, check_methods, check_verbs, check_metrics, check_limits, check_commands, check_links,
          check_length)


def main():
    readme = read("README.md")
    if sys.argv[1:] == ["--write"]:
        (ROOT / "README.md").write_text(with_tables(readme), encoding="utf-8")
        return 0
    found = [line for check in CHECKS for line in check(readme)]
    for line in found:
        print("README.md: " + line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
