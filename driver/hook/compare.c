/* SPDX-License-Identifier: Apache-2.0
 *
 * Only in drivers that tell what they compare (build.sh with COVERAGE=compare): the compiler calls these with both
 * values
 * (-fsanitize-coverage=trace-cmp), and the harness is told of them, if it wants to be. The pointer lies among the edge
 * counters, which the harness leaves alone when it puts the driver back.
 */
#include <stdint.h>

#include "../protocol/rxcheck_events.h"

__declspec(dllexport) __attribute__((section(".SCOV$B"))) RX_COMPARED RxCompared = 0;

#define RX_TELL(Name, Type)                                                                                           \
    void Name(Type Left, Type Right);                                                                                 \
    void Name(Type Left, Type Right) {                                                                                \
        if (RxCompared != 0) RxCompared((uintptr_t)__builtin_return_address(0), Left, Right, (unsigned)sizeof(Left)); \
    }

RX_TELL(__sanitizer_cov_trace_cmp1, uint8_t)
RX_TELL(__sanitizer_cov_trace_cmp2, uint16_t)
RX_TELL(__sanitizer_cov_trace_cmp4, uint32_t)
RX_TELL(__sanitizer_cov_trace_cmp8, uint64_t)
RX_TELL(__sanitizer_cov_trace_const_cmp1, uint8_t)
RX_TELL(__sanitizer_cov_trace_const_cmp2, uint16_t)
RX_TELL(__sanitizer_cov_trace_const_cmp4, uint32_t)
RX_TELL(__sanitizer_cov_trace_const_cmp8, uint64_t)

/* Of a switch each case is an edge. */
void __sanitizer_cov_trace_switch(uint64_t Value, uint64_t* Cases);
void __sanitizer_cov_trace_switch(uint64_t Value, uint64_t* Cases) {
    (void)Value, (void)Cases;
}
