/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- Figures, as SVG: their colours are the page's own, on the screen, in the dark and on paper

  const charts = [];
  const markShapes = [
    (x, y, r) => `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`,
    (x, y, r) => `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
    (x, y, r) => `M${x},${y - 1.2 * r}L${x + 1.15 * r},${y + 0.9 * r}H${x - 1.15 * r}z`,
    (x, y, r) => `M${x},${y - 1.3 * r}L${x + 1.3 * r},${y}L${x},${y + 1.3 * r}L${x - 1.3 * r},${y}z`,
    (x, y, r) => `M${x},${y + 1.2 * r}L${x + 1.15 * r},${y - 0.9 * r}H${x - 1.15 * r}z`,
    (x, y, r) => `M${x - r},${y - 0.4 * r}h${0.6 * r}v${-0.6 * r}h${0.8 * r}v${0.6 * r}h${0.6 * r}v${0.8 * r}h${-0.6 * r}v${0.6 * r}h${-0.8 * r}v${-0.6 * r}h${-0.6 * r}z`,
    (x, y, r) => `M${x - r},${y - r}L${x},${y - 0.35 * r}L${x + r},${y - r}L${x + 0.35 * r},${y}L${x + r},${y + r}L${x},${y + 0.35 * r}L${x - r},${y + r}L${x - 0.35 * r},${y}z`,
  ];
  const viridis = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
  function shade(share) {
    const place = Math.min(Math.max(share, 0), 1) * (viridis.length - 1);
    const low = Math.min(Math.floor(place), viridis.length - 2);
    return `rgb(${viridis[low].map((c, i) => Math.round(c + (viridis[low + 1][i] - c) * (place - low))).join(",")})`;
  }

  const letter = 12;
  const pen = document.createElement("canvas").getContext("2d");
  function widthOf(words, size = letter) {
    pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    return pen.measureText(words).width;
  }
  /// In lines that are no wider than that, where words allow.
  function wrapped(words, most) {
    const lines = [""];
    for (const next of words.split(" ")) {
      const line = lines[lines.length - 1];
      if (line && widthOf(`${line} ${next}`) > most) { lines.push(next); } else { lines[lines.length - 1] = line ? `${line} ${next}` : next; }
    }
    return lines;
  }

  function linearTicks(low, high, most) {
    const raw = (high - low) / Math.max(1, most);
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw - 1e-12) || raw;
    const ticks = [];
    for (let k = Math.ceil(low / step - 1e-9) || 0; k * step <= high + 1e-9 * step; ++k) { ticks.push(k === 0 ? 0 : k * step); }
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (/[24]\.?5/.test(String(step / power)) && step / power === 2.5 ? 1 : 0));
    return ticks.map((value) => ({ value, label: value.toLocaleString("en-US", { minimumFractionDigits: Math.min(digits, 6), maximumFractionDigits: Math.min(digits, 6) }) }));
  }
  /// Powers of ten, and others only where there would be one or two of these.
  function decadeTicks(low, high) {
    const ticks = [];
    const decades = Math.log10(high / low);
    const step = Math.ceil(decades / 7);
    for (let k = Math.ceil(Math.log10(low) - 1e-9); k <= Math.log10(high) + 1e-9; ++k) {
      if (k % step === 0) { ticks.push(10 ** k); }
      if (decades < 2) { ticks.push(...[2, 5].map((m) => m * 10 ** k)); }
    }
    if (decades < 2) { ticks.unshift(...[2, 5].map((m) => m * 10 ** (Math.ceil(Math.log10(low) - 1e-9) - 1))); }
    return ticks.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
      .map((value) => ({ value, label: value >= 1 ? value.toLocaleString("en-US") : String(Number(value.toPrecision(3))) }));
  }

  /// What an axis shows: [low, high] of values that are there, or as the figure says.
  function rangeOf(axis, values, logarithmic) {
    const there = values.filter((value) => value !== null && Number.isFinite(value) && (!logarithmic || value > 0));
    let low = axis.low ?? Math.min(...there), high = axis.high ?? Math.max(...there);
    if (!there.length && (axis.low === undefined || axis.high === undefined)) { [low, high] = [logarithmic ? 1 : 0, logarithmic ? 10 : 1]; }
    if (logarithmic) {
      const room = (high / low) ** 0.04;
      return [axis.low === undefined ? low / room : low, axis.high === undefined ? high * Math.max(room, 1.05) : high];
    }
    const room = 0.04 * (high - low || 1);
    return [axis.low === undefined ? low - room : low, axis.high === undefined ? high + room : high];
  }

  /// Draws a figure, or what of it lies right of `from`, into an SVG of that width in pixels.
  function drawChart(figure, width, from = null) {
    const height = Math.round(Math.min(0.66 * width, 360) + (width < 420 ? 50 : 0));
    const logarithmicY = figure.y.logarithmic && from === null;
    // A line that comes down at the inset's edge belongs to what is left of it.
    const inside = (series, k) => from === null || series.x[k] === null ||
      (series.x[k] >= from && !(series.mark === "line" && series.x[k + 1] !== undefined && series.x[k + 1] <= from));
    const kept = figure.series.map((series) => series.x.map((_, k) => k).filter((k) => inside(series, k)));
    const valuesOf = (axis) => figure.series.flatMap((series, s) => kept[s].map((k) => series[axis][k]));
    const categories = figure.categories;
    const x = categories.length ? { low: -0.5, high: categories.length - 0.5 } : from === null ? figure.x : { ...figure.x, low: from };
    const [x0, x1] = rangeOf(x, valuesOf("x"), figure.x.logarithmic);
    const hasBars = figure.series.some((series) => series.mark === "bars");
    const [y0, y1] = rangeOf(from !== null || (hasBars && !logarithmicY && figure.y.low === undefined) ? { ...figure.y, low: 0 } : figure.y, valuesOf("y"), logarithmicY);
    const coloured = figure.series.flatMap((series) => series.value).filter((value) => value !== null);
    const [least, most] = coloured.length ? [Math.min(...coloured), Math.max(...coloured)] : [0, 1];

    // Room for what stands around: the key at the bottom, titles and numbers left and below, the bar of colours right.
    const yTicks = logarithmicY ? decadeTicks(y0, y1) : linearTicks(y0, y1, 6);
    const right = coloured.length ? 62 : 14;
    const yTitle = wrapped(figure.y.title, height - 130);
    const left = 14 + yTitle.length * 15 + Math.max(...yTicks.map((tick) => widthOf(tick.label)), 10) + 6;
    const plotWidth = width - left - right;
    const stride = Math.ceil(categories.length / 24);
    const shown = categories.map((name, i) => ({ value: i, label: name.length > 24 ? `${name.slice(0, 23)}…` : name })).filter((_, i) => i % stride === 0);
    const longest = Math.max(0, ...shown.map((tick) => widthOf(tick.label)));
    const slanted = shown.length * (longest + 10) > plotWidth;
    const xTicks = categories.length ? shown : figure.x.logarithmic ? decadeTicks(x0, x1) : linearTicks(x0, x1, Math.max(3, Math.floor(plotWidth / 70)));
    const under = categories.length && slanted ? 0.72 * longest + 16 : 20;
    const xTitle = wrapped(figure.x.title, width - 20);
    const key = [];
    let line = [], taken = 0;
    for (const series of figure.series) {
      const name = series.name;
      const room = Math.min(widthOf(name), width - 40) + 34;
      if (taken + room > width - 12 && line.length) { key.push(line); line = []; taken = 0; }
      line.push({ series, at: taken, name });
      taken += room;
    }
    if (line.length) { key.push(line); }
    const keyHeight = key.length * 18 + 6;
    const top = 10;
    const total = height + under - 20 + (xTitle.length - 1) * 15 + keyHeight;
    const bottom = total - keyHeight - xTitle.length * 15 - under - 6;
    const plotHeight = bottom - top;
    const share = (value, low, high, logarithmic) => (logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
    const atX = (value) => left + plotWidth * share(value, x0, x1, figure.x.logarithmic);
    const atY = (value) => bottom - plotHeight * Math.min(Math.max(share(logarithmicY ? Math.max(value, y0) : value, y0, y1, logarithmicY), -0.02), 1.02);
    const near = (value) => Math.round(value * 10) / 10;

    const described = `${figure.title}. ${figure.caption}`;
    const picture = draw("svg", { viewBox: `0 0 ${width} ${Math.ceil(total)}`, width, height: Math.ceil(total), role: "img", "aria-label": described, class: "chart" });
    const label = (words, px, py, attributes = {}) => picture.append(draw("text", { x: near(px), y: near(py), class: "chart-text", ...attributes }, words));

    for (const tick of yTicks) {
      picture.append(draw("line", { x1: left, x2: left + plotWidth, y1: near(atY(tick.value)), y2: near(atY(tick.value)), class: "chart-grid" }));
      label(tick.label, left - 6, atY(tick.value) + 4, { "text-anchor": "end" });
    }
    for (const tick of xTicks) {
      const px = atX(tick.value);
      if (!categories.length) { picture.append(draw("line", { x1: near(px), x2: near(px), y1: top, y2: bottom, class: "chart-grid" })); }
      if (categories.length && slanted) {
        label(tick.label, px + 4, bottom + 14, { "text-anchor": "end", transform: `rotate(-45 ${near(px + 4)} ${near(bottom + 14)})` });
      } else {
        label(tick.label, px, bottom + 16, { "text-anchor": "middle" });
      }
    }
    picture.append(draw("path", { d: `M${left},${top}V${near(bottom)}H${left + plotWidth}`, class: "chart-axis" }));
    // In the middle of its axis, or beside it where there is no room for half of it.
    const within = (middle, words, most) => Math.max(Math.min(middle, most - widthOf(words) / 2 - 3), widthOf(words) / 2 + 3);
    xTitle.forEach((words, i) => label(words, within(left + plotWidth / 2, words, width), bottom + under + 12 + 15 * i, { "text-anchor": "middle", class: "chart-text chart-title" }));
    yTitle.forEach((words, i) => {
      const [px, py] = [14 + 15 * i, within(top + plotHeight / 2, words, total)];
      label(words, px, py, { "text-anchor": "middle", transform: `rotate(-90 ${px} ${near(py)})`, class: "chart-text chart-title" });
    });

    // The series: what is in the background first, guides next, then the others in their order.
    const items = [];
    const colourOf = (series) => (series.dashed || series.background ? "var(--chart-quiet)" : `var(--c${series.colour})`);
    const bars = figure.series.filter((series) => series.mark === "bars");
    const lines = figure.series.filter((series) => series.mark === "line" && !series.dashed && !series.x.includes(null));
    const clip = draw("g", {});
    picture.append(clip);
    const order = figure.series.map((_, s) => s).sort((a, b) => {
      const depth = (s) => (figure.series[s].background ? 0 : figure.series[s].dashed ? 1 : figure.series[s].mark === "bars" ? 2 : 3);
      return depth(a) - depth(b) || a - b;
    });
    const tell = (series, k) => {
      const category = categories.length ? categories[Math.round(series.x[k])] : null;
      const name = series.label[k] || category || series.name;
      const value = series.value.length ? `, ${figure.value} ${text(series.value[k])}` : "";
      return `${name}: ${category !== null ? "" : `${text(series.x[k])}, `}${text(series.y[k])}${value}`;
    };
    for (const s of order) {
      const series = figure.series[s];
      const colour = colourOf(series);
      const shape = markShapes[series.shape];
      const points = kept[s].filter((k) => series.x[k] !== null && series.y[k] !== null && !(logarithmicY && !(series.y[k] > 0) && series.mark === "points"));
      const remember = (k, px, py) => items.push({ x: px, y: py, series, k, tell });
      if (series.mark === "bars") {
        const slot = (atX(1) - atX(0)) * 0.8 / bars.length;
        const shift = (bars.indexOf(series) - (bars.length - 1) / 2) * slot;
        for (const k of points) {
          const [px, py] = [atX(series.x[k]) + shift, atY(series.y[k])];
          clip.append(draw("rect", { x: near(px - slot / 2), y: near(Math.min(py, bottom)), width: near(Math.max(slot - 1, 1)), height: near(Math.max(bottom - py, 0)), fill: colour }));
          remember(k, px, py);
        }
      } else if (series.mark === "line") {
        let path = "", broken = true;
        for (const k of kept[s]) {
          if (series.x[k] === null || series.y[k] === null) { broken = true; continue; }
          path += `${broken ? "M" : "L"}${near(atX(series.x[k]))},${near(atY(series.y[k]))}`;
          broken = false;
        }
        clip.append(draw("path", { d: path, fill: "none", stroke: colour, "stroke-width": series.dashed ? 1.3 : 2, "stroke-dasharray": series.dashed ? "6 4" : null }));
        if (!series.dashed && lines.length > 1 && lines.includes(series)) {
          // Of several lines each has some eight marks, so that colour is not needed; those of the next begin a little later.
          const step = Math.max(1, Math.round(points.length / 8)), begin = Math.round(lines.indexOf(series) * step / 5) % step;
          const marks = points.filter((_, i) => i % step === begin);
          clip.append(draw("path", { d: marks.map((k) => shape(near(atX(series.x[k])), near(atY(series.y[k])), 4)).join(""), fill: colour, class: "chart-marks" }));
        }
        if (!series.dashed) { points.forEach((k) => remember(k, atX(series.x[k]), atY(series.y[k]))); }
      } else {
        const size = series.background ? 1.8 : points.length > 400 ? 3 : 4;
        const path = (k) => shape(near(atX(series.x[k])), near(atY(series.y[k])), size);
        if (series.value.length) {
          for (const k of points) {
            clip.append(draw("path", { d: path(k), fill: shade((series.value[k] - least) / (most - least || 1)), class: "chart-dot" }));
          }
        } else {
          clip.append(draw("path", { d: points.map(path).join(""), fill: colour, class: "chart-marks", opacity: series.background ? 0.55 : null }));
        }
        points.forEach((k) => remember(k, atX(series.x[k]), atY(series.y[k])));
      }
    }

    if (coloured.length) {
      const at = left + plotWidth + 14;
      const steps = 24;
      for (let i = 0; i < steps; ++i) {
        picture.append(draw("rect", { x: at, y: near(bottom - plotHeight * (i + 1) / steps), width: 10, height: near(plotHeight / steps + 0.6), fill: shade((i + 0.5) / steps), class: "chart-scale" }));
      }
      label(text(most, 2), at + 13, top + 9);
      label(text(least, 2), at + 13, bottom);
      label(figure.value, at + 13, top + plotHeight / 2 + 4, { class: "chart-text chart-title" });
    }
    key.forEach((entries, i) => entries.forEach(({ series, at, name }) => {
      const [px, py] = [at + 16, total - keyHeight + 18 * i + 12];
      const colour = series.value.length ? shade(0.5) : colourOf(series);
      if (series.mark === "line") {
        picture.append(draw("line", { x1: px - 10, x2: px + 10, y1: py, y2: py, stroke: colour, "stroke-width": 2, "stroke-dasharray": series.dashed ? "6 4" : null }));
      }
      if (series.mark !== "line" || (lines.length > 1 && lines.includes(series))) {
        picture.append(draw("path", { d: (series.mark === "bars" ? markShapes[1] : markShapes[series.shape])(px, py, 4.5), fill: colour }));
      }
      label(name, px + 14, py + 4);
    }));
    return { picture, items };
  }

  /// The picture as a file of its own, in the colours of paper.
  function chartFile(figure) {
    const { picture } = drawChart(figure, 720);
    const paper = { "--chart-quiet": "#777777", "--text": "#000000", "--line": "#cccccc" };
    const light = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444"];
    picture.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    picture.prepend(draw("style", {}, ".chart-text{font:12px sans-serif;fill:#000}.chart-grid{stroke:#ccc;stroke-width:.6}.chart-axis{fill:none;stroke:#000}.chart-dot{stroke:#555;stroke-width:.4}"));
    return picture.outerHTML.replace(/var\((--[a-z0-9-]+)\)/g, (_, name) => paper[name] || light[Number(name.slice(3))] || "#000");
  }

  /// A figure's picture in its box: redrawn when the box changes its width, with the text of the point under the pointer.
  function placeChart(figure, box, from) {
    const chart = { figure, from, box, items: [], picture: null };
    const tip = make("div", { class: "tip", hidden: true });
    let drawn = 0;
    chart.draw = (width) => {
      drawn = width;
      const fresh = drawChart(figure, width, from);
      [chart.picture, chart.items] = [fresh.picture, fresh.items];
      box.replaceChildren(chart.picture, tip);
    };
    const at = (event) => {
      const bounds = chart.picture.getBoundingClientRect();
      const scale = chart.picture.viewBox.baseVal.width / bounds.width;
      const [px, py] = [(event.clientX - bounds.left) * scale, (event.clientY - bounds.top) * scale];
      let best = null, least = 14 ** 2;
      for (const item of chart.items) {
        // What leads to a row wins over what lies at the same place.
        const distance = (item.x - px) ** 2 + (item.y - py) ** 2 - (item.series.row[item.k] ? 4 : 0);
        if (distance < least) { [best, least] = [item, distance]; }
      }
      return best;
    };
    box.addEventListener("pointermove", (event) => {
      const item = at(event);
      tip.hidden = !item;
      box.style.cursor = item && item.series.row[item.k] ? "pointer" : "";
      if (item) {
        tip.textContent = item.tell(item.series, item.k);
        const width = Math.min(tip.offsetWidth, box.clientWidth);
        tip.style.left = `${Math.max(0, Math.min(item.x + 10, box.clientWidth - width))}px`;
        tip.style.top = `${item.y + 14}px`;
      }
    });
    box.addEventListener("pointerleave", () => { tip.hidden = true; });
    box.addEventListener("click", (event) => {
      const item = at(event);
      if (item && item.series.row[item.k]) { leadTo(item.series.row[item.k]); }
    });
    chart.fit = () => {
      const width = Math.floor(box.clientWidth);
      if (width > 60 && Math.abs(width - drawn) > 1) { chart.draw(width); }
    };
    new ResizeObserver(() => { if (!printing) { chart.fit(); } }).observe(box);
    charts.push(chart);
    return chart;
  }
  let printing = false;

