// SPDX-License-Identifier: BSD-3-Clause
// A CIF that does not follow the grammar, cut into tags and loops with the values that stand behind them.
#pragma once

#include "cif_block.hpp"
#include "cif_tokens.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// A tag or loop with all that stands behind it, up to the next.
struct CifStatement {
  bool is_loop = false;
  long line = 0;
  std::vector<std::string> tags; ///< normalized
  bool wanted = false;           ///< at least one of the tags is
  std::vector<CifToken> values;  ///< of a loop that is not wanted the first two alone

  void add_tag(std::string_view tag);
};

/// Why a block cannot be read, thrown.
struct CifFlaw {
  long line;
  std::string message;
};

class CifStatementReader {
public:
  /// @param text of one block, behind its heading; outlives the reader and its statements
  /// @param block its line is set, and flaws that do no harm are noted in it
  CifStatementReader(std::string_view text, long first_line, CifBlock& block)
      : block_(block), tokens_(text, first_line) {}

  /// The next statement that has a tag. False at the end.
  /// @throws CifFlaw where a text swallows wanted tags
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
  std::optional<CifToken> last_tag_; ///< of a loop without values so far
};

/// The beginning of a text, for messages.
std::string shortened(std::string_view text);

} // namespace ionsift::crystal
