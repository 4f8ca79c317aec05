#include "ionsift/crystal/read.hpp"

#include "ionsift/base/sha256.hpp"
#include "ionsift/crystal/cif.hpp"

namespace ionsift::crystal {

std::vector<ReadResult> read_entry(std::string_view bytes, const EntryName& name,
                                   const ReadOptions& options) {
  std::vector<ReadResult> results = read_cif(bytes, name, options);
  const std::string hash = sha256(bytes);
  for (ReadResult& result : results) {
    if (auto* crystal = std::get_if<Crystal>(&result)) {
      crystal->sha256 = hash;
    }
  }
  return results;
}

} // namespace ionsift::crystal
