/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- The structures screened, column by column

  const screened = data.table;
  const rowCount = screened ? screened.rows : 0;
  const numbers = {};
  for (const [name, scale] of Object.entries(screened ? screened.scales : {})) {
    numbers[name] = Float64Array.from(screened[name], (value) => (value === null ? NaN : value / scale));
  }
  const word = (name, row) => screened[name].values[screened[name].of[row]];
  const idOf = (row) => screened.id[row];
  const formulaOf = (row) => screened.formula[row];
  const sourceOf = (row) => word("source", row).replace("\u0001", idOf(row));
  /// The nearest measured compounds, nearest first.
  const nearestOf = (row) => screened.nearest.of.map((column) => screened.nearest.values[column[row]]).filter(Boolean);
  const leaderOf = (row) => screened.same_as[row];

  /// Rows by id; of several with one id the first.
  const rowById = new Map();
  /// The elements of each row as bits, and its chemical system: "Li-P-S".
  const elementWords = Math.ceil(symbols.length / 32);
  const elementBits = new Uint32Array(rowCount * elementWords);
  const systemNames = [];
  const systemOf = new Uint32Array(rowCount);
  const rowsWithElement = new Map();
  (() => {
    const systems = new Map();
    for (let row = rowCount - 1; row >= 0; --row) {
      rowById.set(idOf(row), row);
      const found = [...new Set(formulaOf(row).match(/[A-Z][a-z]?/g) || [])].map((symbol) => (symbol === "D" || symbol === "T" ? "H" : symbol))
        .filter((symbol) => elementNumber.has(symbol)).sort();
      for (const symbol of found) {
        const number = elementNumber.get(symbol);
        elementBits[row * elementWords + (number >> 5)] |= 1 << (number & 31);
        rowsWithElement.set(symbol, (rowsWithElement.get(symbol) || 0) + 1);
      }
      const system = found.join("-");
      if (!systems.has(system)) {
        systems.set(system, systemNames.length);
        systemNames.push(system);
      }
      systemOf[row] = systems.get(system);
    }
  })();
  const hasElement = (row, symbol) => {
    const number = elementNumber.get(symbol);
    return (elementBits[row * elementWords + (number >> 5)] >>> (number & 31)) & 1;
  };
  const isCandidate = (row) => word("status", row) === "candidate" && leaderOf(row) === undefined;

  /// P_SI with three digits, or with two where nine of ten members spread over 0.2 or more.
  function probability(row) {
    const wide = numbers.P_SI_95[row] - numbers.P_SI_05[row] >= 0.2;
    return fixed(numbers.P_SI[row], wide ? 2 : 3);
  }

  /// The lists of lists.csv by name, each row an object.
  const lists = {};
  for (const cells of data.lists ? data.lists.rows : []) {
    const entry = Object.fromEntries(data.lists.columns.map((name, i) => [name, cells[i]]));
    (lists[entry.list] = lists[entry.list] || []).push(entry);
  }
  const listWords = { near: "near: chemistries that were trained on, by P_SI", far: "far: other chemistries, by the mean rank of P_SI and barrier",
    rule: "rule of thumb: more S, Se or halogen than O, then the share of lithium" };
  const listIds = Object.fromEntries(Object.entries(lists).map(([name, entries]) => [name, new Map(entries.map((entry) => [entry.id, Number(entry.rank)]))]));

