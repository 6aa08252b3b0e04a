// SPDX-License-Identifier: Apache-2.0
#include "harness/core/digest.h"

#include <openssl/evp.h>

#include <array>

#include "harness/core/file.h"

namespace rxcheck {

namespace {

std::string digits_of(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

struct Sha256::State {
  struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) { EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()); }

void Sha256::update(std::span<const uint64_t> words) {
  std::array<unsigned char, 512> block;
  size_t used = 0;
  for (const uint64_t word : words) {
    for (unsigned shift = 0; shift < 64; shift += 8) block[used++] = static_cast<unsigned char>(word >> shift);
    if (used < block.size()) continue;
    EVP_DigestUpdate(state_->context.get(), block.data(), used);
    used = 0;
  }
  EVP_DigestUpdate(state_->context.get(), block.data(), used);
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest{};
  EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr);
  return digits_of(digest);
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.hex();
}

std::string sha1_hex(std::string_view bytes) {
  std::array<unsigned char, 20> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  return digits_of(digest);
}

Result<std::string> sha256_of_file(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) return Error{"the file cannot be opened", path, "check the name and the permissions"};
  Sha256 digest;
  std::array<char, 1 << 16> block;
  while (const size_t got = std::fread(block.data(), 1, block.size(), file.get()))
    digest.update(std::string_view(block.data(), got));
  if (std::ferror(file.get())) return Error{"the file cannot be read", path, "check that it is a regular file"};
  return digest.hex();
}

}  // namespace rxcheck
