/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- Pictures of crystals, as SVG: polyhedra of anions around cations, pies for what shares a site, lithium marked

  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  const plus = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const length = (a) => Math.sqrt(dot(a, a));
  const cartesian = (lattice, f) => [0, 1, 2].map((i) => f[0] * lattice[0][i] + f[1] * lattice[1][i] + f[2] * lattice[2][i]);

  /// a, b, c in angstrom, alpha, beta, gamma in degrees.
  function cellOf(lattice) {
    const [a, b, c] = lattice;
    const angle = (u, v) => Math.acos(Math.min(1, Math.max(-1, dot(u, v) / length(u) / length(v)))) * 180 / Math.PI;
    return [length(a), length(b), length(c), angle(b, c), angle(a, c), angle(a, b)];
  }

  /// What a site is to the picture: "lithium" with any of it, "anion", or "cation".
  function kindOf(orbit) {
    if (orbit.species.some(([symbol]) => symbol === "Li")) { return "lithium"; }
    const charge = orbit.species.reduce((sum, [, share, oxidation]) => sum + share * oxidation, 0);
    const former = orbit.species.some(([symbol]) => anionFormers.has(symbol));
    return charge < 0 || (charge === 0 && former) ? "anion" : "cation";
  }

  /// Faces of the hull of some points, each as the numbers of its corners in their order around it.
  function hullOf(points) {
    const faces = new Map();
    for (let i = 0; i < points.length; ++i) {
      for (let j = i + 1; j < points.length; ++j) {
        for (let k = j + 1; k < points.length; ++k) {
          const normal = cross(minus(points[j], points[i]), minus(points[k], points[i]));
          const size = length(normal);
          if (size < 1e-3) { continue; }
          const heights = points.map((p) => dot(minus(p, points[i]), normal) / size);
          if (heights.some((h) => h > 0.12) && heights.some((h) => h < -0.12)) { continue; }
          const corners = heights.flatMap((h, n) => (Math.abs(h) <= 0.12 ? [n] : []));
          if (corners.length === points.length) { continue; }
          const key = corners.join();
          if (faces.has(key)) { continue; }
          const middle = corners.reduce((sum, n) => plus(sum, points[n]), [0, 0, 0]).map((v) => v / corners.length);
          const first = minus(points[corners[0]], middle), second = cross(normal, first).map((v) => v / size);
          const around = (n) => Math.atan2(dot(minus(points[n], middle), second), dot(minus(points[n], middle), first));
          faces.set(key, corners.sort((m, n) => around(m) - around(n)));
        }
      }
    }
    return [...faces.values()];
  }

  /// Everything that is drawn of a structure, in angstrom around the middle of its cell.
  function sceneOf(structure) {
    const { lattice, orbits } = structure;
    const kinds = orbits.map(kindOf);
    const middle = cartesian(lattice, [0.5, 0.5, 0.5]);
    const place = (f) => minus(cartesian(lattice, f), middle);
    const scene = { atoms: [], faces: [], sticks: [], edges: [], orbits, kinds };
    const seen = new Map();
    const atom = (orbit, f, isImage) => {
      const key = `${orbit}:${f.map((v) => v.toFixed(3)).join()}`;
      if (!seen.has(key)) {
        seen.set(key, { orbit, at: place(f), isImage });
        scene.atoms.push(seen.get(key));
      }
      return seen.get(key);
    };
    // The sites of the cell, those on its border on all sides of it.
    const inside = [];
    for (const [orbit, ...f] of structure.sites) {
      const turns = f.map((v) => (v < 0.02 ? [0, 1] : v > 0.98 ? [0, -1] : [0]));
      for (const i of turns[0]) for (const j of turns[1]) for (const k of turns[2]) {
        inside.push([orbit, [f[0] + i, f[1] + j, f[2] + k]]);
        atom(orbit, [f[0] + i, f[1] + j, f[2] + k], false);
      }
    }
    const anions = [];
    const reach = cellOf(lattice).slice(0, 3).map((edge) => (edge < 3.4 ? 2 : 1));
    for (const [orbit, ...f] of structure.sites) {
      if (kinds[orbit] !== "anion") { continue; }
      for (let i = -reach[0]; i <= reach[0]; ++i) for (let j = -reach[1]; j <= reach[1]; ++j) for (let k = -reach[2]; k <= reach[2]; ++k) {
        const image = [f[0] + i, f[1] + j, f[2] + k];
        if (image.every((v) => v > -0.75 && v < 1.75)) { anions.push({ orbit, f: image, at: place(image) }); }
      }
    }
    const filled = (orbit) => orbits[orbit].species.reduce((sum, [, share]) => sum + share, 0);
    for (const [orbit, f] of inside) {
      if (kinds[orbit] === "anion") { continue; }
      const at = place(f);
      const isLithium = kinds[orbit] === "lithium";
      const distances = anions.map((anion) => [length(minus(anion.at, at)), anion]).filter(([d]) => d > 0.6 && d < 3.6).sort((a, b) => a[0] - b[0]);
      if (!distances.length || (!isLithium && filled(orbit) < 0.3)) { continue; }
      const nearest = distances.filter(([d]) => d <= Math.min(distances[0][0] * 1.22, isLithium ? 3.0 : 3.4)).slice(0, 12).map(([, anion]) => anion);
      const isDrawnAsSticks = isLithium || nearest.length < 4;
      for (const anion of nearest) {
        const isOutside = anion.f.some((v) => v < -0.02 || v > 1.02);
        if (isLithium && isOutside) { continue; }
        const end = atom(anion.orbit, anion.f, isOutside);
        if (isDrawnAsSticks) { scene.sticks.push({ from: at, to: end.at, isLithium }); }
      }
      if (!isDrawnAsSticks) {
        const symbol = orbits[orbit].species.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
        for (const corners of hullOf(nearest.map((anion) => anion.at))) {
          scene.faces.push({ corners: corners.map((n) => nearest[n].at), colour: atomColour(symbol) });
        }
      }
    }
    if (!anions.length) {
      // An alloy: sticks between what is near.
      for (let i = 0; i < scene.atoms.length; ++i) for (let j = i + 1; j < scene.atoms.length; ++j) {
        const d = length(minus(scene.atoms[i].at, scene.atoms[j].at));
        if (d > 0.6 && d < 3.1) { scene.sticks.push({ from: scene.atoms[i].at, to: scene.atoms[j].at, isLithium: false }); }
      }
    }
    const corner = (bits) => place([bits & 1, (bits >> 1) & 1, bits >> 2]);
    for (let bits = 0; bits < 8; ++bits) for (const bit of [1, 2, 4]) {
      if (!(bits & bit)) { scene.edges.push([corner(bits), corner(bits | bit)]); }
    }
    scene.axes = lattice.map((row) => row.map((v) => v / length(row)));
    scene.reach = Math.max(...scene.atoms.map((a) => length(a.at)), ...scene.edges.flat().map(length));
    return scene;
  }

  const turn = (rotation, v) => [dot(rotation[0], v), dot(rotation[1], v), dot(rotation[2], v)];
  const product = (a, b) => a.map((row) => [0, 1, 2].map((j) => row[0] * b[0][j] + row[1] * b[1][j] + row[2] * b[2][j]));
  const aroundX = (t) => [[1, 0, 0], [0, Math.cos(t), -Math.sin(t)], [0, Math.sin(t), Math.cos(t)]];
  const aroundY = (t) => [[Math.cos(t), 0, Math.sin(t)], [0, 1, 0], [-Math.sin(t), 0, Math.cos(t)]];
  /// Looking along a direction, with another one upwards.
  function along(direction, up) {
    const z = direction.map((v) => v / length(direction));
    let y = minus(up, z.map((v) => v * dot(up, z)));
    if (length(y) < 1e-6) { y = Math.abs(z[0]) < 0.9 ? cross(z, [1, 0, 0]) : cross(z, [0, 1, 0]); }
    y = y.map((v) => v / length(y));
    return [cross(y, z), y, z];
  }
  const firstView = (scene) => product(product(aroundX(0.22), aroundY(-0.38)), along(scene.axes[0], scene.axes[2]));

  /// An atom: a disc, or a pie of what shares its site, white where the site is empty; lithium has a dark ring.
  function atomParts(orbit, isLithium, x, y, r, isPale) {
    const slices = [];
    const round = (v) => v.toFixed(2);
    let begin = -Math.PI / 2;
    const total = orbit.species.reduce((sum, [, share]) => sum + share, 0);
    const shares = orbit.species.map(([symbol, share]) => [atomColour(symbol), share]);
    if (total < 0.995) { shares.push(["var(--vacancy)", 1 - total]); }
    if (shares.length === 1) {
      slices.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${round(r)}" fill="${shares[0][0]}"/>`);
    } else {
      for (const [colour, share] of shares) {
        const end = begin + 2 * Math.PI * Math.min(share, 0.9999);
        const large = share > 0.5 ? 1 : 0;
        slices.push(`<path d="M${round(x)},${round(y)}L${round(x + r * Math.cos(begin))},${round(y + r * Math.sin(begin))}A${round(r)},${round(r)} 0 ${large} 1 ` +
          `${round(x + r * Math.cos(end))},${round(y + r * Math.sin(end))}z" fill="${colour}"/>`);
        begin = end;
      }
    }
    const ring = `<circle cx="${round(x)}" cy="${round(y)}" r="${round(r)}" class="${isLithium ? "atom-ring lithium-ring" : "atom-ring"}"/>`;
    return `<g${isPale ? " opacity=\"0.55\"" : ""}${isLithium ? " class=\"lithium\"" : ""}>${slices.join("")}${ring}</g>`;
  }

  /// The picture as text: of numbers, and of colours that stand in this program.
  function crystalSvg(scene, rotation, width, height, isStill = false) {
    // One that turns needs room on all sides; a still one fills its frame.
    let scale = 0.48 * Math.min(width, height) / scene.reach, middle = [0, 0];
    if (isStill) {
      const flat = [...scene.atoms.map((atom) => atom.at), ...scene.edges.flat()].map((v) => turn(rotation, v));
      const [low, high] = [0, 1].map((axis) => flat.map((v) => v[axis])).map((v) => [Math.min(...v), Math.max(...v)]).reduce(([l, h], [a, b]) => [[...l, a], [...h, b]], [[], []]);
      scale = Math.min((width - 6) / (high[0] - low[0] + 1.3), (height - 6) / (high[1] - low[1] + 1.3), 0.2 * width);
      middle = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
    }
    const project = (v) => {
      const [x, y, z] = turn(rotation, v);
      return [width / 2 + scale * (x - middle[0]), height / 2 - scale * (y - middle[1]), z];
    };
    const round = (v) => v.toFixed(1);
    const parts = [];
    for (const [from, to] of scene.edges) {
      const [a, b] = [project(from), project(to)];
      parts.push([(a[2] + b[2]) / 2 - 0.01, `<line x1="${round(a[0])}" y1="${round(a[1])}" x2="${round(b[0])}" y2="${round(b[1])}" class="cell-edge"/>`]);
    }
    for (const stick of scene.sticks) {
      const [a, b] = [project(stick.from), project(stick.to)];
      parts.push([(a[2] + b[2]) / 2, `<line x1="${round(a[0])}" y1="${round(a[1])}" x2="${round(b[0])}" y2="${round(b[1])}" class="${stick.isLithium ? "stick lithium-stick" : "stick"}" ` +
        `stroke-width="${round(Math.max(1, scale * (stick.isLithium ? 0.05 : 0.12)))}"/>`]);
    }
    for (const face of scene.faces) {
      const corners = face.corners.map(project);
      const depth = corners.reduce((sum, c) => sum + c[2], 0) / corners.length;
      const normal = cross(minus(corners[1], corners[0]), minus(corners[2], corners[0]));
      const light = Math.abs(normal[2]) / (length(normal) || 1);
      parts.push([depth, `<polygon points="${corners.map((c) => `${round(c[0])},${round(c[1])}`).join(" ")}" fill="${face.colour}" fill-opacity="${(0.28 + 0.3 * light).toFixed(2)}" class="face"/>`]);
    }
    for (const atom of scene.atoms) {
      const [x, y, z] = project(atom.at);
      const orbit = scene.orbits[atom.orbit];
      const isLithium = scene.kinds[atom.orbit] === "lithium";
      const radius = Math.max(...orbit.species.map(([symbol]) => atomRadius(symbol))) * (isLithium || scene.kinds[atom.orbit] === "anion" || !scene.faces.length ? 1 : 0.62);
      parts.push([z + 0.05, atomParts(orbit, isLithium, x, y, Math.max(2.2, scale * radius), atom.isImage)]);
    }
    parts.sort((a, b) => a[0] - b[0]);
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="crystal">${parts.map((p) => p[1]).join("")}</svg>`;
  }

  const scenes = new Map();
  function sceneById(id) {
    if (!scenes.has(id)) { scenes.set(id, sceneOf(data.structures[id])); }
    return scenes.get(id);
  }
  const hasPicture = (id) => Boolean(data.structures && data.structures[id] && data.structures[id].sites);

  /// A picture that does not move.
  function stillCrystal(id, name, width, height) {
    const scene = sceneById(id);
    const box = make("span", { class: "still", role: "img", "aria-label": `crystal structure of ${name}` });
    box.innerHTML = crystalSvg(scene, firstView(scene), width, height, true);
    return box;
  }

  /// A picture that turns under the pointer, by arrow keys and by buttons.
  function turningCrystal(id, name) {
    const scene = sceneById(id);
    const [width, height] = [380, 320];
    let rotation = firstView(scene);
    const box = make("div", { class: "turning", tabindex: "0", role: "img",
      "aria-label": `crystal structure of ${name}; arrow keys turn it`, title: "drag, or use the arrow keys, to turn it" });
    const show = () => { box.innerHTML = crystalSvg(scene, rotation, width, height); };
    const by = (dx, dy) => { rotation = product(product(aroundX(dy), aroundY(dx)), rotation); show(); };
    let held = null;
    box.addEventListener("pointerdown", (event) => { held = [event.clientX, event.clientY]; box.setPointerCapture(event.pointerId); });
    box.addEventListener("pointermove", (event) => {
      if (held) {
        by((event.clientX - held[0]) * 0.01, (event.clientY - held[1]) * 0.01);
        held = [event.clientX, event.clientY];
      }
    });
    for (const end of ["pointerup", "pointercancel"]) { box.addEventListener(end, () => { held = null; }); }
    box.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15] }[event.key];
      if (step) { event.preventDefault(); by(...step); }
    });
    const view = (title, from) => make("button", { type: "button", class: "small", onclick: () => { rotation = from(); show(); } }, title);
    show();
    return make("div", {}, box, make("p", { class: "views more" }, "along ",
      ...["a", "b", "c"].map((axis, i) => view(axis, () => along(scene.axes[i], scene.axes[(i + 2) % 3]))), view("as at first", () => firstView(scene)),
      make("button", { type: "button", class: "small", onclick: () => download(`${fileName(id)}.svg`, "image/svg+xml", crystalFile(crystalSvg(scene, rotation, width, height))) }, "SVG")));
  }
  const crystalFile = (picture) => picture.replaceAll("var(--vacancy)", "#ffffff").replace(">",
    "><style>.atom-ring{fill:none;stroke:#555;stroke-width:.6}.lithium-ring{stroke:#000;stroke-width:1.6}.cell-edge{stroke:#888;stroke-width:1}.stick{stroke:#999}.face{stroke:#666;stroke-width:.5}</style>");

  /// The elements of a structure with their colours, lithium and empty sites explained.
  function crystalKey(id) {
    const { orbits } = data.structures[id];
    const found = [...new Set(orbits.flatMap((orbit) => orbit.species.map(([symbol]) => symbol)))].sort((a, b) => (b === "Li") - (a === "Li") || a.localeCompare(b));
    const isEmpty = orbits.some((orbit) => orbit.species.reduce((sum, [, share]) => sum + share, 0) < 0.995);
    const entry = (colour, words, ring) => make("li", {}, make("span", { class: `swatch${ring ? " lithium-swatch" : ""}`, style: `background:${colour}` }), words);
    return make("ul", { class: "key" }, ...found.map((symbol) => entry(atomColour(symbol), symbol === "Li" ? "Li (ringed)" : symbol, symbol === "Li")),
      isEmpty ? entry("var(--vacancy)", "empty share of a site", false) : null);
  }

