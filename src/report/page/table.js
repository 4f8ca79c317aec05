/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- The table

  let current = []; // rows that match, in their order

  function contentOf(column, row) {
    const id = idOf(row);
    switch (column.name) {
      case "formula":
        return make("button", { type: "button", "aria-expanded": String(state.open.has(id)), "data-id": id, onclick: () => toggle(id) },
          make("span", { class: "quiet", "aria-hidden": "true" }, state.open.has(id) ? "▾ " : "▸ "), formula(formulaOf(row) || "–"));
      case "id": {
        const link = database(id);
        return link ? make("a", { href: link, rel: "noreferrer" }, id) : id;
      }
      case "status":
        return make("span", { title: word("detail", row) || null }, word("status", row), leaderOf(row) !== undefined ? make("span", { class: "quiet" }, ` (as ${leaderOf(row)})`) : null);
      case "members":
        return spread(row, 74);
      case "nearest": {
        const [nearest] = nearestOf(row);
        return nearest ? make("span", {}, formula(nearest.formula), nearest.conductivity ? make("span", { class: "quiet" }, " ", measured(nearest.conductivity)) : null) : "–";
      }
      default:
        return column.show ? column.show(row) : column.value(row) || "–";
    }
  }

  function rowOf(row, shown) {
    const id = idOf(row);
    const cells = shown.map((column) => make("td", { class: [column.number && column.name !== "members" ? "number" : "", `c-${column.name}`].join(" ").trim() }, contentOf(column, row)));
    const line = make("tr", { id: `row-${id}`, class: state.lit === id ? "lit" : null }, ...cells);
    return state.open.has(id) ? [line, make("tr", { class: "details" }, make("td", { colspan: shown.length }, details(row)))] : [line];
  }

  function toggle(id) {
    state.open.has(id) ? state.open.delete(id) : state.open.add(id);
    keepAddress(state.open.has(id) ? id : null);
    drawTable();
    const button = byId("table").querySelector(`button[data-id="${CSS.escape(id)}"]`);
    if (button) { button.focus(); }
  }

  /// Filters in words, for the printed page.
  function filtersInWords() {
    const parts = [`fate: ${fates.every((fate) => chosenFates().has(fate)) ? "all" : [...chosenFates()].join(", ")}`];
    const add = (value, words) => value !== "" && parts.push(words);
    add(state.words, `search: ${state.words}`);
    add(state.low, `P_SI >= ${state.low}`);
    add(state.far, `d_training <= ${state.far}`);
    add(state.gap, `band gap >= ${state.gap} eV`);
    add(state.order, state.order === "1" ? "ordered" : "disordered");
    add(state.list, `list ${state.list}`);
    for (const [wanted, name] of [[true, "with"], [false, "without"]]) {
      const found = [...state.elements].filter(([, value]) => value === wanted).map(([symbol]) => symbol);
      if (found.length) { parts.push(`${name} ${found.join(", ")}`); }
    }
    if (state.systems.size) { parts.push([...state.systems].join(", ")); }
    return parts.join("; ");
  }

  function drawTable() {
    if (!screened) { return; }
    current = sorted(matching());
    drawFates();
    drawElements();
    drawSystems();
    const shown = (state.shown || defaultColumns()).map((name) => columnOf.get(name)).filter((column) => !column.absent);
    const head = shown.map((column) => {
      const active = state.sort === column.name;
      const mark = active ? (state.rising ? " ▲" : " ▼") : "";
      const sort = () => {
        state.rising = active ? !state.rising : !column.number || Boolean(column.rises);
        state.sort = column.name;
        changed();
        byId("table").querySelector(`button[data-column="${column.name}"]`).focus();
      };
      return make("th", { scope: "col", "aria-sort": active ? (state.rising ? "ascending" : "descending") : "none", class: [column.number && column.name !== "members" ? "number" : "", `c-${column.name}`].join(" ").trim() },
        make("button", { type: "button", "data-column": column.name, title: column.define, onclick: sort }, column.title + mark));
    });
    const pages = Math.max(1, Math.ceil(current.length / perPage));
    state.page = Math.min(state.page, pages - 1);
    const rows = current.slice(state.page * perPage, (state.page + 1) * perPage);
    byId("table").replaceChildren(make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows.flatMap((row) => rowOf(row, shown))));
    const first = current.length ? state.page * perPage + 1 : 0;
    byId("shown").textContent = `${count(first)}–${count(first + rows.length - (rows.length ? 1 : 0))} of ${plural(current.length, "structure that matches", "structures that match")}`;
    byId("filters-in-words").textContent = `${filtersInWords()}. ${byId("shown").textContent}.`;
    byId("definitions").replaceChildren(...shown.flatMap((column) => [make("dt", {}, column.title), make("dd", {}, column.define)]));
    const go = (title, name, page, isOn) => make("button", { type: "button", disabled: !isOn, "data-page": name, onclick: () => {
      state.page = page;
      drawTable();
      byId("candidates").scrollIntoView();
      (byId("pager").querySelector(`[data-page=${name}]:not([disabled])`) || byId("pager").querySelector("button:not([disabled])") || byId("search")).focus({ preventScroll: true });
    } }, title);
    byId("pager").replaceChildren(...(pages > 1 ? [go("first", "first", 0, state.page > 0), go("back", "back", state.page - 1, state.page > 0),
      make("span", {}, `page ${count(state.page + 1)} of ${count(pages)}`),
      go("on", "on", state.page + 1, state.page < pages - 1), go("last", "last", pages - 1, state.page < pages - 1)] : []));
  }

  /// Opens a structure's row, wherever it is.
  function leadTo(id) {
    const row = rowById.get(id);
    if (row === undefined) { return; }
    if (!current.includes(row)) {
      Object.assign(state, { words: "", low: "", far: "", gap: "", order: "", list: "", fates: new Set([...chosenFates(), word("status", row)]) });
      state.elements.clear();
      state.systems.clear();
      showState();
      current = sorted(matching());
    }
    state.page = Math.floor(current.indexOf(row) / perPage);
    state.open.add(id);
    state.lit = id;
    byId("candidates").open = true;
    keepAddress(id);
    drawTable();
    byId(`row-${id}`).scrollIntoView({ block: "start" });
    byId("table").querySelector(`button[data-id="${CSS.escape(id)}"]`).focus({ preventScroll: true });
  }

  /// The rows that match, with all that the page knows of them.
  function saveTable() {
    const number = (name, digits) => (row) => (Number.isFinite(numbers[name][row]) ? numbers[name][row].toFixed(digits) : "");
    const fields = [["rank", (row) => (Number.isFinite(numbers.P_SI[row]) ? row + 1 : "")], ["id", idOf], ["formula", formulaOf], ["fate", (row) => word("status", row)],
      ["detail", (row) => word("detail", row)], ["same_structure_as", (row) => leaderOf(row) || ""], ["P_SI", number("P_SI", 4)], ["SD", number("SD", 4)], ["P_SI_05", number("P_SI_05", 4)],
      ["P_SI_95", number("P_SI_95", 4)], ["band_gap_eV", number("band_gap_eV", 3)], ["band_gap_source", (row) => word("band_gap_source", row)], ["d_training", number("d_training", 3)],
      ["energy_above_hull_eV_per_atom", number("energy_above_hull", 3)], ["ordered", (row) => screened.ordered[row].replace("-", "")], ["chemical_system", (row) => systemNames[systemOf[row]]],
      ...[0, 1, 2].map((n) => [`nearest_measured_${n + 1}`, (row) => { const one = nearestOf(row)[n]; return one ? [one.formula, one.conductivity, one.reference].filter(Boolean).join(" ") : ""; }]),
      ["comment", (row) => screened.comments[row] || ""], ["source", sourceOf]];
    download("structures.csv", "text/csv", csv([fields.map(([name]) => name), ...current.map((row) => fields.map(([, value]) => value(row)))]));
  }

