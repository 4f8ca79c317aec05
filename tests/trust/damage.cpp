// SPDX-License-Identifier: BSD-3-Clause
// damage flip|cut|blank FILE SEED: damages a file at a place derived from the seed, and prints where.
// damage attribute FILE NAME VALUE: sets an attribute of an HDF5 file's root; whole numbers become integers.
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/base/text.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>

namespace {

constexpr std::uint64_t damage_key = 0x64616d616765; ///< of the stream of random places

/// One byte is changed, the rest is cut off, or 64 bytes become zeros.
void spoil(const std::string& how, const std::string& path, std::uint64_t seed) {
  auto bytes = ionsift::read_file(path);
  ionsift::RandomStream random(seed, damage_key);
  const auto place = static_cast<std::size_t>(random.below(bytes.size()));
  if (how == "flip") {
    bytes[place] = static_cast<char>(bytes[place] ^ static_cast<char>(1 + random.below(255)));
  } else if (how == "cut") {
    bytes.resize(place);
  } else {
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(place),
                std::min<std::size_t>(64, bytes.size() - place), '\0');
  }
  std::ofstream(path, std::ios::binary) << bytes;
  std::cout << how << " at byte " << place << '\n';
}

void set_attribute(const std::string& path, const std::string& name, const std::string& value) {
  auto file = ionsift::h5::File::open_writable(path);
  const auto number = ionsift::parse_number(value);
  if (const auto integer = ionsift::parse_integer(value)) {
    file.set_attribute("/", name, *integer);
  } else if (number) {
    file.set_attribute("/", name, *number);
  } else {
    file.set_attribute("/", name, value);
  }
  file.close();
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() == 4 && words[0] == "attribute") {
      set_attribute(words[1], words[2], words[3]);
      return 0;
    }
    const auto seed = words.size() == 3 ? ionsift::parse_integer(words[2]) : std::nullopt;
    if (seed && (words[0] == "flip" || words[0] == "cut" || words[0] == "blank")) {
      spoil(words[0], words[1], static_cast<std::uint64_t>(*seed));
      return 0;
    }
  } catch (const ionsift::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  std::cerr << "usage: damage flip|cut|blank FILE SEED, or damage attribute FILE NAME VALUE\n";
  return 2;
}
