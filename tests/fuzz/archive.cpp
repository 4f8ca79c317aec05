// Archives and compressed files -> structures -> features.
#include "ionsift/crystal/source.hpp"

#include "harness.hpp"

using namespace ionsift;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static fuzz::MemoryFile file({"fuzz.tar.gz", "fuzz.cif.gz"});
  constexpr int most_entries = 64;
  file.write(fuzz::text_of(bytes, size));
  crystal::SourceOptions options;
  options.max_bytes = std::size_t{1} << 18;
  crystal::EntryStream stream({file.path("fuzz.tar.gz"), file.path("fuzz.cif.gz")}, options);
  for (int i = 0; i < most_entries; ++i) {
    const auto next = stream.next();
    if (!next) {
      break;
    }
    if (const auto* entry = std::get_if<crystal::Entry>(&*next)) {
      fuzz::expect_sound(crystal::read_entry(entry->bytes, entry->name, fuzz::small_read_options()), false);
    } else {
      fuzz::expect_sound({std::get<crystal::Failure>(*next)}, false);
    }
  }
  return 0;
}
