#!/usr/bin/env python3
"""Shows that source_check.py stops what it should and lets the rest through."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import source_check  # noqa: E402

GUARDED = "#ifndef SERVER_BASE_A_H_\n#define SERVER_BASE_A_H_\n#endif\n"


def findings(path, text):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
        return source_check.check_tree(pathlib.Path(folder))


class SourceCheckTest(unittest.TestCase):
    def test_lets_a_clean_tree_through(self):
        self.assertEqual(findings("server/base/a.h", GUARDED), [])
        self.assertEqual(findings("server/base/a.cc", "int Answer() { return 42; }\n"), [])

    def test_names_the_line(self):
        found = findings("server/base/a.cc", "int a;\nint b;  // " + "TO" + "DO: more\n")
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("server/base/a.cc:2: "))

    def test_stops_paths_of_one_machine(self):
        self.assertEqual(len(findings("deploy/a.sh", "cd /" + "work/main\n")), 1)
        self.assertEqual(findings("deploy/a.sh", "cd framework/main\n"), [])

    def test_stops_untidy_lines(self):
        self.assertEqual(len(findings("a.md", "text \n")), 1)
        self.assertEqual(len(findings("a.md", "text")), 1)
        self.assertEqual(len(findings("a.md", "text\r\n")), 1)
        self.assertEqual(len(findings("server/base/a.cc", "\tint a;\n")), 1)

    def test_stops_a_wrong_guard_and_a_long_file(self):
        self.assertEqual(len(findings("server/base/b.h", GUARDED)), 1)
        self.assertEqual(len(findings("server/base/a.cc", "int a;\n" * (source_check.MAX_LINES + 1))), 1)

    def test_leaves_odd_bytes_of_corpora_alone(self):
        self.assertEqual(findings("tests/fuzz/csv_corpus/odd.json", "\r\n \t"), [])


if __name__ == "__main__":
    unittest.main()
