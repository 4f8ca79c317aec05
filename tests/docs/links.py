#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""links.py ROOT: every link between documents of the clone has an existing target, including headings."""
import os
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def without_code(text):
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def anchors(path):
    """As GitHub names headings: lower case, hyphens for blanks, no punctuation."""
    with open(path, encoding="utf-8") as file:
        headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", file.read(), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def main():
    root = os.path.abspath(sys.argv[1])
    documents = [os.path.join(root, name) for name in os.listdir(root) if name.endswith(".md")]
    for folder in ("docs", "inputs", "outputs", "tests/golden"):
        documents += [os.path.join(where, name) for where, _, names in os.walk(os.path.join(root, folder)) for name in names
                      if name.endswith(".md")]
    links, broken = 0, []
    for document in documents:
        with open(document, encoding="utf-8") as file:
            found = LINK.findall(without_code(file.read()))
        for link in found:
            if "://" in link:
                continue
            links += 1
            path, _, anchor = link.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(document), path)) if path else document
            if not os.path.exists(target) or (anchor and target.endswith(".md") and anchor not in anchors(target)):
                broken.append(f"{os.path.relpath(document, root)}: {link}")
    print(f"{links} links in {len(documents)} documents")
    print(*broken, sep="\n")
    raise SystemExit(1 if broken or links < 50 else 0)


if __name__ == "__main__":
    main()
