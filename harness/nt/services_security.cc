// SPDX-License-Identifier: Apache-2.0
//
// Who makes a request, as drivers ask: the process and token of a thread, captured contexts, security descriptors.
// Impersonation is not simulated: a thread acts with its process's token.
#include <cstring>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

struct SubjectContext {  // SECURITY_SUBJECT_CONTEXT
  void* client_token;
  int32_t impersonation_level;
  uint32_t pad;
  void* primary_token;
  void* process_audit_id;
};
static_assert(offsetof(SubjectContext, primary_token) == 0x10 && sizeof(SubjectContext) == 0x20);

const User& user_of_token(Executive& ex, const void* token, void* site) {
  const KernelObjects::Object* object = ex.belongings.objects.find(token);
  if (object == nullptr || object->kind != KernelObjects::Kind::token)
    ex.violate("wild-access", "token", "a token is asked about that is none", site);
  return ex.belongings.objects.user(object->user);
}

// Actors run in their own processes, the drivers' threads in the system's.
unsigned user_of(const Thread& thread) { return thread.number < KernelObjects::kUsers ? thread.number : 0; }

template <typename T>
T field(const uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

constexpr uint16_t kDaclPresent = 0x4;
constexpr uint16_t kSaclPresent = 0x10;
constexpr uint16_t kSelfRelative = 0x8000;

uint32_t round_to_4(uint32_t size) { return (size + 3) & ~3u; }
uint32_t length_of_sid(const uint8_t* sid) { return sid == nullptr ? 0 : 8 + 4u * sid[1]; }
uint32_t length_of_acl(const uint8_t* acl) { return acl == nullptr ? 0 : field<uint16_t>(acl + 2); }

}  // namespace

extern "C" {

void* MS nt_IoGetCurrentProcess() {
  ENTER(IoGetCurrentProcess);
  return ex.belongings.objects.process(user_of(ex.running()));
}

void* MS nt_IoGetRequestorProcess(const Irp* irp) {
  ENTER(IoGetRequestorProcess);
  ex.check_memory(irp, sizeof *irp, "IoGetRequestorProcess", site);
  const Thread* thread = ex.thread_of(irp->thread);
  return thread == nullptr ? nullptr : ex.belongings.objects.process(user_of(*thread));
}

void MS nt_SeCaptureSubjectContext(SubjectContext* context) {
  ENTER_YIELD(SeCaptureSubjectContext);
  ex.check_memory(context, sizeof *context, "SeCaptureSubjectContext", site);
  const unsigned user = user_of(ex.running());
  *context = {nullptr, 0, 0, ex.belongings.objects.token(user), ex.belongings.objects.process(user)};
  ++ex.belongings.objects.find(context->primary_token)->references;
}

void MS nt_SeReleaseSubjectContext(SubjectContext* context) {
  ENTER_YIELD(SeReleaseSubjectContext);
  ex.check_memory(context, sizeof *context, "SeReleaseSubjectContext", site);
  KernelObjects::Object* token = ex.belongings.objects.find(context->primary_token);
  if (token == nullptr || token->kind != KernelObjects::Kind::token)
    ex.violate("wild-access", "token", "a subject context is released that was not captured", site);
  if (token->references == 0)
    ex.violate("object-underflow", "token", "a subject context is released more often than captured", site);
  --token->references;
  context->primary_token = nullptr;
}

NtStatus MS nt_SeQueryAuthenticationIdToken(const void* token, uint64_t* id) {
  ENTER(SeQueryAuthenticationIdToken);
  *id = user_of_token(ex, token, site).logon_id;
  return kStatusSuccess;
}

NtStatus MS nt_SeQuerySessionIdToken(const void* token, uint32_t* session) {
  ENTER(SeQuerySessionIdToken);
  *session = user_of_token(ex, token, site).session;
  return kStatusSuccess;
}

uint8_t MS nt_SeTokenIsRestricted(const void* token) {
  ENTER(SeTokenIsRestricted);
  return user_of_token(ex, token, site).restricted;
}

// Offsets from its beginning in a self-relative descriptor, pointers in an absolute one.
uint32_t MS nt_RtlLengthSecurityDescriptor(const uint8_t* descriptor) {
  ENTER(RtlLengthSecurityDescriptor);
  const auto control = field<uint16_t>(descriptor + 2);
  const bool relative = (control & kSelfRelative) != 0;
  const uint8_t* parts[4];  // owner, group, system list, discretionary list
  for (unsigned i = 0; i < 4; ++i) {
    const auto offset = relative ? field<uint32_t>(descriptor + 4 + 4ull * i) : 0;
    parts[i] =
        relative ? (offset == 0 ? nullptr : descriptor + offset) : field<const uint8_t*>(descriptor + 8 + 8ull * i);
  }
  uint32_t length = relative ? 20 : 40;
  length += round_to_4(length_of_sid(parts[0])) + round_to_4(length_of_sid(parts[1]));
  if ((control & kSaclPresent) != 0) length += round_to_4(length_of_acl(parts[2]));
  if ((control & kDaclPresent) != 0) length += round_to_4(length_of_acl(parts[3]));
  return length;
}

}  // extern "C"

}  // namespace rxcheck::nt
