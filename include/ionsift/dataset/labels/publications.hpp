// SPDX-License-Identifier: BSD-3-Clause
// DOIs of publications.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ionsift::dataset {

/// The DOIs in a text, in lower case, each once, in order: "10.1039/c3ee41655k|10.1016/j.ssi.2007.05.020",
/// "https://doi.org/10.1021/JA305709Z; 10.1038/nmat3066". Other references are ignored.
std::vector<std::string> dois_in(std::string_view text);

/// DOIs by entry id.
using PublicationsById = std::unordered_map<std::string, std::vector<std::string>>;

/// Whether two lists share a DOI.
bool share_a_doi(const std::vector<std::string>& first, const std::vector<std::string>& second);

} // namespace ionsift::dataset
