// SPDX-License-Identifier: BSD-3-Clause
// The reader of Keras' weight files: a file of random weights, altered by the input.
//
// The file has 0.7 MB, nearly all of it weights, whose values do not matter. The input of the fuzzer is a
// list of changes instead, so that it alters the file's structure:
//   'J' TEXT  the metadata beside the file
//   'C' TEXT  the configuration of the layers, an attribute of the file
//   'B' CHANGES of the bytes of the file, each of 4 bytes: a place (16 bits, the n-th byte not in a
//             weight), the new byte, and how many of the following bytes are set to it, too
//   'T' 4 bytes: the file ends there
#include "ionsift/megnet/parent.hpp"

#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/megnet/write_parent.hpp"

#include "harness.hpp"
#include "random_parent.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

using namespace ionsift;

namespace {

namespace fs = std::filesystem;

/// The intact file, and the places of bytes that are not weights.
struct Original {
  std::string bytes, metadata;
  std::vector<std::size_t> structure; ///< places of bytes that do not depend on the weights

  Original() {
    fuzz::MemoryFile place({});
    const auto write = [&](std::uint64_t seed) {
      const auto path = place.path("parent.hdf5");
      const auto parent = test::random_parent(seed);
      megnet::write_parent(parent, path);
      metadata = megnet::keras_metadata(parent).dump();
      return read_file(path);
    };
    bytes = write(1);
    const auto other = write(2);
    const auto heap = heap_bytes();
    for (std::size_t i = 0; i < std::min(bytes.size(), other.size()); ++i) {
      if (bytes[i] == other[i] && !heap[i]) {
        structure.push_back(i);
      }
    }
  }

private:
  /// Bytes of HDF5's global heap, where texts of variable length lie, and of references to it. HDF5 1.10
  /// copies as many bytes as an object there claims, even beyond the end (docs/fuzzing.md).
  std::vector<bool> heap_bytes() const {
    std::vector<bool> heap(bytes.size(), false);
    const auto number_at = [&](std::size_t place) {
      std::uint64_t number = 0;
      std::memcpy(&number, bytes.data() + place, sizeof number);
      return number;
    };
    const auto mark = [&](std::size_t from, std::size_t count) {
      for (std::size_t i = from; i < std::min(from + count, heap.size()); ++i) {
        heap[i] = true;
      }
    };
    for (auto at = bytes.find("GCOL"); at != std::string::npos; at = bytes.find("GCOL", at + 4)) {
      mark(at, number_at(at + 8)); // a signature, a version, the length of all
      for (std::size_t i = 4; i + 12 <= bytes.size(); ++i) {
        if (number_at(i) == at) {
          mark(i - 4, 16); // length, place of the heap, number of the object
        }
      }
    }
    return heap;
  }
};

/// The file on disk. It is written once; then the changes of an input are written and undone, which is ten
/// times quicker.
class Altered {
public:
  Altered(const Original& original, fs::path path) : original_(original), path_(std::move(path)) {
    restore_all();
  }

  void change(std::string_view changes) {
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    for (; changes.size() >= 4; changes.remove_prefix(4)) {
      const auto at = [&](std::size_t i) {
        return static_cast<std::size_t>(static_cast<unsigned char>(changes[i]));
      };
      const std::size_t place = original_.structure[(at(0) << 8 | at(1)) % original_.structure.size()];
      const std::size_t count = std::min(1 + at(3) % 16, original_.bytes.size() - place);
      file.seekp(static_cast<std::streamoff>(place));
      file << std::string(count, changes[2]);
      changed_.emplace_back(place, count);
    }
  }

  void cut(std::string_view length) {
    std::size_t end = 0;
    for (const char c : length.substr(0, 4)) {
      end = end << 8 | static_cast<unsigned char>(c);
    }
    fs::resize_file(path_, end % original_.bytes.size());
    whole_ = false;
  }

  void set_configuration(std::string_view text) {
    whole_ = false;
    h5::File::open_writable(path_).set_attribute("/", "model_config", text);
  }

  void restore() {
    if (!whole_) {
      restore_all();
      return;
    }
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    for (const auto& [place, count] : changed_) {
      file.seekp(static_cast<std::streamoff>(place));
      file << original_.bytes.substr(place, count);
    }
    changed_.clear();
  }

private:
  void restore_all() {
    std::ofstream(path_, std::ios::binary) << original_.bytes;
    changed_.clear();
    whole_ = true;
  }

  const Original& original_;
  fs::path path_;
  std::vector<std::pair<std::size_t, std::size_t>> changed_; ///< place, bytes
  bool whole_ = false;
};

} // namespace

/// HDF5 keeps freed memory in lists of its own, and does not release all of it.
extern "C" const char* __lsan_default_suppressions() { // NOLINT
  return "leak:libhdf5";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Original original;
  static fuzz::MemoryFile place({});
  static const auto path = place.path("fuzz.hdf5");
  static Altered file(original, path);
  static std::string written; // of the metadata
  const auto input = fuzz::text_of(bytes, size);
  const char kind = input.empty() ? 'J' : input.front();
  const auto rest = input.substr(std::min<std::size_t>(1, input.size()));
  const bool alters_file = kind == 'B' || kind == 'T' || kind == 'C';
  fuzz::expect_error_or_success([&] {
    if (kind == 'B') {
      file.change(rest);
    } else if (kind == 'T') {
      file.cut(rest);
    } else if (kind == 'C') {
      file.set_configuration(rest);
    }
    const std::string metadata(alters_file ? std::string_view(original.metadata) : rest);
    if (metadata != written) {
      std::ofstream(path.string() + ".json", std::ios::binary) << metadata;
      written = metadata;
    }
    const auto parent = megnet::Parent::load(path);
    if (!std::isfinite(parent.converter.width) || !parent.weights.embedding.allFinite()) {
      fuzz::finding("a parent whose numbers are not finite");
    }
  });
  file.restore();
  return 0;
}
