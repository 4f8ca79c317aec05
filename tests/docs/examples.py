#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""examples.py DOCUMENT SCRATCH IONSIFT [--begin-with FOLDER]: runs the examples of a document and compares what they print.

Blocks marked `console` hold commands ("$ ...", continued by a backslash or a here-document) and what they print on standard
output; blocks marked `python` are scripts, and a block marked `text` right behind one has its output. A Python block that
begins indented continues the one before. All other blocks are ignored. Everything runs in SCRATCH, in the order of the
document, with `ionsift` on the path and the clone's `inputs` in place; SCRATCH begins as a copy of FOLDER.

The output may differ from the document in blank space; in times, amounts of memory, rates, dates, versions and hashes;
and in numbers with a decimal point by 0.02 or 2 %, because trained networks differ in their last digits between processors. A line
of "..." stands for any lines. With IONSIFT_UPDATE_DOCS in the environment the document gets the output.

Exit status 77 where Python lacks a module that an example imports (1 with CI=true)."""
import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys

TOLERANCE = 0.02
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
MASKS = [(re.compile(pattern), mask) for pattern, mask in (
    (r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?", "<date>"),
    (r"\b[0-9a-f]{40,64}\b", "<hash>"),
    (r"\b\d+\.\d+\.\d+\b", "<version>"),
    (r"\b\d+ (?:min \d+ s|h \d+ min)\b", "<amount>"),  # format_duration, of long durations
    (r"\b\d+(?:\.\d+)? ?(?:ms|s|min|h|kB|MB|GB|a second|times the mean)(?!\w)", "<amount>"),
)]


class Block:
    """A fenced block: its language, its lines, and their place in the document."""

    def __init__(self, language, lines, first):
        self.language, self.lines, self.first = language, lines, first

    def text(self):
        return "".join(line + "\n" for line in self.lines)


def blocks_of(document):
    blocks, start, language = [], None, ""
    for number, line in enumerate(document):
        if not line.startswith("```"):
            continue
        if start is None:
            start, language = number + 1, line[3:].strip()
        else:
            blocks.append(Block(language, document[start:number], start))
            start = None
    return blocks


class Step:
    """Code that is run, and the lines of the document that hold its output."""

    def __init__(self, arguments, line, first, expected):
        self.arguments, self.line, self.first, self.expected = arguments, line, first, expected


def console_steps(block):
    steps, at = [], 0
    while at < len(block.lines):
        if not block.lines[at].startswith("$ "):
            raise SystemExit(f"line {block.first + at + 1}: a console block begins with a command")
        line, command = block.first + at + 1, block.lines[at][2:]
        at += 1
        while command.endswith("\\"):
            command += "\n" + block.lines[at].removeprefix("> ")
            at += 1
        first = at
        while at < len(block.lines) and not block.lines[at].startswith("$ "):
            at += 1
        steps.append(Step(["bash", "-euo", "pipefail", "-c", command], line, block.first + first, block.lines[first:at]))
    return steps


def python_step(script, output, line):
    first, expected = (output.first, output.lines) if output else (None, [])
    return Step([sys.executable, "-c", script], line, first, expected)


def steps_of(blocks):
    steps, script, line, output = [], "", 0, None

    def finish():
        nonlocal script, output
        if script:
            steps.append(python_step(script, output, line))
        script, output = "", None

    for block in blocks:
        if block.language == "python":
            if block.lines and block.lines[0].startswith(" ") and script:
                script += block.text()
                continue
            finish()
            script, line = block.text(), block.first + 1
        elif block.language == "text" and script and output is None:
            output = block
        else:
            finish()
            if block.language == "console":
                steps += console_steps(block)
    finish()
    return steps


def near(a, b):
    if "." not in a + b and "e" not in (a + b).lower():
        return int(a) == int(b)
    difference = abs(float(a) - float(b))
    return difference <= max(TOLERANCE, TOLERANCE * abs(float(b)))


def same_line(found, expected):
    for pattern, mask in MASKS:
        found, expected = pattern.sub(mask, found), pattern.sub(mask, expected)
    words = [" ".join(NUMBER.sub("#", line).split()) for line in (found, expected)]
    # Rules of tables are as long as their widest cell.
    words = [re.sub(r"-{3,}", "---", line) for line in words]
    return words[0] == words[1] and all(map(near, NUMBER.findall(found), NUMBER.findall(expected)))


def same(found, expected):
    """Compares lines; "..." among the expected stands for any number of lines."""
    if not expected:
        return not found
    if expected[0].strip() == "...":
        return any(same(found[skipped:], expected[1:]) for skipped in range(len(found) + 1))
    return bool(found) and same_line(found[0], expected[0]) and same(found[1:], expected[1:])


def lacking_modules(steps):
    lacking = set()
    for step in steps:
        if step.arguments[0] == sys.executable:
            for names in re.findall(r"^\s*import (.+)$", step.arguments[2], re.M):
                lacking |= {name.split()[0] for name in names.split(",") if importlib.util.find_spec(name.split()[0]) is None}
            lacking |= {name for name in re.findall(r"^\s*from (\w+)", step.arguments[2], re.M) if importlib.util.find_spec(name) is None}
    return sorted(lacking)


def prepare(arguments):
    shutil.rmtree(arguments.scratch, ignore_errors=True)
    if arguments.begin_with:
        shutil.copytree(arguments.begin_with, arguments.scratch, symlinks=True)
    else:
        os.makedirs(arguments.scratch)
        source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        os.symlink(os.path.join(source, "inputs"), os.path.join(arguments.scratch, "inputs"))
    folder = os.path.dirname(os.path.abspath(arguments.ionsift))
    return {**os.environ, "PATH": folder + os.pathsep + os.environ["PATH"]}


def run(step, arguments, environment, name):
    done = subprocess.run(step.arguments, cwd=arguments.scratch, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{name}:{step.line} ends with status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.rstrip("\n").split("\n") if done.stdout.strip() else []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("document")
    parser.add_argument("scratch")
    parser.add_argument("ionsift")
    parser.add_argument("--begin-with")
    arguments = parser.parse_args()
    with open(arguments.document, encoding="utf-8") as file:
        document = file.read().split("\n")
    steps = steps_of(blocks_of(document))
    if not steps:
        raise SystemExit(f"{arguments.document} has no example")
    lacking = lacking_modules(steps)
    if lacking:
        print(f"no Python module {', '.join(lacking)}")
        raise SystemExit(1 if os.environ.get("CI") == "true" else 77)
    environment, update, wrong, edits = prepare(arguments), "IONSIFT_UPDATE_DOCS" in os.environ, 0, []
    name = os.path.basename(arguments.document)
    for step in steps:
        found = run(step, arguments, environment, name)
        print(f"{name}:{step.line} {'is as written' if same(found, step.expected) else 'differs'}")
        if same(found, step.expected) or (update and step.first is not None):
            if found != step.expected and update and "..." not in step.expected:
                edits.append((step, found))
            continue
        wrong += 1
        print("  printed:", *found, "  written:", *step.expected, sep="\n  ")
    if edits:
        for step, found in reversed(edits):
            document[step.first:step.first + len(step.expected)] = found
        with open(arguments.document, "w", encoding="utf-8") as file:
            file.write("\n".join(document))
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
