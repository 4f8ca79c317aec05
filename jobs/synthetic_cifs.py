#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A release of any size, made of real structures: a CIF with one data block for each, for trying out featurize and screen.

    jobs/synthetic_cifs.py RELEASE.tar.gz OUT.cif --structures 1000000 [--seed 1] [--max-bytes 2000]

Structures are drawn with replacement among the CIFs of at most MAX-BYTES; the edges of each cell are stretched by a factor of its own within
2 %, so that no two are the same. Not data: nothing may be concluded from what is found in it."""
import argparse
import random
import re
import tarfile

EDGE = re.compile(r"^(_cell_length_[abc]\s+)([0-9.]+)\S*", re.M)
HEADING = re.compile(r"^data_.*$", re.M)
VOLUME = re.compile(r"^_cell_volume.*\n", re.M)  # of the cell as it was


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release")
    parser.add_argument("out")
    parser.add_argument("--structures", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-bytes", type=int, default=2000)
    options = parser.parse_args()
    templates = []
    with tarfile.open(options.release) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".cif") and member.size <= options.max_bytes:
                text = archive.extractfile(member).read().decode("utf-8", "replace")
                if len(HEADING.findall(text)) == 1 and len(EDGE.findall(text)) == 3:
                    name = member.name.rsplit("/", 1)[-1][:-4]
                    # Pieces between which a name and three edges go.
                    text = HEADING.sub("data_\0", VOLUME.sub("", text[text.index("data_"):]), count=1)
                    templates.append((name, EDGE.sub(lambda m: m[1] + "\0" + m[2] + "\0", text).split("\0")))
    if not templates:
        raise SystemExit(f"{options.release} holds no CIF of at most {options.max_bytes} bytes with one block")
    source = random.Random(options.seed)
    with open(options.out, "w", encoding="utf-8") as out:
        for number in range(options.structures):
            name, pieces = source.choice(templates)
            factor = 1 + source.uniform(-0.02, 0.02)
            stretched = [f"{float(p) * factor:.6f}" if i in (2, 4, 6) else p for i, p in enumerate(pieces)]
            stretched.insert(1, f"{name}~{number}")
            out.write("".join(stretched))
            if not stretched[-1].endswith("\n"):
                out.write("\n")
    print(f"{options.structures} structures made of {len(templates)}")


if __name__ == "__main__":
    main()
