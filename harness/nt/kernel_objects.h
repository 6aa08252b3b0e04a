// SPDX-License-Identifier: Apache-2.0
//
// The objects that stand for who makes a request: a process and its token for each actor, and for the system, whose
// process the drivers' own threads run in. They are opaque to drivers, which hold references to them and ask about
// them. Also the object types, as variables that drivers import. Not thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace rxcheck::nt {

// What a token says. Sessions of one user differ in their number, logons in their id.
struct User {
  uint64_t logon_id = 0;  // LUID
  uint32_t session = 0;
  bool restricted = false;
};

class KernelObjects {
 public:
  static constexpr unsigned kUsers = 9;  // 0 is the system, then the actors
  enum class Kind : uint8_t { process, token };
  struct Object {
    Kind kind;
    unsigned user;
    int32_t references;  // that drivers hold
  };

  KernelObjects() {
    users_[0] = {0x3e7, 0, false};  // SYSTEM_LUID
    for (unsigned user = 1; user < kUsers; ++user) users_[user] = {0x10000, 1, false};
    for (unsigned user = 0; user < kUsers; ++user) {
      objects_[0][user] = {Kind::process, user, 0};
      objects_[1][user] = {Kind::token, user, 0};
    }
  }

  // Who actor `number` is, from now on and in later programs too. By default all actors are one user, in one session.
  void set_user(unsigned number, const User& user) { users_[number] = user; }
  const User& user(unsigned number) const { return users_[number]; }

  void* process(unsigned user) { return bodies_[0][user].opaque; }
  void* token(unsigned user) { return bodies_[1][user].opaque; }
  // The object whose address this is; nullptr if it is none's.
  Object* find(const void* address) {
    for (unsigned kind = 0; kind < 2; ++kind)
      for (unsigned user = 0; user < kUsers; ++user)
        if (bodies_[kind][user].opaque == address) return &objects_[kind][user];
    return nullptr;
  }

  void forget_references() {
    for (auto& kind : objects_)
      for (Object& object : kind) object.references = 0;
  }
  bool all_given_back() const {
    for (const auto& kind : objects_)
      for (const Object& object : kind)
        if (object.references != 0) return false;
    return true;
  }

 private:
  struct alignas(16) Body {
    uint8_t opaque[64];
  };
  Body bodies_[2][kUsers] = {};
  Object objects_[2][kUsers];
  User users_[kUsers];
};

// The types, as drivers compare them: *PsThreadType and its like.
const void* thread_type();
const void* process_type();
const void* token_type();

}  // namespace rxcheck::nt
