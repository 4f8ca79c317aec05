// SPDX-License-Identifier: BSD-3-Clause
// A reader that cuts CIFs that violate the grammar into tags and loops with the values that follow them.
#pragma once

#include "cif_block.hpp"
#include "cif_tokens.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// A tag or loop with everything up to the next one.
struct CifStatement {
  bool is_loop = false;
  long line = 0;
  std::vector<std::string> tags; ///< normalized
  bool wanted = false;           ///< whether at least one of the tags is wanted
  std::vector<CifToken> values;  ///< the values; only the first two for a loop that is not wanted

  void add_tag(std::string_view tag);
};

/// Why a block cannot be read, thrown.
struct CifFlaw {
  long line;
  std::string message;
};

class CifStatementReader {
public:
  /// @param text text of one block after its heading; must outlive the reader and its statements
  /// @param block its line is set, and harmless flaws are recorded in it
  CifStatementReader(std::string_view text, long first_line, CifBlock& block)
      : block_(block), tokens_(text, first_line) {}

  /// The next statement that has a tag. False at the end.
  /// @throws CifFlaw if a text field swallows wanted tags
  bool next(CifStatement& statement);

private:
  bool is_complete_pair() const;
  bool begins_statement(const CifToken& token) const;
  void begin(const CifToken& token);
  void add_value(const CifToken& token);
  bool follows_last_tag(const CifToken& token) const;
  void end_empty_loop(const CifToken& value);

  CifBlock& block_;
  CifTokenizer tokens_;
  CifStatement now_;
  std::optional<CifToken> last_tag_; ///< last tag of a loop without values so far
};

/// The beginning of a text, for messages.
std::string shortened(std::string_view text);

} // namespace ionsift::crystal
