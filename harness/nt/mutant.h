// SPDX-License-Identifier: Apache-2.0
//
// What KeWaitForSingleObject does with a mutex.
#pragma once

#include "harness/nt/executive.h"

namespace rxcheck::nt {

// kStatusSuccess with the mutex owned, once or once more, or kStatusTimeout.
NtStatus wait_for_mutant(Executive& ex, Mutant* mutant, const int64_t* timeout, void* site);

}  // namespace rxcheck::nt
