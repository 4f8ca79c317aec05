#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The study's AtomSets in PyTorch, eager, as a Python user would train it: the yardstick of jobs/bench.sh training.

Every site is a row (symmetry is not used), the recurrence has all four gates in all three steps, torch's autograd computes the
gradients, and Adam steps (the cheapest common optimiser; LAMB and Lookahead are not in PyTorch). One thread.

    python_training.py --store S.h5 --labels L.csv --split P.csv --layers 2 --width 64 --batch 64 --epochs 12

prints JSON: milliseconds per epoch.
"""
import argparse
import csv
import json
import statistics
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("store", "labels", "split"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--representation", default="CAMNS")
    parser.add_argument("--level", default="V1")
    for name, value in {"layers": 2, "width": 64, "hidden": 512, "batch": 64, "epochs": 12}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--dropout", type=float, default=0)
    return parser.parse_args()


def read(options, np, h5py):
    """Rows of each training structure, one per site, and its class."""
    with open(options.split, encoding="utf-8-sig") as file:
        train = {row["ID"] for row in csv.DictReader(file) if row["set"] == "train"}
    with open(options.labels, encoding="utf-8-sig") as file:
        sigma = {row["ID"]: row["Ionic conductivity (S cm-1)"].strip() for row in csv.DictReader(file)}
    structures, classes = [], []
    with h5py.File(options.store) as store:
        features = store[f"features/{options.representation}"]
        offset, rows, sites = features["offset"][:], features[options.level][:], features["multiplicity"][:]
        for i, name in enumerate(store["structures/id"].asstr()[:]):
            if name in train and sigma.get(name):
                part = slice(offset[i], offset[i + 1])
                structures.append(np.repeat(rows[part], sites[part], axis=0))
                classes.append(float(sigma[name].lstrip("<")) > 1e-4)
    return structures, np.array(classes, dtype=np.float32)


def network(options, columns, torch):
    nn = torch.nn

    def dense(first, width):
        layers = []
        for i in range(options.layers):
            layers += [nn.Linear(first if i == 0 else width, width), nn.ReLU(), nn.Dropout(options.dropout)]
        return nn.Sequential(*layers)

    class AtomSets(nn.Module):
        def __init__(self):
            super().__init__()
            h = options.hidden
            self.before, self.after = dense(columns, options.width), dense(2 * h, options.width)
            self.memory, self.recurrent = nn.Linear(options.width, h), nn.Linear(2 * h, 4 * h)
            self.out = nn.Linear(options.width, 1)

        def forward(self, rows, owner, n):
            memory = self.memory(self.before(rows))
            q = memory.new_zeros(n, 2 * options.hidden)
            for _ in range(3):
                i, _f, g, o = self.recurrent(q).chunk(4, 1)
                h = nn.functional.hardsigmoid(o) * torch.tanh(nn.functional.hardsigmoid(i) * torch.tanh(g))
                score = (memory * h[owner]).sum(1)
                most = torch.full((n,), -1e30).scatter_reduce(0, owner, score.detach(), "amax")
                share = torch.exp(score - most[owner])
                share = share / memory.new_zeros(n).index_add(0, owner, share)[owner]
                read = memory.new_zeros(n, options.hidden).index_add(0, owner, share[:, None] * memory)
                q = torch.cat([h, read], 1)
            return self.out(self.after(q)).squeeze(1)

    return AtomSets()


def main():
    options = arguments()
    import h5py
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    structures, classes = read(options, np, h5py)
    rows = [torch.from_numpy(s) for s in structures]
    label = torch.from_numpy(classes)
    model = network(options, rows[0].shape[1], torch)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_of = torch.nn.BCEWithLogitsLoss()
    milliseconds = []
    for _ in range(options.epochs + 2):
        begin = time.perf_counter()
        order = torch.randperm(len(rows))
        for chosen in order.split(options.batch):
            picked = [rows[i] for i in chosen.tolist()]
            owner = torch.repeat_interleave(torch.arange(len(picked)), torch.tensor([len(r) for r in picked]))
            optimiser.zero_grad()
            loss_of(model(torch.cat(picked), owner, len(picked)), label[chosen]).backward()
            optimiser.step()
        milliseconds.append(1e3 * (time.perf_counter() - begin))
    milliseconds = milliseconds[2:]
    print(json.dumps({
        "torch": torch.__version__,
        "structures": len(rows),
        "rows": sum(len(r) for r in rows),
        "ms_epoch_median": statistics.median(milliseconds),
        "ms_epoch_least": min(milliseconds),
    }, indent=2))


if __name__ == "__main__":
    main()
