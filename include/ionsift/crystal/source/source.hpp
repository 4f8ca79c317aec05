// SPDX-License-Identifier: BSD-3-Clause
// Streams of entries from files, folders and archives; nothing is unpacked to disk.
#pragma once

#include "ionsift/crystal/read/read.hpp"
#include "ionsift/crystal/source/source_notes.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::crystal {

struct Entry {
  EntryName name;
  std::string bytes;
};

struct SourceOptions {
  std::string id_column;        ///< column or field of ids; empty for the usual names (material_id, ...)
  std::string structure_column; ///< column or field of structures; empty: cif, structure, ...
  std::size_t max_bytes = std::size_t{1} << 30; ///< largest file or member, unpacked: it is read whole
};

/// Some members of an uncompressed archive that follow each other.
struct MemberRun {
  std::uint64_t offset = 0, length = 0; ///< bytes in the archive, headers included
  std::uint64_t members = 0;            ///< number of files and links
  std::vector<std::uint64_t> replaced;  ///< numbers of members that a later one of the same name replaces
};

/// Some data blocks of a CIF with many, which follow each other.
struct BlockRun {
  std::uint64_t offset = 0, length = 0; ///< bytes in the file
  long first_line = 1;
  std::uint64_t blocks_before = 0;
};

/// A file of the input, or a part of one, which can be read without the others.
struct InputPart {
  std::filesystem::path path;
  std::string source;     ///< name of the file in Crystal::source
  bool requested = false; ///< named by the user, not found in a folder
  std::string only;       ///< source of the only entry to read; empty for all
  std::uint64_t bytes = 0;
  /// Whether its entries can only be read one after the other: a compressed archive, a document, a table.
  bool sequence = false;
  std::size_t input = 0;                         ///< index of the input it belongs to
  std::optional<Failure> failure = std::nullopt; ///< instead of a file: a folder that cannot be read
  std::optional<MemberRun> run = std::nullopt;   ///< only these members of the archive
  std::optional<BlockRun> blocks = std::nullopt; ///< only these blocks of the CIF
};

/// The files of the inputs, in the order in which EntryStream reads them: folders recursively, sorted by
/// path.
/// @throws Error missing when an input does not exist; io when it cannot be accessed
std::vector<InputPart> list_parts(const std::vector<std::filesystem::path>& inputs);

/// An uncompressed archive (tar, zip), or a CIF with many data blocks, in parts of about `bytes` that can be
/// read in parallel and together give the same entries; anything else as it is.
std::vector<InputPart> divide(const InputPart& part, std::uint64_t bytes);

/// The entries of several inputs, one after the other, in an order that depends on the inputs alone:
/// folders recursively and sorted by path, archives in their own order. Files and members may be CIFs, JSON
/// documents, CSV tables of structures, POSCARs and extended XYZ, each also compressed (.gz, .bz2, .xz,
/// .zst). Documents, tables and trajectories give an entry for each structure, called by its id or number
/// ("dump.json#mp-1"); so do CIFs with more than eight data blocks ("export.cif#12345-ICSD"). A single entry
/// can be read by its source: "x.tar.gz/folder/a.cif", "dump.json#mp-1", and so can a block of a CIF:
/// "x.cif#block".
class EntryStream {
public:
  /// @throws Error missing when an input does not exist
  explicit EntryStream(const std::vector<std::filesystem::path>& inputs, SourceOptions options = {});
  /// The entries of these parts alone.
  explicit EntryStream(std::vector<InputPart> parts, SourceOptions options = {});
  ~EntryStream();
  EntryStream(EntryStream&&) noexcept;
  EntryStream& operator=(EntryStream&&) noexcept;

  /// The next entry, or nothing at the end. Members that cannot hold structures (README, CSV beside the CIFs)
  /// are skipped and counted. A file, folder, archive or table that cannot be read gives a Failure, after
  /// which the next input is read; a member that is too large gives one too, and its archive is read on. So
  /// does a record of a document or table that holds no structure. Of members of an archive with one name the
  /// last counts, as when it is unpacked. Names are valid UTF-8, whatever the files are called.
  std::optional<std::variant<Entry, Failure>> next();

  /// What was skipped so far, and which structures were numbered.
  const SourceNotes& notes() const;

private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Whether a path points into an existing file, as the sources of entries do.
bool is_inside_file(const std::filesystem::path& path);

} // namespace ionsift::crystal
