#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""commands.py ROOT IONSIFT: the program accepts every command that a document shows. Nothing is run: the program reads
the options and prints a configuration."""
import os
import re
import shlex
import subprocess
import sys

NOT_COMMANDS = {"completion", "man", "help", "COMMAND", "--help", "--version", "inspect"}


def commands_of(text):
    """Commands of fenced blocks without another language; lines that end in a backslash are continued, and comments are
    left out. If a block has prompts, lines without one are output."""
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text, flags=re.M | re.S):
        if language not in ("", "console", "sh", "bash"):
            continue
        lines = block.replace("\\\n", " ").split("\n")
        prompted = [line for line in lines if line.startswith("$ ")]
        for line in prompted or lines:
            line = re.sub(r"\s+#.*", "", line.removeprefix("$ "))
            found = re.match(r"(?:mpirun -n \w+ |time )?ionsift (.*)", line.strip())
            if found:
                words = shlex.split(re.split(r"[|>;]", found.group(1))[0])
                yield [word for word in words if word != "..."]


def main():
    root, ionsift = sys.argv[1:]
    documents = ["README.md"] + [os.path.join("docs", name) for name in sorted(os.listdir(os.path.join(root, "docs"))) if name.endswith(".md")]
    read, wrong = 0, 0
    for document in documents:
        with open(os.path.join(root, document), encoding="utf-8") as file:
            text = file.read()
        for words in commands_of(text):
            if not words or words[0] in NOT_COMMANDS:
                continue
            done = subprocess.run([ionsift, *words, "--dump-default"], capture_output=True, text=True, check=False)
            read += 1
            if done.returncode != 0:
                wrong += 1
                print(f"{document}: ionsift {' '.join(words)}\n  {done.stderr.strip()}")
    print(f"{read} commands in {len(documents)} documents")
    raise SystemExit(1 if wrong or read < 30 else 0)


if __name__ == "__main__":
    main()
