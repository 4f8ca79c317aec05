// SPDX-License-Identifier: BSD-3-Clause
// Values as bytes and back, for messages between ranks and for spilled records of one build of the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ionsift::store {

template <typename T>
concept Trivial = std::is_trivially_copyable_v<T>;

class ByteWriter {
public:
  template <Trivial T>
  void put(const T& value) {
    append(&value, sizeof(T));
  }
  void put(const std::string& text) { put_array(text.data(), text.size()); }
  template <Trivial T>
  void put(const std::vector<T>& values) {
    put_array(values.data(), values.size());
  }
  void put(const std::vector<std::string>& texts) {
    put(std::uint64_t(texts.size()));
    for (const auto& text : texts) {
      put(text);
    }
  }
  /// Length and elements.
  template <Trivial T>
  void put_array(const T* values, std::size_t n) {
    put(std::uint64_t(n));
    append(values, n * sizeof(T));
  }

  /// Bytes as they are, without their length.
  void put_raw(std::span<const std::byte> bytes) { append(bytes.data(), bytes.size()); }

  void reserve(std::size_t n) { bytes_.reserve(n); }
  std::size_t size() const { return bytes_.size(); }
  std::span<const std::byte> bytes() const { return bytes_; }
  std::vector<std::byte> take() { return std::exchange(bytes_, {}); }

private:
  void append(const void* from, std::size_t n) {
    const auto* begin = static_cast<const std::byte*>(from);
    bytes_.insert(bytes_.end(), begin, begin + n);
  }

  std::vector<std::byte> bytes_;
};

/// Reads what a ByteWriter wrote, in the same order; `bytes` must outlive it.
class ByteReader {
public:
  explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  std::size_t size() const { return rest_.size(); } ///< bytes that are left

  template <Trivial T>
  T get() {
    T value;
    take(&value, sizeof(T));
    return value;
  }
  std::string get_text() {
    std::string text(get<std::uint64_t>(), '\0');
    take(text.data(), text.size());
    return text;
  }
  template <Trivial T>
  std::vector<T> get_vector() {
    std::vector<T> values(get<std::uint64_t>());
    take(values.data(), values.size() * sizeof(T));
    return values;
  }
  std::vector<std::string> get_texts() {
    std::vector<std::string> texts(get<std::uint64_t>());
    for (auto& text : texts) {
      text = get_text();
    }
    return texts;
  }
  /// Fills memory that is there already, of the length that was written.
  template <Trivial T>
  void get_array(T* values) {
    const auto n = get<std::uint64_t>();
    take(values, n * sizeof(T));
  }

private:
  void take(void* to, std::size_t n) {
    const auto bytes = rest_.first(n);
    if (n > 0) {
      std::memcpy(to, bytes.data(), n);
    }
    rest_ = rest_.subspan(n);
  }

  std::span<const std::byte> rest_;
};

} // namespace ionsift::store
