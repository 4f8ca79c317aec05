// SPDX-License-Identifier: BSD-3-Clause
#include "archive_index.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/mapped_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

namespace ionsift::crystal {

namespace fs = std::filesystem;

namespace {

/// Thrown for an archive that must be read from its beginning.
struct NotDivisible {};

void require(bool condition) {
  if (!condition) {
    throw NotDivisible{};
  }
}

/// Random access to a file through one window: headers are close to each other.
class PlainFile {
public:
  explicit PlainFile(const fs::path& path) : file_(path), size_(file_.size()) {}

  std::uint64_t size() const { return size_; }

  /// Valid until the next call.
  std::string_view at(std::uint64_t offset, std::uint64_t length) {
    require(offset <= size_ && length <= size_ - offset);
    if (offset < start_ || offset + length > start_ + window_.size()) {
      constexpr std::uint64_t ahead = std::uint64_t{1} << 18;
      window_ = file_.read(offset, std::max(length, ahead));
      start_ = offset;
      require(window_.size() >= length);
    }
    return std::string_view(window_).substr(offset - start_, length);
  }

private:
  RandomFile file_;
  std::uint64_t size_, start_ = 0;
  std::string window_;
};

/// Collects members into runs, and finds those that are replaced by a later one of the same name.
class Runs {
public:
  explicit Runs(std::uint64_t bytes) : bytes_(bytes) {}

  /// @param counts whether ArchiveReader::next returns it: a file or a link
  void add(std::uint64_t begin, std::uint64_t end, std::string_view name, bool counts) {
    if (runs_.empty() || runs_.back().length >= bytes_) {
      runs_.push_back({begin, 0, 0, {}});
    }
    auto& run = runs_.back();
    run.length = end - run.offset;
    if (counts) {
      while (name.starts_with("./")) {
        name.remove_prefix(2);
      }
      members_.push_back({hash128(name), runs_.size() - 1, run.members++});
    }
  }

  std::vector<MemberRun> take() {
    std::ranges::sort(members_);
    for (std::size_t i = 1; i < members_.size(); ++i) {
      const auto& earlier = members_[i - 1];
      if (earlier.name == members_[i].name) {
        runs_[earlier.run].replaced.push_back(earlier.number);
      }
    }
    for (auto& run : runs_) {
      std::ranges::sort(run.replaced);
    }
    return std::move(runs_);
  }

private:
  struct Member {
    std::array<std::uint64_t, 2> name; ///< hashed
    std::uint64_t run, number;
    auto operator<=>(const Member&) const = default;
  };

  std::uint64_t bytes_;
  std::vector<MemberRun> runs_;
  std::vector<Member> members_;
};

constexpr std::uint64_t block = 512;

std::uint64_t whole_blocks(std::uint64_t bytes) {
  require(bytes < (std::uint64_t{1} << 60));
  return (bytes + block - 1) / block * block;
}

std::string_view text_of(std::string_view field) {
  return field.substr(0, field.find('\0'));
}

/// Octal digits, or with the highest bit set a number of base 256.
std::uint64_t number_of(std::string_view field) {
  std::uint64_t value = 0;
  if ((static_cast<unsigned char>(field.front()) & 0x80U) != 0) {
    require(static_cast<unsigned char>(field.front()) == 0x80U);
    for (const char byte : field.substr(1)) {
      require(value < (std::uint64_t{1} << 52));
      value = value * 256 + static_cast<unsigned char>(byte);
    }
    return value;
  }
  while (!field.empty() && (field.front() == ' ' || field.front() == '\0')) {
    field.remove_prefix(1);
  }
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value, 8);
  require(error == std::errc() || field.empty());
  return value;
}

bool checksum_holds(std::string_view header) {
  constexpr std::size_t place = 148, length = 8;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < block; ++i) {
    sum += i >= place && i < place + length ? ' ' : static_cast<unsigned char>(header[i]);
  }
  return sum == number_of(header.substr(place, length));
}

/// The value of a key among the records "LENGTH KEY=VALUE\n" of a pax header.
std::optional<std::string> pax_value(std::string_view records, std::string_view wanted) {
  std::optional<std::string> value;
  while (!records.empty()) {
    std::size_t length = 0;
    const auto [digits, error] = std::from_chars(records.data(), records.data() + records.size(), length);
    const auto used = static_cast<std::size_t>(digits - records.data());
    require(error == std::errc() && length > used + 1 && length <= records.size());
    const auto record = records.substr(used + 1, length - used - 2);
    const auto equals = record.find('=');
    require(equals != std::string_view::npos);
    require(!record.starts_with("GNU.sparse"));
    if (record.substr(0, equals) == wanted) {
      value = record.substr(equals + 1);
    }
    records.remove_prefix(length);
  }
  return value;
}

void index_tar(PlainFile& file, Runs& runs) {
  constexpr std::uint64_t longest_name = std::uint64_t{1} << 20;
  std::uint64_t place = 0;
  while (place + block <= file.size()) {
    const std::uint64_t begin = place;
    std::optional<std::string> name;
    std::optional<std::uint64_t> size;
    while (true) { // extended headers of the one that follows
      const std::string header(file.at(place, block));
      if (header.find_first_not_of('\0') == std::string::npos) {
        require(place == begin);
        return;
      }
      require(checksum_holds(header));
      const char type = header[156];
      const auto own_size = number_of(std::string_view(header).substr(124, 12));
      place += block;
      if (type == 'x' || type == 'L' || type == 'K' || type == 'g') {
        require(own_size <= longest_name);
        const std::string content(file.at(place, own_size));
        place += whole_blocks(own_size);
        if (type == 'L') {
          name = text_of(content);
        } else if (type == 'x') {
          if (auto path = pax_value(content, "path")) {
            name = std::move(path);
          }
          if (const auto digits = pax_value(content, "size")) {
            std::uint64_t value = 0;
            require(std::from_chars(digits->data(), digits->data() + digits->size(), value).ec ==
                    std::errc());
            size = value;
          }
        } else if (type == 'g') { // applies to all that follow
          require(!pax_value(content, "path") && !pax_value(content, "size"));
        }
        continue;
      }
      if (!name) {
        name = text_of(std::string_view(header).substr(0, 100));
        const auto prefix = text_of(std::string_view(header).substr(345, 155));
        if (header.substr(257, 6) == std::string_view("ustar\0", 6) && !prefix.empty()) {
          name = std::string(prefix) + "/" + *name;
        }
      }
      const auto bytes = size.value_or(own_size);
      const bool is_file = (type == '0' || type == '\0' || type == '7') && !name->ends_with('/');
      const bool is_link = type == '1' || type == '2';
      const bool is_folder = type == '5' || (name->ends_with('/') && !is_link);
      require(is_file || (bytes == 0 && (is_link || is_folder)));
      place += whole_blocks(bytes);
      require(place <= file.size() || (is_file && place - whole_blocks(bytes) + bytes == file.size()));
      runs.add(begin, std::min(place, file.size()), *name, !is_folder);
      break;
    }
  }
  require(place == file.size()); // without the empty blocks at its end
}

std::uint64_t little_endian(std::string_view bytes, std::size_t offset, std::size_t length) {
  require(offset + length <= bytes.size());
  std::uint64_t value = 0;
  for (std::size_t i = length; i-- > 0;) {
    value = value * 256 + static_cast<unsigned char>(bytes[offset + i]);
  }
  return value;
}

struct Directory {
  std::uint64_t offset = 0, length = 0, members = 0;
};

Directory find_directory(PlainFile& file) {
  constexpr std::uint64_t record = 22, longest_comment = 65535, locator = 20, record64 = 56;
  require(file.size() >= record);
  const auto tail_length = std::min(file.size(), record + longest_comment);
  const std::string tail(file.at(file.size() - tail_length, tail_length));
  const auto found = tail.rfind("PK\5\6", tail.size() - record);
  require(found != std::string::npos);
  Directory directory{little_endian(tail, found + 16, 4), little_endian(tail, found + 12, 4),
                      little_endian(tail, found + 10, 2)};
  const auto end = file.size() - tail_length + found;
  if (end >= locator && file.at(end - locator, 4) == std::string_view("PK\6\7", 4)) {
    const auto place = little_endian(file.at(end - locator, locator), 8, 8);
    const std::string large(file.at(place, record64));
    require(large.starts_with(std::string_view("PK\6\6", 4)));
    directory = {little_endian(large, 48, 8), little_endian(large, 40, 8), little_endian(large, 32, 8)};
  }
  return directory;
}

struct ZipMember {
  std::uint64_t offset = 0, packed = 0;
  std::string name;
};

/// The sizes and the offset of a member that do not fit into its record, in the order in which they are
/// missing.
void read_zip64(std::string_view extra, std::uint64_t unpacked, ZipMember& member) {
  constexpr std::uint64_t elsewhere = 0xFFFFFFFF;
  for (std::size_t place = 0; place + 4 <= extra.size();) {
    const auto length = little_endian(extra, place + 2, 2);
    require(place + 4 + length <= extra.size());
    if (little_endian(extra, place, 2) == 1) {
      auto field = extra.substr(place + 4, length);
      const auto take = [&](bool wanted, std::uint64_t& value) {
        if (wanted) {
          value = little_endian(field, 0, 8);
          field.remove_prefix(8);
        }
      };
      take(unpacked == elsewhere, unpacked);
      take(member.packed == elsewhere, member.packed);
      take(member.offset == elsewhere, member.offset);
      return;
    }
    place += 4 + length;
  }
  require(unpacked != elsewhere && member.packed != elsewhere && member.offset != elsewhere);
}

void index_zip(PlainFile& file, Runs& runs) {
  constexpr std::uint64_t record = 46, local_header = 30;
  const auto directory = find_directory(file);
  std::vector<ZipMember> members;
  std::uint64_t place = directory.offset;
  for (std::uint64_t i = 0; i < directory.members; ++i) {
    const std::string fixed(file.at(place, record));
    require(fixed.starts_with("PK\1\2"));
    const auto flags = little_endian(fixed, 8, 2), method = little_endian(fixed, 10, 2);
    const auto name_length = little_endian(fixed, 28, 2), extra_length = little_endian(fixed, 30, 2);
    const bool encrypted = (flags & 1U) != 0, lengths_behind = (flags & 8U) != 0;
    constexpr std::uint64_t stored = 0, deflated = 8;
    require(!encrypted && (method == deflated || (method == stored && !lengths_behind)));
    constexpr std::uint64_t unix_host = 3, file_type = 0170000, link = 0120000;
    require(little_endian(fixed, 5, 1) != unix_host ||
            ((little_endian(fixed, 38, 4) >> 16U) & file_type) != link);
    ZipMember member{little_endian(fixed, 42, 4), little_endian(fixed, 20, 4),
                     std::string(file.at(place + record, name_length))};
    read_zip64(std::string(file.at(place + record + name_length, extra_length)), little_endian(fixed, 24, 4),
               member);
    members.push_back(std::move(member));
    place += record + name_length + extra_length + little_endian(fixed, 32, 2);
  }
  std::ranges::sort(members, {}, &ZipMember::offset);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& member = members[i];
    const auto end = i + 1 < members.size() ? members[i + 1].offset : directory.offset;
    // Room for a header's extra fields; a larger gap is a member that is no longer in the directory.
    constexpr std::uint64_t most_besides = 512;
    const auto least = member.offset + local_header + member.name.size() + member.packed;
    require(end >= least && end - least <= most_besides);
    runs.add(member.offset, end, member.name, !member.name.ends_with('/'));
  }
}

} // namespace

std::optional<std::vector<MemberRun>> index_archive(const fs::path& archive, std::uint64_t bytes) {
  try {
    PlainFile file(archive);
    Runs runs(bytes);
    require(file.size() >= block || (file.size() >= 4 && file.at(0, 2) == "PK"));
    if (file.at(0, 4) == std::string_view("PK\3\4", 4)) {
      index_zip(file, runs);
    } else {
      index_tar(file, runs);
    }
    return runs.take();
  } catch (const NotDivisible&) {
    return std::nullopt;
  } catch (const Error&) { // the file cannot be read, which its reader reports
    return std::nullopt;
  }
}

} // namespace ionsift::crystal
