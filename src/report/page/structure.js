/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- One structure: all that is known of it

  function list(title, entries) {
    const there = entries.filter(([, value]) => value !== null && value !== undefined && value !== "");
    return there.length ? make("div", {}, make("h3", {}, title),
      make("dl", {}, ...there.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]))) : null;
  }

  /// "Li 0.62, Na 0.20, empty 0.18"
  function speciesText(orbit) {
    const total = orbit.species.reduce((sum, [, share]) => sum + share, 0);
    const parts = orbit.species.map(([symbol, share]) => `${symbol} ${fixed(share, share === 1 ? 0 : 3).replace(/0+$/, "").replace(/\.$/, "")}`);
    if (total < 0.995) { parts.push(`empty ${fixed(1 - total, 2)}`); }
    return orbit.species.length === 1 && total >= 0.995 ? orbit.species[0][0] : parts.join(", ");
  }

  function lithiumSites(structure) {
    const lithium = structure.orbits.map((orbit, i) => [orbit, i]).filter(([orbit]) => kindOf(orbit) === "lithium");
    if (!lithium.length) { return null; }
    const first = new Map();
    for (const [orbit, ...f] of structure.sites || []) { if (!first.has(orbit)) { first.set(orbit, f); } }
    const rows = lithium.slice(0, 12).map(([orbit, i]) => [orbit.label, count(orbit.multiplicity), speciesText(orbit), (first.get(i) || []).map((v) => v.toFixed(3)).join(" ")]);
    return make("div", {}, make("h3", {}, "Lithium sites"), frame(table(["site", "sites", "holds", "first at x y z"], rows, [1]), "lithium sites"),
      lithium.length > rows.length ? make("p", { class: "quiet" }, `and ${count(lithium.length - rows.length)} more, in the CIF`) : null);
  }

  function crystalFacts(id) {
    const structure = data.structures && data.structures[id];
    if (!structure) { return null; }
    const cell = cellOf(structure.lattice);
    const group = structure.symbol ? make("span", {}, `${structure.symbol} (${structure.space_group}), ${structure.system}`) : null;
    const save = structure.cif && make("button", { type: "button", class: "small", "data-cif": id,
      onclick: () => download(`${fileName(id)}.cif`, "chemical/x-cif", structure.cif) }, "CIF");
    return make("div", {}, list("Structure", [["space group", group], ["a, b, c", `${cell.slice(0, 3).map((v) => fixed(v, 3)).join(", ")} Å`],
      ["α, β, γ", `${cell.slice(3).map((v) => fixed(v, 2)).join(", ")}°`], ["volume", `${fixed(structure.volume, 1)} Å³`],
      ["sites in the cell", count(structure.count)], ["file", save || "the cell is too large for this page"]]), lithiumSites(structure));
  }

  /// Where the members stand: nine of ten between the ends, the mean marked.
  function spread(row, width = 90) {
    const [low, high, mean] = ["P_SI_05", "P_SI_95", "P_SI"].map((name) => numbers[name][row]);
    if (!Number.isFinite(mean)) { return null; }
    const at = (v) => 2 + (width - 4) * Math.min(1, Math.max(0, v));
    return draw("svg", { viewBox: `0 0 ${width} 14`, width, height: 14, class: "spread", role: "img",
      "aria-label": `nine of ten members between ${fixed(low, 2)} and ${fixed(high, 2)}` },
    draw("line", { x1: 2, x2: width - 2, y1: 7, y2: 7, class: "chart-grid" }), draw("line", { x1: at(0.5), x2: at(0.5), y1: 2, y2: 12, class: "chart-grid" }),
    Number.isFinite(low) ? draw("rect", { x: at(low), width: Math.max(1.5, at(high) - at(low)), y: 4, height: 6, rx: 2, class: "spread-range" }) : null,
    draw("rect", { x: at(mean) - 1.5, width: 3, y: 1, height: 12, class: "spread-mean" }));
  }

  function byKind(id) {
    const values = data.kinds && data.kinds.of[id];
    if (!values) { return null; }
    const bar = (value) => make("span", { class: "bar" }, make("span", { style: `width:${100 * Math.min(1, Math.max(0, value || 0))}%` }));
    return make("div", {}, make("h3", {}, "P_SI by kind of member"),
      make("div", { class: "kinds" }, ...data.kinds.kinds.flatMap((kind, i) => [make("span", {}, kind), bar(values[i]), make("span", { class: "number" }, fixed(values[i], 2))])));
  }

  function nearestMeasured(row) {
    const nearest = nearestOf(row);
    if (!nearest.length) { return null; }
    return make("div", { class: "wide" }, make("h3", {}, "Nearest measured compounds"), frame(table(["compound", "conductivity at room temperature", "reference"],
      nearest.map((one) => [formula(one.formula), one.conductivity ? measured(one.conductivity) : "–", reference(one.reference) || "–"])), "nearest measured compounds"));
  }

  const filterWords = { 1: "passed", 0: "failed", "-": "not asked" };
  function verdictsOf(row) {
    const marks = word("verdicts", row);
    if (!marks) { return null; }
    const of = (mark) => screened.filters.filter((_, i) => marks[i] === mark).map((filter) => filter.name.replaceAll("_", " ")).join(", ");
    return list("Filters", ["0", "1", "-"].map((mark) => [filterWords[mark], of(mark)]));
  }

  function details(row) {
    const id = idOf(row);
    const structure = hasPicture(id) ? make("div", {}, turningCrystal(id, formulaOf(row)), crystalKey(id)) : null;
    const places = Object.entries(listIds).filter(([, ids]) => ids.has(id)).map(([name, ids]) => `${ids.get(id)} of ${name}`);
    const link = database(id);
    const found = { interval: Number.isFinite(numbers.P_SI_05[row]) ? `${fixed(numbers.P_SI_05[row], 2)} to ${fixed(numbers.P_SI_95[row], 2)}` : "" };
    return make("div", { class: "card-of-row" },
      screened.comments[row] ? make("p", { class: "comment" }, screened.comments[row]) : null,
      make("div", { class: "facts" }, structure, crystalFacts(id),
        make("div", {}, list("Prediction", [["P_SI", probability(row)], ["SD of the members", fixed(numbers.SD[row], 2)], ["nine of ten members", found.interval],
          ["d_training", fixed(numbers.d_training[row], 2)], ["in the lists", places.join("; ")]]), byKind(id)),
        make("div", {}, list("Record", [["fate", [word("status", row), word("detail", row)].filter(Boolean).join(": ")],
          ["band gap", Number.isFinite(numbers.band_gap_eV[row]) ? `${fixed(numbers.band_gap_eV[row], 2)} eV (${word("band_gap_source", row)})` : "not known"],
          ["above the hull", Number.isFinite(numbers.energy_above_hull[row]) ? `${fixed(numbers.energy_above_hull[row], 3)} eV/atom` : ""],
          ["chemical system", systemNames[systemOf[row]]], ["the same structure as", leaderOf(row)],
          ["database", link && make("a", { href: link, rel: "noreferrer" }, id)], ["read from", sourceOf(row)],
          ["link to this", make("a", { href: `#${encodeURIComponent(id)}` }, "permalink")]])),
        nearestMeasured(row), verdictsOf(row)));
  }

