#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""CIFs to MEGNet features as a Python user would compute them: pymatgen, numpy, h5py.

The yardstick of jobs/bench.sh. It parses with pymatgen, takes its neighbour list once for all representations and
evaluates the network in float32 with BLAS, all edges of a structure in one product. It avoids unnecessary work: the
first layers are computed once for V1..V3, and the oxidation states (pymatgen finds none for fractional formulas) are taken,
untimed, from the store that ionsift made of the same files; the features are then compared with that store.

    python_pipeline.py --cifs DIR --weights KERAS.hdf5 --store S.h5 --out OUT.h5 [--every N --offset K]

prints JSON: milliseconds a structure by step, and the largest deviation from the store.
"""
import argparse
import json
import pathlib
import sys
import time
import warnings

REPRESENTATIONS = ("CAMN", "CAN", "CAMNS", "CANS")
LITHIUM, CATION, ANION, NEUTRAL = 3, 13, 16, 12
LN2 = 0.6931471805599453


def softplus2(x, np):
    """softplus(x) - ln 2, in place if possible; float32 exp and log are numpy's vectorised ones."""
    y = np.abs(x)
    np.negative(y, out=y)
    np.exp(y, out=y)
    y += 1
    np.log(y, out=y)
    y -= LN2
    np.maximum(x, 0, out=x)
    y += x
    return y


class Network:
    """The published weights, applied as in METHOD's section 3."""

    def __init__(self, path, real, np, h5py):
        self.np, self.real = np, real
        with h5py.File(path, "r") as file:
            weights = file["model_weights"]

            def read(name):
                return weights[name][:].astype(real)

            self.embedding = read("embedding_1/embedding_1/embeddings:0")
            self.dense = {
                n: (read(f"dense_{n}/dense_{n}/kernel:0"), read(f"dense_{n}/dense_{n}/bias:0")) for n in range(1, 19)
            }
            self.blocks = []
            for block in (1, 2, 3):
                name = f"meg_net_layer_{block}"
                phi = f"{name}/{name}/{name}/phi_"
                self.blocks.append(
                    {
                        part: [
                            (read(f"{phi}{part}/weight_{part}_{i}:0"), read(f"{phi}{part}/bias_{part}_{i}:0"))
                            for i in range(3)
                        ]
                        for part in "evu"
                    }
                )
        with open(str(path) + ".json", encoding="utf-8") as file:
            converter = json.load(file)["graph_converter"]
        centres = converter["bond_converter"]["centers"]
        self.centres = np.array(centres["data"] if isinstance(centres, dict) else centres, dtype=real)
        self.width = float(converter["bond_converter"]["width"])
        self.cutoff = float(converter["cutoff"])

    def layer(self, x, weights, activate=True):
        y = x @ weights[0]
        y += weights[1]
        return softplus2(y, self.np) if activate else y

    def pair(self, x, first):
        return self.layer(self.layer(x, self.dense[first]), self.dense[first + 1])

    def mlp(self, x, layers):
        return self.layer(self.layer(self.layer(x, layers[0]), layers[1]), layers[2], activate=False)

    def expand(self, distance):
        x = distance.astype(self.real)[:, None] - self.centres
        x /= self.width
        x *= x
        self.np.negative(x, out=x)
        return self.np.exp(x, out=x)

    def levels(self, v0, sender, receiver, expansion, depth):
        """V0..V<depth> of every site; edges are sorted by sender."""
        np = self.np
        sites = len(v0)
        degree = np.bincount(sender, minlength=sites).astype(self.real)[:, None]
        with_edges = np.flatnonzero(degree)
        starts = np.searchsorted(sender, with_edges)
        v, e, u = self.pair(v0, 1), self.pair(expansion, 3), self.pair(np.zeros((1, 2), self.real), 5)
        result = [v0]
        for k, phi in enumerate(self.blocks[:depth]):
            skip = v, e, u
            if k > 0:
                v, e, u = (self.pair(x, 6 * k + first) for x, first in ((v, 1), (e, 3), (u, 5)))
            wide = np.concatenate((v[sender], v[receiver], e, np.broadcast_to(u, (len(e), 32))), axis=1)
            e = self.mlp(wide, phi["e"])
            mean = np.zeros((sites, 32), self.real)
            if len(e):
                mean[with_edges] = np.add.reduceat(e, starts, axis=0) / degree[with_edges]
            v = self.mlp(np.concatenate((mean, v, np.broadcast_to(u, (sites, 32))), axis=1), phi["v"])
            result.append(v)
            if k + 1 == depth:
                break
            e_mean = e.mean(axis=0, keepdims=True) if len(e) else np.zeros((1, 32), self.real)
            u = self.mlp(np.concatenate((e_mean, v.mean(axis=0, keepdims=True), u), axis=1), phi["u"])
            v, e, u = v + skip[0], e + skip[1], u + skip[2]
        return result


def shown_species(site, representation, sign):
    """(atomic number, occupancy) of a site in the representation."""
    shown = []
    for species, occupancy in site.species.items():
        number = 1 if species.symbol in ("D", "T") else species.Z
        if number == LITHIUM:
            if representation in ("CAN", "CANS"):
                continue
        elif representation in ("CAMNS", "CANS"):
            number = {1: CATION, -1: ANION}.get(sign.get(number, 0), NEUTRAL)
        shown.append((number, occupancy))
    return shown


class Store:
    """The output of ionsift: signs of the elements, and features to compare with."""

    def __init__(self, path, np, h5py):
        self.np = np
        file = h5py.File(path, "r")
        self.file = file
        self.index = {name: i for i, name in enumerate(file["structures/id"].asstr()[:])}
        self.orbits = file["crystals/orbit_offset"][:]
        self.species = file["crystals/species_offset"][:]
        self.numbers = file["crystals/atomic_number"][:]
        self.states = file["crystals/oxidation"][:]

    def signs(self, name):
        i = self.index[name]
        rows = slice(self.species[self.orbits[i]], self.species[self.orbits[i + 1]])
        return {int(n): int(self.np.sign(s)) for n, s in zip(self.numbers[rows], self.states[rows])}

    def deviation(self, name, representation, levels):
        """Of the means over sites, and of every site from the nearest row; relative where values exceed 1."""
        np, i = self.np, self.index[name]
        group = self.file[f"features/{representation}"]
        rows = slice(group["offset"][i], group["offset"][i + 1])
        weight = group["multiplicity"][rows].astype(np.float64)
        worst = 0.0
        for level, ours in enumerate(levels):
            theirs = group[f"V{level}"][rows].astype(np.float64)
            if len(ours) == 0 or len(theirs) == 0:
                return worst if len(ours) == len(theirs) else float("inf")
            mean = (theirs * weight[:, None]).sum(0) / weight.sum()
            scale = np.maximum(1, np.abs(theirs).max(axis=0))
            worst = max(worst, (np.abs(ours.astype(np.float64).mean(0) - mean) / scale).max())
            for block in np.array_split(ours, len(ours) // 256 + 1):
                worst = max(worst, (np.abs(block[:, None, :] - theirs[None]) / scale).max(2).min(1).max())
        return float(worst)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cifs", required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--every", type=int, default=1, help="only one file of N")
    parser.add_argument("--offset", type=int, default=0, help="beginning with this one")
    parser.add_argument("--representations", default=",".join(REPRESENTATIONS))
    parser.add_argument("--depth", type=int, default=3, help="blocks: V0..V<depth> are computed and written")
    parser.add_argument("--precision", choices=("float32", "float64"), default="float32")
    options = parser.parse_args()
    try:
        import h5py
        import numpy as np
        from pymatgen.io.cif import CifParser
    except ImportError as error:
        print(f"python_pipeline.py: {error}; install python3-pymatgen, python3-h5py and python3-numpy", file=sys.stderr)
        return 77
    warnings.filterwarnings("ignore")

    real = np.dtype(options.precision).type
    network = Network(options.weights, real, np, h5py)
    store = Store(options.store, np, h5py)
    files = sorted(pathlib.Path(options.cifs).glob("*.cif"))[options.offset :: options.every]
    seconds = dict.fromkeys(("parse", "neighbours", "network", "write"), 0.0)
    representations = options.representations.split(",")
    network_by_representation = dict.fromkeys(representations, 0.0)
    edges = sites = compared = 0
    deviation, deviant, failures = 0.0, "", []
    out = h5py.File(options.out, "w")
    for path in files:
        begin = time.perf_counter()
        text = path.read_text(encoding="utf-8")
        try:
            structure = CifParser.from_string(text, occupancy_tolerance=2.0).get_structures(primitive=False)[0]
        except Exception as error:  # pymatgen raises many kinds; a file it cannot read is left out of both sides
            failures.append(f"{path.name}: {error}")
            continue
        parsed = time.perf_counter()
        sender, receiver, _, distance = structure.get_neighbor_list(network.cutoff)
        order = np.argsort(sender, kind="stable")
        sender, receiver, distance = sender[order], receiver[order], distance[order]
        found = time.perf_counter()
        seconds["parse"] += parsed - begin
        seconds["neighbours"] += found - parsed
        sites += len(structure)

        sign = store.signs(path.stem)
        kept = {}
        begin = time.perf_counter()
        for representation in representations:
            start = time.perf_counter()
            shown = [shown_species(site, representation, sign) for site in structure]
            keep = np.array([bool(species) for species in shown])
            v0 = np.zeros((len(shown), 16), real)
            for i, species in enumerate(shown):
                for number, occupancy in species:
                    v0[i] += real(occupancy) * network.embedding[number]
            if keep.all():
                edge = slice(None)
                renumbered = np.arange(len(keep))
            else:
                edge = keep[sender] & keep[receiver]
                renumbered = np.cumsum(keep) - 1
            d = distance[edge]
            ends = renumbered[sender[edge]], renumbered[receiver[edge]]
            levels = network.levels(v0[keep], *ends, network.expand(d), options.depth)
            kept[representation] = levels
            edges += len(d)
            network_by_representation[representation] += time.perf_counter() - start
        seconds["network"] += time.perf_counter() - begin

        begin = time.perf_counter()
        group = out.create_group(path.stem)
        for representation, levels in kept.items():
            for level, values in enumerate(levels):
                group.create_dataset(f"{representation}/V{level}", data=values)
        seconds["write"] += time.perf_counter() - begin
        for representation, levels in kept.items():
            if store.file[f"features/{representation}/cutoff"][store.index[path.stem]] != network.cutoff:
                continue  # ionsift raised the cutoff if there was no edge
            this = store.deviation(path.stem, representation, levels)
            compared += 1
            if this > deviation:
                deviation, deviant = this, f"{path.stem} {representation}"
    begin = time.perf_counter()
    out.close()
    seconds["write"] += time.perf_counter() - begin
    done = len(files) - len(failures)
    print(
        json.dumps(
            {
                "structures": done,
                "failures": failures,
                "sites": sites,
                "edges": edges,
                "ms_per_structure": {step: 1e3 * s / max(done, 1) for step, s in seconds.items()},
                "ms_per_structure_total": 1e3 * sum(seconds.values()) / max(done, 1),
                "network_ms_by_representation": {
                    name: 1e3 * s / max(done, 1) for name, s in network_by_representation.items()
                },
                "compared": compared,
                "largest_deviation": deviation,
                "largest_deviation_in": deviant,
            },
            indent=2,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
