// SPDX-License-Identifier: Apache-2.0
//
// Timers, DPCs, delays and work items, after their routine pages in wdm.h. How time passes is in clock.cc.
#include <cstring>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

void initialize_timer(Executive& ex, Timer* timer, ObjectType type, void* site) {
  ex.check_memory(timer, sizeof *timer, "use as a timer", site);
  std::memset(static_cast<void*>(timer), 0, sizeof *timer);
  timer->header.type = static_cast<uint8_t>(type);
}

Timer* timer_at(Executive& ex, Timer* timer, void* site) {
  ex.check_object(timer, sizeof *timer, "use as a timer", site);
  if (timer->header.type != static_cast<uint8_t>(ObjectType::notification_timer) &&
      timer->header.type != static_cast<uint8_t>(ObjectType::synchronization_timer))
    ex.violate("uninitialized-object", "KTIMER", "a timer is used that was not initialized", site);
  return timer;
}

Dpc* dpc_at(Executive& ex, Dpc* dpc, void* site) {
  ex.check_object(dpc, sizeof *dpc, "use as a DPC", site);
  if (dpc->type != kDpcType) ex.violate("uninitialized-object", "KDPC", "a DPC is used that was not initialized", site);
  return dpc;
}

uint8_t set_timer(Executive& ex, Timer* timer, int64_t due, int32_t period, Dpc* dpc, void* site) {
  timer_at(ex, timer, site);
  if (dpc != nullptr) dpc_at(ex, dpc, site);
  const bool was_set = ex.disarm_timer(timer);
  ex.arm_timer(timer, due, static_cast<uint32_t>(period), dpc);
  return was_set;
}

}  // namespace

extern "C" {

void MS nt_KeInitializeTimer(Timer* timer) {
  ENTER(KeInitializeTimer);
  initialize_timer(ex, timer, ObjectType::notification_timer, site);
}

void MS nt_KeInitializeTimerEx(Timer* timer, int32_t type) {
  ENTER(KeInitializeTimerEx);
  initialize_timer(ex, timer, type == 0 ? ObjectType::notification_timer : ObjectType::synchronization_timer, site);
}

uint8_t MS nt_KeSetTimer(Timer* timer, int64_t due, Dpc* dpc) {
  ENTER_YIELD(KeSetTimer);
  return set_timer(ex, timer, due, 0, dpc, site);
}

uint8_t MS nt_KeSetTimerEx(Timer* timer, int64_t due, int32_t period, Dpc* dpc) {
  ENTER_YIELD(KeSetTimerEx);
  return set_timer(ex, timer, due, period, dpc, site);
}

uint8_t MS nt_KeCancelTimer(Timer* timer) {
  ENTER_YIELD(KeCancelTimer);
  return ex.disarm_timer(timer_at(ex, timer, site));
}

uint8_t MS nt_KeReadStateTimer(Timer* timer) {
  ENTER_YIELD(KeReadStateTimer);
  return timer_at(ex, timer, site)->header.signal_state != 0;
}

void MS nt_KeInitializeDpc(Dpc* dpc, DeferredRoutine routine, void* context) {
  ENTER(KeInitializeDpc);
  ex.check_memory(dpc, sizeof *dpc, "use as a DPC", site);
  std::memset(static_cast<void*>(dpc), 0, sizeof *dpc);
  dpc->type = kDpcType;
  dpc->routine = routine;
  dpc->context = context;
}

uint8_t MS nt_KeInsertQueueDpc(Dpc* dpc, void* argument1, void* argument2) {
  ENTER_YIELD(KeInsertQueueDpc);
  dpc_at(ex, dpc, site);
  if (!ex.queue_dpc(dpc)) return 0;
  dpc->argument1 = argument1;
  dpc->argument2 = argument2;
  ex.run_dpcs();
  return 1;
}

uint8_t MS nt_KeRemoveQueueDpc(Dpc* dpc) {
  ENTER_YIELD(KeRemoveQueueDpc);
  return ex.unqueue_dpc(dpc_at(ex, dpc, site));
}

void MS nt_KeFlushQueuedDpcs() {
  ENTER_YIELD(KeFlushQueuedDpcs);
  ex.run_dpcs();
  ex.synchronize(ex.dpcs_done(), Sync::acquire);
}

NtStatus MS nt_KeDelayExecutionThread(int8_t, uint8_t, const int64_t* interval) {
  ENTER_YIELD(KeDelayExecutionThread);
  ex.wait_until(Wait::delay, nullptr, ex.deadline_of(interval));
  return kStatusSuccess;
}

void MS nt_KeQuerySystemTimePrecise(uint64_t* time) {
  ENTER(KeQuerySystemTimePrecise);
  *time = ex.now();
}

uint32_t MS nt_KeQueryTimeIncrement() { return 156'250; }

void MS nt_ExQueueWorkItem(QueueItem* item, int32_t) {
  ENTER_YIELD(ExQueueWorkItem);
  ex.check_memory(item, sizeof *item, "use as a work item", site);
  if (ex.is_queued(item)) ex.violate("work-item-queued-twice", "WORK_QUEUE_ITEM", "a work item is queued twice", site);
  ex.queue_work({item, item->routine, nullptr, nullptr, item->parameter, ex.running().work});
}

IoWorkItem* MS nt_IoAllocateWorkItem(DeviceObject* device) {
  ENTER_YIELD(IoAllocateWorkItem);
  auto* item = static_cast<IoWorkItem*>(ex.allocate_for_driver(sizeof(IoWorkItem), make_tag("IoWi")));
  if (item != nullptr) item->device = device;
  return item;
}

void MS nt_IoQueueWorkItem(IoWorkItem* item, IoWorkRoutine routine, int32_t, void* context) {
  ENTER_YIELD(IoQueueWorkItem);
  ex.check_memory(item, sizeof *item, "use as a work item", site);
  if (ex.is_queued(item)) ex.violate("work-item-queued-twice", "IO_WORKITEM", "a work item is queued twice", site);
  ex.queue_work({item, nullptr, routine, item->device, context, ex.running().work});
}

void MS nt_IoFreeWorkItem(IoWorkItem* item) {
  ENTER_YIELD(IoFreeWorkItem);
  ex.free_for_driver(item, make_tag("IoWi"), site);
}

}  // extern "C"

}  // namespace rxcheck::nt
