#!/usr/bin/env python3
"""Enforces what every text file of the tree keeps: no notes to self, no machine's own paths, clean ends of lines,
include guards after the path, and files short enough to hold one idea.

    source_check.py [ROOT]     prints each violation as FILE:LINE: why; exits 1 if there is any
"""
import pathlib
import re
import sys

MAX_LINES = 500
CODE = {".h", ".cc", ".py", ".sh", ".proto"}
TEXT = CODE | {".md", ".txt", ".json", ".yaml", ".yml", ".in", ".cmake", ""}
# Beside these: folders of corpora, whose bytes are odd on purpose.
SKIPPED_FOLDERS = {".git", "build", "data", "node_modules", "sample", "__pycache__"}

# Spelled in pieces, so that this file does not hold them.
FORBIDDEN = [
    (re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"), "finish it, or say it as a limit in the README"),
    (re.compile(r"(?<![\w.])/(?:wo" r"rk|ho" r"me|ro" r"ot)/"), "a path of one machine"),
    (re.compile(r"[ \t]+$"), "blank at the end of the line"),
    (re.compile(r"\r"), "carriage return"),
]
TAB = re.compile(r"\t")


def files(root):
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        skipped = any(part in SKIPPED_FOLDERS or part.endswith("corpus") for part in parts)
        if not skipped and path.is_file() and path.suffix in TEXT:
            yield path


def guard_of(relative):
    return re.sub(r"[^A-Z0-9]", "_", relative.upper()) + "_"


def line_violations(path, lines):
    for number, line in enumerate(lines, start=1):
        for pattern, why in FORBIDDEN:
            if pattern.search(line):
                yield number, why
        if path.suffix in CODE and TAB.search(line):
            yield number, "tab"


def file_violations(path, relative, text, lines):
    if path.suffix in CODE and len(lines) > MAX_LINES:
        yield 1, f"{len(lines)} lines; split it by idea (at most {MAX_LINES})"
    if text and not text.endswith("\n"):
        yield len(lines), "no newline at the end"
    guard = guard_of(relative)
    if path.suffix == ".h" and f"#ifndef {guard}\n#define {guard}\n" not in text:
        yield 1, f"include guard is not {guard}"


def check_file(root, path):
    relative = path.relative_to(root).as_posix()
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return [f"{relative}:1: not UTF-8"]
    lines = text.split("\n")[: text.count("\n") + (0 if text.endswith("\n") else 1)]
    found = sorted([*line_violations(path, lines), *file_violations(path, relative, text, lines)])
    return [f"{relative}:{number}: {why}" for number, why in found]


def check_tree(root):
    return [line for path in files(root) for line in check_file(root, path)]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    found = check_tree(root)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
