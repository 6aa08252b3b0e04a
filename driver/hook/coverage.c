/* SPDX-License-Identifier: Apache-2.0
 *
 * Only in drivers for libFuzzer (build.sh with COVERAGE=1): where the edge counters lie that the compiler inserts
 * (-fsanitize-coverage=inline-8bit-counters,pc-table), as the data export RxCoverage. The harness hands them to
 * libFuzzer and leaves their sections alone when it puts the driver back. The linker orders the parts of a section by
 * what follows the `$`: ours come first and last. The compiler's own initializers expect these names too, and are never
 * called.
 */
#include <stdint.h>

#include "../protocol/rxcheck_events.h"

/* The instrumented range begins after the first eight bytes: what stands there may be padding. */
__attribute__((section(".SCOV$CA"), used)) uint64_t RxCountersStart = 0;
__attribute__((section(".SCOV$CZ"), used)) uint8_t RxCountersStop = 0;
__attribute__((section(".SCOVP$A"), used)) uint64_t RxPcsStart = 0;
__attribute__((section(".SCOVP$Z"), used)) uint8_t RxPcsStop = 0;

extern uint64_t __start___sancov_cntrs __attribute__((alias("RxCountersStart")));
extern uint8_t __stop___sancov_cntrs __attribute__((alias("RxCountersStop")));
extern uint64_t __start___sancov_pcs __attribute__((alias("RxPcsStart")));
extern uint8_t __stop___sancov_pcs __attribute__((alias("RxPcsStop")));

void __sanitizer_cov_8bit_counters_init(uint8_t* start, uint8_t* stop);
void __sanitizer_cov_8bit_counters_init(uint8_t* start, uint8_t* stop) {
    (void)start, (void)stop;
}

void __sanitizer_cov_pcs_init(const uintptr_t* start, const uintptr_t* stop);
void __sanitizer_cov_pcs_init(const uintptr_t* start, const uintptr_t* stop) {
    (void)start, (void)stop;
}

__declspec(dllexport) const RX_COVERAGE_TABLE RxCoverage = {(uint8_t*)(&RxCountersStart + 1), &RxCountersStop,
                                                            &RxPcsStart + 1, &RxPcsStop};
