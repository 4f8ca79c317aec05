// SPDX-License-Identifier: BSD-3-Clause
// Chemical compositions.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ionsift::crystal {

/// Amounts of the elements, by atomic number; fractional amounts are common (partial occupancies).
class Composition {
public:
  Composition() = default;
  /// Parses "Li6.5 La3 Zr1.5 O12", "(Li0.9Na0.1)3N", also of parts: "Li2SO4·H2O", "LiOH*H2O", "LiClO4.3H2O".
  /// @throws Error format; also where a full stop may be a separator or a decimal point: "Li2O.2B2O3"
  static Composition parse(std::string_view formula);

  void add(int atomic_number, double amount);
  double amount(int atomic_number) const;
  double total() const;
  const std::map<int, double>& amounts() const { return amounts_; }
  bool empty() const { return amounts_.empty(); }

  /// Amount over total.
  double fraction(int atomic_number) const;
  /// The same amounts divided so that they sum to 1.
  Composition normalized() const;
  /// Divided by the greatest common divisor where all amounts are whole (within 1e-3); otherwise unchanged.
  Composition reduced() const;

  /// Elements in order of electronegativity, amounts with up to `decimals` digits, "Li6.5La3Zr1.5Ta0.5O12".
  std::string formula(int decimals = 3) const;
  /// "Li-La-O": symbols sorted alphabetically.
  std::string chemical_system() const;

private:
  std::map<int, double> amounts_;
};

} // namespace ionsift::crystal
