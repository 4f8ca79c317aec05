/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- What of the structures is shown: the state, its controls and its place in the address

  /// Columns of the table; `define` is what the heading says of itself.
  const columns = [
    { name: "rank", title: "rank", number: true, value: (row) => row, show: (row) => (Number.isFinite(numbers.P_SI[row]) ? count(row + 1) : "–"), rises: true,
      define: "Place among all structures that were screened, by falling P_SI." },
    { name: "formula", title: "formula", value: formulaOf, define: "Composition of one formula unit. It opens the structure's picture, cell, lithium sites and all that is known of it." },
    { name: "id", title: "id", value: idOf, narrow: false, define: "The structure's name where it comes from; ids of the Materials Project lead there." },
    { name: "status", title: "fate", value: (row) => word("status", row), narrow: false,
      define: "What became of it: a candidate, measured already, of a known composition, or the filter that dropped it." },
    { name: "P_SI", title: "P_SI", number: true, value: (row) => numbers.P_SI[row], show: probability,
      define: `Probability of a lithium conductivity above ${threshold()} at room temperature: the members' weighted mean. Two digits where nine of ten members spread over 0.2 or more.` },
    { name: "members", title: "members", value: (row) => numbers.P_SI_05[row], number: true, narrow: false,
      define: "From 0 to 1: nine of ten members lie inside the bar, the mark is P_SI, the line 0.5. A long bar: they disagree." },
    { name: "SD", title: "SD", number: true, value: (row) => numbers.SD[row], show: (row) => fixed(numbers.SD[row], 2), narrow: false,
      define: "Standard deviation of the members: how much they disagree, not how wrong they are together." },
    { name: "band_gap", title: "gap, eV", number: true, value: (row) => numbers.band_gap_eV[row], show: (row) => fixed(numbers.band_gap_eV[row], 2),
      define: "Band gap: a known one where there is one, else a predicted one. A small gap means electronic conduction.", narrow: false },
    { name: "gap_from", title: "gap from", value: (row) => word("band_gap_source", row), off: true, define: "Where the band gap comes from." },
    { name: "d_training", title: "d_training", number: true, value: (row) => numbers.d_training[row], show: (row) => fixed(numbers.d_training[row], 2), rises: true, narrow: false,
      define: "Distance to the nearest structure that was trained on; 1 is as far as these are from their centre on average. Far away P_SI is an extrapolation." },
    { name: "hull", title: "above hull, eV/atom", number: true, value: (row) => numbers.energy_above_hull[row], show: (row) => fixed(numbers.energy_above_hull[row], 3), rises: true, off: true,
      define: "Energy above the convex hull: how far from stable, where it is known." },
    { name: "system", title: "system", value: (row) => systemNames[systemOf[row]], off: true, define: "The elements, in the order of the alphabet." },
    { name: "nearest", title: "nearest measured compound", value: (row) => (nearestOf(row)[0] || {}).formula || "", narrow: false,
      define: "Of all measured compounds the one with the nearest composition, and its conductivity at room temperature." },
  ];
  const columnOf = new Map(columns.map((column) => [column.name, column]));
  const hasNumbers = (name) => numbers[name] && numbers[name].some(Number.isFinite);
  for (const [name, source] of [["band_gap", "band_gap_eV"], ["gap_from", "band_gap_eV"], ["hull", "energy_above_hull"], ["d_training", "d_training"]]) {
    columnOf.get(name).absent = screened && !hasNumbers(source);
  }
  const defaultColumns = () => columns.filter((column) => !column.off && !column.absent && !(column.narrow === false && isNarrow())).map((column) => column.name);

  const state = { words: "", fates: null, low: "", far: "", gap: "", order: "", list: "", elements: new Map(), systems: new Set(), sort: "rank", rising: true, page: 0,
    shown: null, open: new Set(), lit: null };
  const perPage = 50;
  const fates = screened ? screened.status.values : [];
  const fateCounts = new Map(fates.map((fate) => [fate, 0]));
  for (let row = 0; row < rowCount; ++row) { fateCounts.set(word("status", row), fateCounts.get(word("status", row)) + 1); }
  /// Candidates at first, where there are any; the fates of all others stand beside them.
  const firstFates = () => new Set(fateCounts.get("candidate") ? ["candidate"] : fates);
  const chosenFates = () => state.fates || firstFates();

  const haystacks = [];
  const haystack = (row) => (haystacks[row] = haystacks[row] || `${formulaOf(row)} ${idOf(row)} ${systemNames[systemOf[row]]} ${sourceOf(row)}`.toLowerCase());

  /// The rows that match, but for the chemical systems where these are to be counted.
  function matching(withSystems = true) {
    const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    const bound = (value) => (value === "" ? NaN : Number(value));
    const [low, far, gap] = [bound(state.low), bound(state.far), bound(state.gap)];
    const chosen = chosenFates();
    const isChosen = screened.status.values.map((fate) => chosen.has(fate));
    const elements = [...state.elements];
    const ids = state.list ? listIds[state.list] : null;
    const systems = withSystems && state.systems.size ? new Set([...state.systems].map((name) => systemNames.indexOf(name))) : null;
    const rows = [];
    for (let row = 0; row < rowCount; ++row) {
      if (isChosen[screened.status.of[row]] && !(numbers.P_SI[row] < low) && (Number.isNaN(low) || !Number.isNaN(numbers.P_SI[row])) && !(numbers.d_training[row] > far) &&
        (Number.isNaN(gap) || numbers.band_gap_eV[row] >= gap) && (state.order === "" || screened.ordered[row] === state.order) &&
        (!ids || ids.has(idOf(row))) && elements.every(([symbol, wanted]) => Boolean(hasElement(row, symbol)) === wanted) &&
        (!systems || systems.has(systemOf[row])) && words.every((part) => haystack(row).includes(part))) {
        rows.push(row);
      }
    }
    return rows;
  }

  const collator = new Intl.Collator("en", { numeric: true });
  function sorted(rows) {
    if (state.sort === "rank") { return state.rising ? rows : rows.reverse(); }
    const column = columnOf.get(state.sort);
    const sign = state.rising ? 1 : -1;
    const keys = new Map(rows.map((row) => [row, column.value(row)]));
    return rows.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      if (column.number) {
        // What has no number stays at the end, whichever way.
        return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) || a - b : sign * (x - y) || a - b;
      }
      return sign * collator.compare(x, y) || a - b;
    });
  }

  // ---- In the address: "#mp-1234", or "#P=0.5&with=S&without=Fe,Co&id=mp-1234"

  const plainStates = { q: "words", P: "low", d: "far", gap: "gap", ordered: "order", list: "list" };
  function addressOf(id = null) {
    const parts = [];
    const add = (key, value) => value !== "" && parts.push(`${key}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
    for (const [key, name] of Object.entries(plainStates)) { add(key, state[name]); }
    if (state.fates) { add("fate", fates.every((fate) => state.fates.has(fate)) ? "all" : [...state.fates].join(",") || "none"); }
    for (const [key, wanted] of [["with", true], ["without", false]]) { add(key, [...state.elements].filter(([, value]) => value === wanted).map(([symbol]) => symbol).join(",")); }
    add("system", [...state.systems].join(","));
    if (state.sort !== "rank" || !state.rising) { add("sort", (state.rising ? "" : "-") + state.sort); }
    if (state.shown) { add("columns", state.shown.join(",")); }
    if (id) { parts.length ? add("id", id) : parts.push(encodeURIComponent(id)); }
    return parts.length ? `#${parts.join("&")}` : "";
  }
  function keepAddress(id = null) {
    try {
      history.replaceState(null, "", addressOf(id) || location.pathname + location.search);
    } catch (problem) {
      // Some viewers of files allow no addresses; the page works without.
    }
  }
  /// Takes the state from the address; true where it names a structure or filters.
  function readAddress() {
    const hash = location.hash.slice(1);
    if (!hash || document.getElementById(hash)) { return false; }
    if (!hash.includes("=")) { return openId(decodeURIComponent(hash)); }
    const given = new Map(hash.split("&").map((part) => part.split("=")).map(([key, value]) => [key, decodeURIComponent(value || "")]));
    const names = (key) => (given.get(key) || "").split(",").filter(Boolean);
    for (const [key, name] of Object.entries(plainStates)) { state[name] = given.get(key) || ""; }
    state.fates = given.has("fate") ? new Set(given.get("fate") === "all" ? fates : names("fate")) : null;
    state.elements = new Map([...names("with").map((symbol) => [symbol, true]), ...names("without").map((symbol) => [symbol, false])].filter(([symbol]) => elementNumber.has(symbol)));
    state.systems = new Set(names("system").filter((name) => systemNames.includes(name)));
    if (!lists[state.list]) { state.list = ""; }
    const sort = (given.get("sort") || "rank").replace(/^-/, "");
    if (columnOf.has(sort)) { [state.sort, state.rising] = [sort, !(given.get("sort") || "").startsWith("-")]; }
    state.shown = given.has("columns") ? names("columns").filter((name) => columnOf.has(name)) : null;
    showState();
    if (given.has("id")) { openId(given.get("id")); }
    return true;
  }
  function openId(id) {
    if (!rowById.has(id)) { return false; }
    state.open.add(id);
    state.lit = id;
    return true;
  }

  // ---- The controls

  const inputs = { search: "words", "min-p": "low", "max-d": "far", "min-gap": "gap", order: "order", list: "list" };
  /// The controls as the state has it.
  function showState() {
    for (const [id, name] of Object.entries(inputs)) { byId(id).value = state[name]; }
  }
  function changed() {
    state.page = 0;
    keepAddress();
    drawTable();
  }

  function drawFates() {
    const chosen = chosenFates();
    const chip = (name, n, isOn, choose) => make("button", { type: "button", class: "chip", "aria-pressed": String(isOn), onclick: choose }, `${name} `, make("b", {}, count(n)));
    const all = fates.every((fate) => chosen.has(fate));
    byId("fates").replaceChildren(
      chip("all", rowCount, all, () => { state.fates = all ? null : new Set(fates); changed(); byId("fates").querySelector("button").focus(); }),
      ...fates.map((fate) => ({ fate, n: fateCounts.get(fate) })).sort((a, b) => (b.fate === "candidate") - (a.fate === "candidate") || b.n - a.n)
        .map(({ fate, n }) => chip(fate, n, chosen.has(fate), () => {
          // From "all", one is chosen; else they are added and taken away.
          const next = all ? new Set() : new Set(chosen);
          next.has(fate) ? next.delete(fate) : next.add(fate);
          state.fates = next.size ? next : new Set(fates);
          changed();
          [...byId("fates").querySelectorAll("button")].find((button) => button.textContent.startsWith(`${fate} `)).focus();
        })));
  }

  function drawElements() {
    const states = { true: "must be there", false: "must not be there", undefined: "may be there" };
    const press = (symbol) => {
      const now = state.elements.get(symbol);
      now === undefined ? state.elements.set(symbol, true) : now ? state.elements.set(symbol, false) : state.elements.delete(symbol);
      changed();
      byId("elements").querySelector(`[data-element=${symbol}]`).focus();
    };
    const cells = periods.flatMap((period, y) => period.flatMap((symbol, x) => {
      if (!/^[A-Z]/.test(symbol)) { return []; }
      const [n, now] = [rowsWithElement.get(symbol) || 0, state.elements.get(symbol)];
      return [make("button", { type: "button", class: "element", style: `grid-column:${x + 1};grid-row:${y + (y > 6 ? 2 : 1)}`, "data-element": symbol, "data-state": now === undefined ? null : now ? "with" : "without",
        disabled: n === 0, title: `${symbol}: in ${plural(n, "structure", "structures")}`, "aria-label": `${symbol}, in ${plural(n, "structure", "structures")}: ${states[now]}`, onclick: () => press(symbol) }, symbol)];
    }));
    byId("elements").replaceChildren(...cells);
    const without = Object.entries(screened.element_lists).map(([name, group]) => {
      const there = group.filter((symbol) => rowsWithElement.has(symbol));
      const isOn = there.length > 0 && there.every((symbol) => state.elements.get(symbol) === false);
      return there.length ? make("button", { type: "button", class: "chip", "aria-pressed": String(isOn), title: there.join(", "), onclick: () => {
        for (const symbol of there) { isOn ? state.elements.delete(symbol) : state.elements.set(symbol, false); }
        changed();
      } }, `no ${name}`) : null;
    });
    byId("element-groups").replaceChildren(...without.filter(Boolean),
      ...(state.elements.size ? [make("button", { type: "button", class: "chip", onclick: () => { state.elements.clear(); changed(); } }, "any elements")] : []));
  }

  function drawSystems() {
    const counts = new Map();
    for (const row of matching(false)) {
      if (systemNames[systemOf[row]]) { counts.set(systemOf[row], (counts.get(systemOf[row]) || 0) + 1); }
    }
    const most = isNarrow() ? 8 : 20;
    const common = [...counts].sort((a, b) => b[1] - a[1] || systemNames[a[0]].localeCompare(systemNames[b[0]])).slice(0, most).map(([system]) => systemNames[system]);
    const names = [...new Set([...state.systems, ...common])];
    byId("systems").replaceChildren(...names.map((name) => make("button", { type: "button", class: "chip", "aria-pressed": String(state.systems.has(name)), "data-system": name, onclick: () => {
      state.systems.has(name) ? state.systems.delete(name) : state.systems.add(name);
      changed();
      const same = byId("systems").querySelector(`[data-system="${CSS.escape(name)}"]`);
      if (same) { same.focus(); }
    } }, `${name} `, make("b", {}, count(counts.get(systemNames.indexOf(name)) || 0)))));
    const more = counts.size - common.length;
    byId("systems-more").textContent = more > 0 ? `and ${plural(more, "other chemical system", "other chemical systems")}, which the search finds: "Li-P-S"` : "";
  }

  function drawColumnChoice() {
    const shown = new Set(state.shown || defaultColumns());
    byId("columns").replaceChildren(...columns.filter((column) => !column.absent).map((column) => {
      const box = make("input", { type: "checkbox", checked: shown.has(column.name), disabled: column.name === "formula" });
      box.addEventListener("change", () => {
        box.checked ? shown.add(column.name) : shown.delete(column.name);
        state.shown = columns.map((c) => c.name).filter((name) => shown.has(name));
        keepAddress();
        drawTable();
      });
      return make("label", {}, box, ` ${column.title}`);
    }));
  }

