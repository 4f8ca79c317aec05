#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""site.py ROOT OUT [MKDOCS]: the site is made without a warning, has every page of docs/ in its navigation, has no broken links, and requests nothing from a
network. Exit status 77 without mkdocs."""
import os
import re
import shutil
import subprocess
import sys
import urllib.parse


def main():
    root, out = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    mkdocs = sys.argv[3] if len(sys.argv) > 3 and "NOTFOUND" not in sys.argv[3] else None
    if mkdocs is None:
        print("there is no mkdocs (Debian's package mkdocs)")
        return 77
    shutil.rmtree(out, ignore_errors=True)
    config = os.path.join(root, "cmake/site/mkdocs.yml")
    made = subprocess.run([mkdocs, "build", "--strict", "--config-file", config, "--site-dir", out], capture_output=True, text=True, check=False)
    print(made.stderr)
    if made.returncode != 0 or "not included in the" in made.stderr:
        return 1
    problems, pages = [], 0
    for where, _, names in os.walk(out):
        for name in names:
            if not name.endswith(".html") or name == "404.html":
                continue
            pages += 1
            path = os.path.join(where, name)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for kind, target in re.findall(r'<(?:link|script|img)\b[^>]*?\b(href|src)="([^"]+)"', text):
                if re.match(r"(https?:)?//", target):
                    problems.append(f"{os.path.relpath(path, out)} loads {target}")
            for target in re.findall(r'<a\b[^>]*?\bhref="([^"#]+)(?:#[^"]*)?"', text):
                if re.match(r"[a-z]+:", target):
                    continue
                place = os.path.normpath(os.path.join(where, urllib.parse.unquote(target)))
                if not os.path.exists(place):
                    problems.append(f"{os.path.relpath(path, out)} leads to {target}")
    documents = sum(name.endswith(".md") for _, _, names in os.walk(os.path.join(root, "docs")) for name in names)
    print(f"{pages} pages of {documents} documents; {len(problems)} problems")
    for problem in problems[:20]:
        print(problem)
    return 1 if problems or pages < documents else 0


if __name__ == "__main__":
    sys.exit(main())
