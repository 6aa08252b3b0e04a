// SPDX-License-Identifier: Apache-2.0
//
// System threads, references to objects, handles.
#include <utility>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

constexpr uint64_t kFirstThreadHandle = 0x1000;

// A type's body begins with its own address: headers of one compiler make a driver read the exported variable, those of
// another what it points at.
struct ObjectTypeBody {
  const void* self;
};
const ObjectTypeBody thread_type_body{&thread_type_body};
const ObjectTypeBody process_type_body{&process_type_body};
const ObjectTypeBody token_type_body{&token_type_body};
const ObjectTypeBody file_type_body{&file_type_body};
const ObjectTypeBody event_type_body{&event_type_body};

const void* const thread_type_variable = &thread_type_body;
const void* const process_type_variable = &process_type_body;
const void* const token_type_variable = &token_type_body;
const void* const file_type_variable = &file_type_body;
const void* const event_type_variable = &event_type_body;

// The count of references that drivers hold on an object, and its type; nullptr if it is no object.
std::pair<int32_t*, const void*> references_of(Executive& ex, const void* object) {
  if (const Thread* thread = ex.thread_of(object))
    return {&ex.belongings.thread_references[thread->number], thread_type()};
  if (KernelObjects::Object* found = ex.belongings.objects.find(object))
    return {&found->references, found->kind == KernelObjects::Kind::process ? process_type() : token_type()};
  return {nullptr, nullptr};
}

// kMaxThreads if it is no handle that is open.
unsigned thread_of_handle(Executive& ex, uint64_t handle) {
  const uint64_t number = (handle - kFirstThreadHandle) / 4;
  if (handle < kFirstThreadHandle || number >= kMaxThreads || ex.belongings.thread_handles[number] == 0)
    return kMaxThreads;
  return static_cast<unsigned>(number);
}

}  // namespace

const void* thread_type() { return &thread_type_body; }
const void* process_type() { return &process_type_body; }
const void* token_type() { return &token_type_body; }

void* find_variable(std::string_view name) {
  static constexpr std::pair<std::string_view, const void* const*> kVariables[] = {
      {"PsThreadType", &thread_type_variable},     {"PsProcessType", &process_type_variable},
      {"SeTokenObjectType", &token_type_variable}, {"IoFileObjectType", &file_type_variable},
      {"ExEventObjectType", &event_type_variable},
  };
  for (const auto& [known, variable] : kVariables)
    if (known == name) return const_cast<void*>(static_cast<const void*>(variable));
  return nullptr;
}

extern "C" {

NtStatus MS nt_PsCreateSystemThread(uint64_t* handle, uint32_t, void*, void*, void*, void(MS* routine)(void*),
                                    void* context) {
  ENTER_YIELD(PsCreateSystemThread);
  const unsigned number = ex.create_system_thread(routine, context);
  if (number == 0) return kStatusInsufficientResources;
  *handle = kFirstThreadHandle + number * 4;
  ++ex.belongings.thread_handles[number];
  ++ex.belongings.open_handles;
  return kStatusSuccess;
}

NtStatus MS nt_PsTerminateSystemThread(NtStatus) {
  ENTER_YIELD(PsTerminateSystemThread);
  ex.end_thread();
}

NtStatus MS nt_ObReferenceObjectByHandle(uint64_t handle, uint32_t, const void* type, char, void** object, void*) {
  ENTER_YIELD(ObReferenceObjectByHandle);
  const unsigned number = thread_of_handle(ex, handle);
  if (number == kMaxThreads) return kStatusInvalidHandle;
  if (type != nullptr && type != thread_type()) return kStatusObjectTypeMismatch;
  *object = ex.thread(number).object;
  ++ex.belongings.thread_references[number];
  return kStatusSuccess;
}

// The type may be left out for kernel mode only, and a driver that runs here is that.
NtStatus MS nt_ObReferenceObjectByPointer(void* object, uint32_t, const void* type, char) {
  ENTER_YIELD(ObReferenceObjectByPointer);
  const auto [references, its_type] = references_of(ex, object);
  if (references == nullptr)
    ex.violate("wild-access", "object", "a reference is taken on something that is no object", site);
  if (type != nullptr && type != its_type) return kStatusObjectTypeMismatch;
  ++*references;
  return kStatusSuccess;
}

int64_t MS nt_ObfReferenceObject(void* object) {
  ENTER_YIELD(ObfReferenceObject);
  int32_t* references = references_of(ex, object).first;
  if (references == nullptr)
    ex.violate("wild-access", "object", "a reference is taken on something that is no object", site);
  return ++*references;
}

int64_t MS nt_ObfDereferenceObject(void* object) {
  ENTER_YIELD(ObfDereferenceObject);
  int32_t* references = references_of(ex, object).first;
  if (references == nullptr)
    ex.violate("wild-access", "object", "a reference is dropped on something that is no object", site);
  if (*references == 0)
    ex.violate("object-underflow", "thread", "an object is dereferenced more often than referenced", site);
  return --*references;
}

NtStatus MS nt_ZwClose(uint64_t handle) {
  ENTER_YIELD(ZwClose);
  const unsigned number = thread_of_handle(ex, handle);
  if (number == kMaxThreads) return kStatusInvalidHandle;
  --ex.belongings.thread_handles[number];
  --ex.belongings.open_handles;
  return kStatusSuccess;
}

}  // extern "C"

}  // namespace rxcheck::nt
