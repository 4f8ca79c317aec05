/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- The elements

  const periods = [
    "H . . . . . . . . . . . . . . . . He",
    "Li Be . . . . . . . . . . B C N O F Ne",
    "Na Mg . . . . . . . . . . Al Si P S Cl Ar",
    "K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr",
    "Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe",
    "Cs Ba * Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn",
    "Fr Ra * . . . . . . . . . . . . . . .",
    ". . La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu .",
    ". . Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr .",
  ].map((period) => period.split(" "));
  const symbols = periods.flat().filter((symbol) => /^[A-Z]/.test(symbol));
  const elementNumber = new Map(symbols.map((symbol, i) => [symbol, i]));
  const anionFormers = new Set(["N", "O", "F", "S", "Cl", "Se", "Br", "Te", "I", "P", "As", "C", "H"]);

  /// Colours of atoms: lithium stands out, anions are light, the others differ in hue.
  const atomColours = { Li: "#1a9641", O: "#e8503a", S: "#f2c230", Se: "#c98a1d", Te: "#a6761d", F: "#9ad4c0", Cl: "#7fcdbb", Br: "#a3572b", I: "#7b4ea3",
    N: "#5d7fd6", C: "#6b6b6b", H: "#d9d9d9", P: "#a05fb4", Si: "#4f7cac", Ge: "#5d8f8f", Sn: "#7d8fa3", B: "#d98c8c", Al: "#9a9fb5", Ga: "#b5838d",
    Ti: "#7a8ea8", Zr: "#5fa3a3", La: "#6fa8dc", Y: "#7cb7c4", Ta: "#6c86b8", Nb: "#72a0a8", Fe: "#b06a3b", Mn: "#96619b", Co: "#4c72b0", Ni: "#55a868",
    Na: "#d9b13b", K: "#8e6bbd", Mg: "#8fae5d", Ca: "#7fa65a", Zn: "#7d80b0", In: "#a68a8a", Sb: "#8c6bb1", As: "#a67fb8" };
  const hue = (symbol) => `hsl(${(elementNumber.get(symbol) * 47) % 360} 38% 58%)`;
  const atomColour = (symbol) => atomColours[symbol] || hue(symbol);
  /// Radii in angstrom, in which atoms are drawn: as large as helps to see them, smaller for cations.
  const largeAnions = { O: 0.46, F: 0.44, N: 0.46, C: 0.4, H: 0.25, S: 0.58, Cl: 0.58, P: 0.42, Se: 0.62, Br: 0.62, As: 0.45, Te: 0.68, I: 0.68 };
  const atomRadius = (symbol) => (symbol === "Li" ? 0.5 : largeAnions[symbol] || 0.48);

