#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""examples_test.py SCRATCH: examples.py reports differences, except for those that are allowed."""
import os
import shutil
import subprocess
import sys

FENCE = "```"


def outcome(scratch, text, **environment):
    document = os.path.join(scratch, "document.md")
    with open(document, "w", encoding="utf-8") as file:
        file.write(text)
    runner = os.path.join(os.path.dirname(os.path.abspath(__file__)), "examples.py")
    done = subprocess.run([sys.executable, runner, document, os.path.join(scratch, "run"), sys.executable], capture_output=True, text=True,
                          env={**os.environ, **environment}, check=False)
    with open(document, encoding="utf-8") as file:
        return done.returncode, file.read()


def console(*lines):
    return "\n".join(["Text", FENCE + "console", *lines, FENCE, ""])


def python(script, output):
    return "\n".join([FENCE + "python", script, FENCE, "", FENCE + "text", output, FENCE, ""])


def main():
    scratch = sys.argv[1]
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    right = [
        console("$ echo one", "one", "$ true", "$ printf 'a  b\\nc\\n'", "a b", "c"),
        console("$ echo one \\", "  two", "one two"),
        console("$ echo 3 found, 0.523 in 12.5 s on 2026-01-01", "3 found, 0.519 in 7 s on 2027-11-30"),
        console("$ echo in 1 min 13 s, in 2 h 05 min", "in 0.7 s, in 59 min 00 s"),
        console("$ seq 5", "1", "...", "5"),
        console("$ ls inputs/demo/labels.csv", "inputs/demo/labels.csv"),
        python("print(1 + 1)", "2"),
        FENCE + "python\nfor i in [1, 2]:\n    print(i)\n" + FENCE + "\ntext\n" + FENCE + "python\n    print(-i)\n" + FENCE + "\n" + FENCE +
        "text\n1\n-1\n2\n-2\n" + FENCE + "\n",
    ]
    wrong = [
        console("$ echo one", "two"),
        console("$ echo one"),
        console("$ true", "one"),
        console("$ false"),
        console("$ echo 3 found", "4 found"),
        console("$ echo 0.523", "0.482"),
        console("$ seq 5", "1", "...", "4"),
        python("print(1 + 1)", "3"),
        python("raise SystemExit(1)", ""),
        "no example",
    ]
    for text in right:
        assert outcome(scratch, text)[0] == 0, text
    for text in wrong:
        assert outcome(scratch, text)[0] == 1, text
    status, text = outcome(scratch, console("$ echo one", "two", "$ echo 2", "3"), IONSIFT_UPDATE_DOCS="1")
    assert status == 0 and text == console("$ echo one", "one", "$ echo 2", "2"), text
    lacking = python("import no_such_module_anywhere", "")
    assert outcome(scratch, lacking, CI="false")[0] == 77
    assert outcome(scratch, lacking, CI="true")[0] == 1


if __name__ == "__main__":
    main()
