// SPDX-License-Identifier: Apache-2.0
//
// How every service begins. ENTER checks the IRQL; ENTER_YIELD is a yield point before it. Services that cannot
// influence another thread (initializing an own object, reading an own lock) need no yield point: a switch before them
// commutes with one after.
#pragma once

#include "harness/nt/executive.h"

#define MS __attribute__((ms_abi))

#define ENTER(name)                                                \
  [[maybe_unused]] Executive& ex = Executive::current();           \
  [[maybe_unused]] void* const site = __builtin_return_address(0); \
  ex.check_irql(service_irql(Service::name), Service::name, site)

#define ENTER_YIELD(name) \
  ENTER(name);            \
  ex.call_yield(Service::name, site)
