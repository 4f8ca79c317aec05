// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/sha256.hpp"

#include "ionsift/base/error.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <vector>

namespace ionsift {

namespace {

class Digest {
public:
  Digest() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    IONSIFT_VALIDATE(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1, internal,
                     "SHA-256 cannot be started", "OpenSSL refused", "Check the OpenSSL installation.");
  }
  void add(const void* bytes, std::size_t n) { EVP_DigestUpdate(context_.get(), bytes, n); }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &length);
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
      text += fmt::format("{:02x}", digest[i]);
    }
    return text;
  }

private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

} // namespace

std::string sha256(std::string_view bytes) {
  Digest digest;
  digest.add(bytes.data(), bytes.size());
  return digest.hex();
}

std::uint64_t sha256_key(std::string_view bytes) {
  return std::stoull(sha256(bytes).substr(0, 16), nullptr, 16);
}

std::string sha256_of_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  IONSIFT_VALIDATE(in, missing, fmt::format("{} cannot be read", path.string()),
                   "it does not exist or is protected", "Check the path and its permissions.");
  Digest digest;
  std::vector<char> buffer(1 << 16);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
    digest.add(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  return digest.hex();
}

} // namespace ionsift
