// SPDX-License-Identifier: BSD-3-Clause
// The batches of a stack's members in one step: each has its own structures.
#pragma once

#include "trainer.hpp"

#include <vector>

namespace ionsift::learn {

/// Inputs of one step, in memory that stays where it is, so that a captured graph reads them at every replay.
/// Rows of a member are padded to the same number for all; padding belongs to no structure.
struct StackBatch {
  at::Tensor row;       ///< [members x rows] row of the examples; the one after the last is padding
  at::Tensor owner;     ///< [members x rows] structure of this step, -1 for padding
  at::Tensor structure; ///< [members x structures] position in the examples
  std::vector<at::Tensor> mask_before; ///< [layers][members x rows x width]; empty without dropout
  std::vector<at::Tensor> mask_after;  ///< [layers][members x structures x width]

  std::int64_t members() const { return row.size(0); }
  std::int64_t rows() const { return row.size(1); }
  std::int64_t structures() const { return structure.size(1); }
};

/// Fills batches from examples, on the host, and copies them to the device. Random numbers are those of
/// `AtomSets::loss_and_gradients`, member by member.
class StackBatches {
public:
  StackBatches(const AtomSetsConfiguration& configuration, const Examples& examples);

  /// Room for as many structures a member. Rows are as many as any choice of structures may need.
  StackBatch make(std::int64_t members, std::int64_t structures) const;
  /// @param chosen  for each member, as many positions as the batch has structures
  /// @param dropout for each member
  void fill(StackBatch& batch, const std::vector<std::vector<std::int64_t>>& chosen,
            std::vector<RandomStream>& dropout);

  /// Rows [members x rows x columns], zeros for padding.
  at::Tensor values(const StackBatch& batch) const;
  /// Log weight [members x structures x rows], -inf for rows that are not the structure's.
  at::Tensor log_weight(const StackBatch& batch) const;
  /// Classes [members x structures], 0 or 1, in the precision of the values.
  at::Tensor label(const StackBatch& batch) const;

private:
  /// Memory of the host that a tensor of the batch is filled from.
  template <typename T>
  T* host(std::size_t slot, const at::Tensor& like);
  template <typename T>
  void draw_masks(StackBatch& batch, std::vector<RandomStream>& dropout);

  const AtomSetsConfiguration& configuration_;
  const Examples& examples_;
  std::vector<std::int64_t> most_rows_; ///< [structures + 1] of so many structures at most
  at::Tensor values_, log_weight_;      ///< copies of the examples, with one more row for padding
  at::Tensor label_;                    ///< labels in the precision of the values
  std::vector<std::int64_t> used_rows_; ///< [members] in the step that is being filled
  std::vector<at::Tensor> hosts_;
};

} // namespace ionsift::learn
