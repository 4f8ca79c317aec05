#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A store as large as a release of millions, drawn with replacement from a real one; for trying out screening at that size.

    jobs/synthetic_release.py STORE.h5 OUT.h5 --structures 1000000 [--seed 1]

Structures keep formula, crystal and features and get new ids ("mp-123~17") and hashes; OUT has the layout of schema 1, which
has no checksums to forge. Needs python3-h5py. Not data: nothing may be concluded from what is found in it.
"""
import argparse
import hashlib

CHUNK = 20_000  # structures copied at once


def ranges(offset, chosen, np):
    """Rows of the chosen structures, one after the other, and how many each has."""
    first, counts = offset[chosen], offset[chosen + 1] - offset[chosen]
    ends = np.cumsum(counts)
    rows = np.arange(counts.sum()) + np.repeat(first - (ends - counts), counts)
    return rows, counts


class Copier:
    def __init__(self, source, target, h5py, np):
        self.source, self.target, self.h5py, self.np = source, target, h5py, np
        self.held = {}

    def read(self, name):
        if name not in self.held:
            self.held[name] = self.source[name][:]
        return self.held[name]

    def append(self, name, values):
        if name not in self.target:
            shape = self.source[name].shape[1:]
            chunk = max(1, 2**20 // max(1, values.dtype.itemsize * int(self.np.prod(shape, initial=1))))
            self.target.create_dataset(name, shape=(0, *shape), maxshape=(None, *shape), chunks=(chunk, *shape),
                                       dtype=self.source[name].dtype)
        dataset = self.target[name]
        begin = dataset.shape[0]
        dataset.resize(begin + len(values), axis=0)
        dataset[begin:] = values

    def offsets(self, name, counts):
        if name not in self.target:
            self.append(name, self.np.zeros(1, dtype=self.source[name].dtype))
        last = self.target[name][-1]
        self.append(name, (last + self.np.cumsum(counts)).astype(self.source[name].dtype))

    def rows(self, names, rows):
        for name in names:
            self.append(name, self.read(name)[rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("out")
    parser.add_argument("--structures", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    import h5py
    import numpy as np

    random = np.random.default_rng(options.seed)
    with h5py.File(options.store) as source, h5py.File(options.out, "w") as target:
        copier = Copier(source, target, h5py, np)
        n = len(source["structures/id"])
        representations = list(source["features"])
        ids = source["structures/id"].asstr()[:]
        facts = [f"structures/{name}" for name in source["structures"]
                 if name not in ("id", "sha256", "index", "entry", "release", "checksum", "origin_checksum")]
        for begin in range(0, options.structures, CHUNK):
            chosen = random.integers(0, n, min(CHUNK, options.structures - begin))
            number = begin + np.arange(len(chosen))
            copier.rows(facts, chosen)
            copier.append("structures/index", number.astype("i8") << 24)
            names = [f"{ids[i]}~{k}" for i, k in zip(chosen, number)]
            for name, texts in (("id", names), ("sha256", [hashlib.sha256(text.encode()).hexdigest() for text in names])):
                path = f"structures/{name}"
                if path not in target:
                    kind = h5py.string_dtype("utf-8", 64)
                    target.create_dataset(path, shape=(0,), maxshape=(None,), chunks=(2**14,), dtype=kind)
                dataset = target[path]
                dataset.resize(begin + len(chosen), axis=0)
                dataset[begin:] = np.array([text.encode() for text in texts], dtype=h5py.string_dtype("utf-8", 64))
            for representation in representations:
                group = f"features/{representation}"
                rows, counts = ranges(copier.read(f"{group}/offset"), chosen, np)
                copier.offsets(f"{group}/offset", counts)
                by_row = [f"{group}/{name}" for name in source[group] if name[0] == "V" or name in ("multiplicity", "orbit")]
                copier.rows(by_row, rows)
                copier.rows([f"{group}/{name}" for name in source[group]
                             if f"{group}/{name}" not in by_row and name not in ("offset", "checksum")], chosen)
            crystals = "crystals"
            copier.rows([f"{crystals}/lattice"], chosen)
            sites, counts = ranges(copier.read(f"{crystals}/site_offset"), chosen, np)
            copier.offsets(f"{crystals}/site_offset", counts)
            copier.rows([f"{crystals}/position", f"{crystals}/orbit"], sites)
            orbits, counts = ranges(copier.read(f"{crystals}/orbit_offset"), chosen, np)
            copier.offsets(f"{crystals}/orbit_offset", counts)
            copier.rows([f"{crystals}/{name}" for name in ("label", "representative", "multiplicity")], orbits)
            species, counts = ranges(copier.read(f"{crystals}/species_offset"), orbits, np)
            copier.offsets(f"{crystals}/species_offset", counts)
            copier.rows([f"{crystals}/{name}" for name in ("atomic_number", "occupancy", "oxidation")], species)
        for name in source["failures"]:
            if name != "checksum":
                dataset = source[f"failures/{name}"]
                target.create_dataset(f"failures/{name}", shape=(0,), maxshape=(None,), chunks=(1024,), dtype=dataset.dtype)
        for name, value in source.attrs.items():
            if name not in ("options",):
                target.attrs[name] = value
        target.attrs["schema"] = np.array(1, dtype=source.attrs["schema"].dtype)


if __name__ == "__main__":
    main()
