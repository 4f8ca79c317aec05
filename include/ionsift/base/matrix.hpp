// Matrices as files and networks hold them.
#pragma once

#include <Eigen/Core>

namespace ionsift {

/// Row-major, as Keras stores kernels (in x out) and as rows of features are stored.
template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <typename Scalar>
using RowVector = Eigen::Matrix<Scalar, 1, Eigen::Dynamic>;

} // namespace ionsift
