// SPDX-License-Identifier: Apache-2.0
//
// Kernel queues (KQUEUE), after their routine pages in ntifs.h. An entry goes to the thread that began to wait last, as
// the kernel hands them out, and a system thread then works for whoever inserted it. How many threads may work at a
// time is not limited: any number of them could be blocked elsewhere, and then others may go on.
#include <cstring>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

Queue* queue_at(Executive& ex, Queue* queue, void* site) {
  ex.check_object(queue, sizeof *queue, "use as a queue", site);
  if (queue->header.type != static_cast<uint8_t>(ObjectType::queue))
    ex.violate("uninitialized-object", "KQUEUE", "a queue is used that was not initialized", site);
  return queue;
}

bool waits_for(const Thread& thread, const Queue* queue) {
  return thread.alive && thread.wait == Wait::dispatcher && thread.wait_object == queue && !thread.granted;
}

// Takes the first entry off. REQUIRES: there is one.
ListEntry* first_of(Executive& ex, Queue* queue) {
  ListEntry* entry = queue->entries.next;
  queue->entries.next = entry->next;
  entry->next->previous = &queue->entries;
  --queue->header.signal_state;
  ex.synchronize(queue, Sync::acquire);
  auto& units = ex.semaphore_units();
  for (size_t i = 0; i < units.size(); ++i)
    if (units[i].first == queue) {
      if (ex.running().system) ex.give_work(ex.running(), units[i].second);
      units.erase(units.begin() + static_cast<ptrdiff_t>(i));
      break;
    }
  return entry;
}

}  // namespace

extern "C" {

void MS nt_KeInitializeQueue(Queue* queue, uint32_t count) {
  ENTER(KeInitializeQueue);
  ex.check_memory(queue, sizeof *queue, "use as a queue", site);
  std::memset(static_cast<void*>(queue), 0, sizeof *queue);
  queue->header.type = static_cast<uint8_t>(ObjectType::queue);
  queue->entries = {&queue->entries, &queue->entries};
  queue->threads = {&queue->threads, &queue->threads};
  queue->maximum_count = count == 0 ? 1 : count;
}

int32_t MS nt_KeInsertQueue(Queue* queue, ListEntry* entry) {
  ENTER_YIELD(KeInsertQueue);
  queue_at(ex, queue, site);
  ex.check_memory(entry, sizeof *entry, "use as a queue's entry", site);
  const int32_t old = queue->header.signal_state;
  Thread* last = nullptr;
  for (unsigned n = 0; n < kMaxThreads; ++n) {
    Thread& thread = ex.thread(n);
    if (waits_for(thread, queue) && thread.deadline > ex.now() &&
        (last == nullptr || thread.wait_since > last->wait_since))
      last = &thread;
  }
  if (last != nullptr) {
    last->queue_entry = entry;
    ex.grant(*last);
    if (last->system) ex.give_work(*last, ex.running().work);
    return old;
  }
  *entry = {&queue->entries, queue->entries.previous};
  queue->entries.previous->next = entry;
  queue->entries.previous = entry;
  ++queue->header.signal_state;
  ex.synchronize(queue, Sync::release);
  ex.semaphore_units().push_back({queue, ex.running().work});
  return old;
}

// The entry, or a status in its place: STATUS_TIMEOUT, or STATUS_ABANDONED after KeRundownQueue.
void* MS nt_KeRemoveQueue(Queue* queue, int8_t, int64_t* timeout) {
  ENTER_YIELD(KeRemoveQueue);
  queue_at(ex, queue, site);
  const bool poll = timeout != nullptr && *timeout == 0;
  if (!poll && ex.running().irql >= kDispatchLevel)
    ex.violate("irql", "KeRemoveQueue", "a thread waits at DISPATCH_LEVEL", site);
  if (queue->header.signal_state > 0) return first_of(ex, queue);
  void* const timed_out = reinterpret_cast<void*>(static_cast<uintptr_t>(kStatusTimeout));
  if (poll) return timed_out;
  Thread& me = ex.running();
  me.granted = false;
  ex.wait_until(Wait::dispatcher, queue, ex.deadline_of(timeout));
  return ex.take_grant() ? me.queue_entry : timed_out;
}

// The entries that are left, as a ring without a head, or nullptr. Whoever waits gets STATUS_ABANDONED.
ListEntry* MS nt_KeRundownQueue(Queue* queue) {
  ENTER_YIELD(KeRundownQueue);
  queue_at(ex, queue, site);
  for (unsigned n = 0; n < kMaxThreads; ++n) {
    if (!waits_for(ex.thread(n), queue)) continue;
    ex.thread(n).queue_entry = reinterpret_cast<void*>(uintptr_t{0x80});
    ex.grant(ex.thread(n));
    if (ex.thread(n).system) ex.give_work(ex.thread(n), ex.running().work);
  }
  ex.synchronize(queue, Sync::acquire);
  ListEntry* first = queue->entries.next;
  std::erase_if(ex.semaphore_units(), [queue](const auto& unit) { return unit.first == queue; });
  queue->header.signal_state = 0;
  if (first == &queue->entries) return nullptr;
  first->previous = queue->entries.previous;
  queue->entries.previous->next = first;
  queue->entries = {&queue->entries, &queue->entries};
  return first;
}

}  // extern "C"

}  // namespace rxcheck::nt
