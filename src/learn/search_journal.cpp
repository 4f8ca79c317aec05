#include "search_journal.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"

namespace ionsift::learn {

namespace fs = std::filesystem;

Search::Journal::Journal(const fs::path& path, const nlohmann::json& header) {
  const auto text = fs::exists(path) ? read_file(path) : std::string();
  std::size_t begin = 0;
  std::size_t number = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    const auto line = nlohmann::json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                            text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    ++number;
    IONSIFT_VALIDATE(line.is_object(), format, fmt::format("{}: line {} is no JSON", path.string(), number),
                     "a run that was killed leaves at most its last line unfinished; this file was changed",
                     "Restore it, or start anew with --overwrite.");
    IONSIFT_VALIDATE(
        number > 1 || line == header, conflict, fmt::format("{} belongs to another search", path.string()),
        "structures, labels, clusters, space, options, seed or program version differ from its own",
        "Choose another output folder, or start anew with --overwrite.");
    if (number > 1) {
      found_.push_back(line);
    }
    begin = end + 1;
  }
  if (begin < text.size()) {
    std::error_code error;
    fs::resize_file(path, begin, error);
    IONSIFT_VALIDATE(!error, io, fmt::format("{} cannot be cut", path.string()), error.message(),
                     "Check its permissions.");
  }
  file_.open(path);
  if (number == 0) {
    append(header);
  }
}

void Search::Journal::append(const nlohmann::json& line) {
  file_.write(line.dump());
}

} // namespace ionsift::learn
