#include "ionsift/dataset/view.hpp"

#include "ionsift/base/error.hpp"

namespace ionsift::dataset {

std::string name_of(const View& view) {
  return fmt::format("{}:V{}", crystal::name_of(view.representation), view.level);
}

View view_of(std::string_view name) {
  const auto colon = name.find(':');
  const auto level = colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1);
  const bool known =
      level.size() == 2 && (level[0] == 'V' || level[0] == 'v') && level[1] >= '0' && level[1] <= '3';
  IONSIFT_VALIDATE(known, usage, fmt::format("\"{}\" is no view of a structure", name),
                   "a view is a representation and a level, V0 to V3", "Write it as CAMNS:V1.");
  return {crystal::representation_of(name.substr(0, colon)), level[1] - '0'};
}

} // namespace ionsift::dataset
