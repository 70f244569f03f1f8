#!/usr/bin/env python3
"""Compares what the service claims with what the simulated targets really hold, and prints a short account.

Exits 0 only if
  - every record that the service calls CONFIRMED or UNCHANGED is held by the target with the same content,
  - no write was repeated after it had taken effect, and the second run sent nothing again that the first had confirmed,
  - nothing arrived that is not verified, or whose figures contradict each other,
  - every verified file has an outcome at every target.
What is still open (ACCEPTED, UNKNOWN, DEFERRED) is counted and is no failure: the service goes on with it by itself.
"""
import argparse
import collections
import concurrent.futures
import decimal
import json
import pathlib
import subprocess
import sys
import urllib.request

GOOD = ("STATE_CONFIRMED", "STATE_UNCHANGED")


class Service:
    """What the service says, asked with integrationctl."""

    def __init__(self, command):
        self.command = command

    def ask(self, *arguments):
        done = subprocess.run([*self.command, "-o", "json", *arguments], capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines() if line]

    def deliveries(self, run):
        listed = self.ask("deliveries", "--run", run)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            details = pool.map(lambda delivery: self.ask("delivery", delivery["deliveryId"])[0], listed)
            return list(details)


class Account:
    """The lines of the result; any `bad` number other than zero makes it a failure."""

    def __init__(self):
        self.holds = True

    def say(self, text, number):
        print(f"  {number:>6}  {text}")

    def must_be_zero(self, text, found):
        found = list(found)
        self.say(text, len(found))
        for example in found[:5]:
            print(f"            {example}")
        self.holds = self.holds and not found


def read_json(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def read_catalogue(path):
    """The importable entries of the sample by id."""
    entries = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            entries[entry["_id"]["$oid"] if isinstance(entry["_id"], dict) else entry["_id"]] = entry
        except (ValueError, TypeError, KeyError):
            continue
    return entries


def is_same_value(left, right):
    try:
        return decimal.Decimal(left) == decimal.Decimal(right)
    except (decimal.InvalidOperation, TypeError):
        return False


def is_same_dataset(body, entry):
    """Whether what SPLP holds is what the catalogue says, but for blanks around it."""
    wanted = {"dataset_name": entry["name"], "theme": entry["temadataset"], "file_name": entry["filename"]}
    return all(body.get(field) == value.strip() for field, value in wanted.items())


def why_false(target, key, value, truth, catalogue):
    """Why a claim that `target` holds `key` is false; None if it is true."""
    held = truth[target].get(key)
    if held is None or not held["held"]:
        return f"{target} {key}: not held"
    if target == "sipd" and not is_same_value(value, held["value"]):
        return f"{target} {key}: claimed {value}, holds {held['value']}"
    if target == "splp" and not is_same_dataset(held["value"], catalogue[key]):
        return f"{target} {key}: holds something else"
    return None


def claims_of(details):
    """(target, key) -> value of every record that is called CONFIRMED or UNCHANGED."""
    return {
        (detail["delivery"]["target"], record["key"]): record["value"]
        for detail in details
        for record in detail.get("records", [])
        if record["state"] in GOOD
    }


def unchanged_claims(service, expected):
    """The records of files that the last run found UNCHANGED as a whole: those have no delivery."""
    claims = {}
    for file in service.ask("files"):
        for standing in file.get("targetStates", []):
            if standing["state"] != "STATE_UNCHANGED":
                continue
            if standing["target"] == "splp":
                claims["splp", file["fileId"]] = ""
            else:
                claims.update(values_of(service, file["fileId"], expected))
    return claims


def values_of(service, file_id, expected):
    values = service.ask("values", file_id)
    return {("sipd", key_of(value, expected["kodepemda"])): value["value"] for value in values if value.get("value")}


def key_of(value, default_kodepemda):
    return f"{value.get('kodepemda') or default_kodepemda}.{value['kodeindikator'].strip()}.{value['tahun'].strip()}"


def without_outcome(service, catalogue):
    """Verified files that have no standing at a target."""
    verified = [file for file in service.ask("files") if file["verification"] == "VERIFICATION_VERIFIED"]
    for file in verified:
        known = {s["target"] for s in file.get("targetStates", []) if s["state"] != "STATE_UNSPECIFIED"}
        for target in {"splp", "sipd"} - known:
            yield f"{target} {file['fileId']}"
    if not verified or not {file["fileId"] for file in verified} <= set(catalogue):
        yield "the list of files is not the sample"


def misread(claims, expected):
    """Claims about SIPD whose value is not the one that the sample's author had in mind."""
    for (target, key), value in claims.items():
        if target == "sipd" and not is_same_value(value, expected["sipd"]["values"].get(key)):
            yield f"sipd {key}: {value}, should be {expected['sipd']['values'].get(key)}"


def sent_again(claims, before, after):
    for target, key in claims:
        first = before[target].get(key, {}).get("applies", 0)
        second = after[target].get(key, {}).get("applies", 0)
        if second > first:
            yield f"{target} {key}: {second - first} times"


def arrived_unwanted(truth, keys):
    """Of `keys`, those that somebody wrote: they were not there beforehand."""
    return (f"sipd {key}" for key in keys if truth["sipd"].get(key, {}).get("applies", 0) > 0)


def needless(truth):
    for target in ("splp", "sipd"):
        for key, record in truth[target].items():
            if record["needless_second_effects"] > 0:
                yield f"{target} {key}: {record['needless_second_effects']}"


def print_records(account, details):
    counts = collections.Counter(
        (detail["delivery"]["target"], record["state"]) for detail in details for record in detail.get("records", [])
    )
    for (target, state), number in sorted(counts.items()):
        account.say(f"records {state.removeprefix('STATE_')} at {target}, by the first run's deliveries", number)


def compare(service, options):
    expected = json.loads((options.sample / "expected.json").read_text(encoding="utf-8"))
    catalogue = read_catalogue(options.sample / "catalog.jsonl")
    before = json.loads(options.truth_before.read_text(encoding="utf-8"))
    after = read_json(options.truth)
    first = service.deliveries(options.run)
    confirmed = claims_of(first)
    claims = {**confirmed, **unchanged_claims(service, expected)}
    reasons = (why_false(target, key, value, after, catalogue) for (target, key), value in claims.items())
    refused = {f"{expected['kodepemda']}.{r['kodeindikator']}.{r['tahun']}" for r in expected["sipd"]["rejected"]}
    unverified = expected["keys_of_unverified_files_only"]

    account = Account()
    print_records(account, first)
    account.say("records that the service says are at the targets", len(claims))
    account.must_be_zero("of them false", filter(None, reasons))
    account.must_be_zero("of them with another value than the sample's", misread(claims, expected))
    wanted = expected["sipd"]["values"]
    proven = {key for target, key in claims if target == "sipd"}
    account.say("values that SIPD is to hold in the end", len(wanted))
    account.say("of them not proven yet: refused or lost by the simulated SIPD", len(set(wanted) - proven))
    account.must_be_zero("records with a needless second effect", needless(after))
    account.must_be_zero("records that the second run sent again", sent_again(confirmed, before, after))
    account.must_be_zero("unverified values that arrived", arrived_unwanted(after, unverified))
    account.must_be_zero("refused values that arrived", arrived_unwanted(after, refused))
    account.must_be_zero("verified files without an outcome at a target", without_outcome(service, catalogue))
    return account.holds


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", required=True, help="the first run")
    parser.add_argument("--sample", required=True, type=pathlib.Path, help="the sample's folder")
    parser.add_argument("--truth", required=True, help="URL of the simulator's /admin/truth")
    parser.add_argument("--truth-before", required=True, type=pathlib.Path, help="the same, saved after the first run")
    parser.add_argument("command", nargs="+", help="integrationctl with its global flags")
    return parser.parse_args()


def main():
    options = parse_options()
    return 0 if compare(Service(options.command), options) else 1


if __name__ == "__main__":
    sys.exit(main())
