#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""next_release.py IN.tar.gz OUT.tar.gz [SHARE]

Makes the next release of a database out of one: in SHARE (default 0.01) of the CIFs, evenly spread, the first cell
length grows by 0.1 %; three structures are left out and two come twice, under new names.
"""
import io
import re
import sys
import tarfile


def main(source, target, share=0.01):
    every = round(1 / share)
    changed = dropped = added = 0
    with tarfile.open(source) as old, tarfile.open(target, "w:gz", compresslevel=6) as new:
        number = 0
        for member in old:
            if not member.isfile():
                new.addfile(member)
                continue
            data = old.extractfile(member).read()
            if member.name.endswith(".cif"):
                number += 1
                if number % every == 7 % every:
                    grown = re.sub(rb"(_cell_length_a\s+)([0-9.]+)",
                                   lambda m: m[1] + b"%.6f" % (1.001 * float(m[2])), data, count=1)
                    changed += grown != data
                    data = grown
                elif number in (1000, 2000, 3000):
                    dropped += 1
                    continue
                elif number in (1500, 2500):
                    twin = tarfile.TarInfo(member.name.removesuffix(".cif") + "-twin.cif")
                    twin.size = len(data)
                    new.addfile(twin, io.BytesIO(data))
                    added += 1
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    print(f"{changed} changed, {added} added, {dropped} left out")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(float, sys.argv[3:]))
