// SPDX-License-Identifier: Apache-2.0
//
// Errors are values. A function that can fail on its input returns Result<T>: the value, or an Error that
// says in one line what is wrong, where, and what to do about it. Nothing here throws.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace rxcheck {

// What went wrong with an input. `place` is a path with a line or an offset ("a.rxp:7"), `remedy` an
// imperative sentence. Any of the two may be empty.
struct Error {
  std::string message;
  std::string place;
  std::string remedy;

  // One line for a terminal: "place: message; remedy".
  std::string text() const {
    std::string line = place.empty() ? message : place + ": " + message;
    return remedy.empty() ? line : line + "; " + remedy;
  }
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& value() { return std::get<T>(state_); }
  const T& value() const { return std::get<T>(state_); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }

  // REQUIRES: !ok().
  const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace rxcheck
