/* SPDX-License-Identifier: Apache-2.0
 *
 * The access callbacks that the compiler inserts (-fsanitize=thread), and the memory routines it may call. Linked into
 * each driver; inert until the harness sets RxHookTable. Each callback tells the hook first and then carries out the
 * access, with no call in between. Compiled without callbacks itself, and without turning its loops into calls to
 * itself.
 */
#include <stddef.h>
#include <stdint.h>

#include "../protocol/rxcheck_events.h"

RX_HOOK_TABLE* RxHookTable;

#define RX_TELL(address, size, kind)                                                                               \
    do {                                                                                                           \
        RX_HOOK_TABLE* hook_ = RxHookTable;                                                                        \
        if (hook_ != NULL) {                                                                                       \
            --hook_->AccessesLeft;                                                                                 \
            hook_->Access((void*)(uintptr_t)(address), (unsigned int)(size), (kind), __builtin_return_address(0)); \
        }                                                                                                          \
    } while (0)

/* --- loads and stores; what is volatile and not aligned is not told apart: the processor may do it in two steps --- */

/* What RX_HOOK_TABLE says, in as few steps as can be. Whether it is a yield point decides no branch: it would be
 * predicted wrong most times. */
static inline __attribute__((always_inline)) int RxConcernsNobody(RX_HOOK_TABLE* hook, const void* address) {
    unsigned long long yields;

    if (--hook->AccessesLeft < 0 || (uintptr_t)address >= RX_FIELDS_END) return 0;
    yields = hook->Yields + ((unsigned long long)(long long)hook->Fields[(uintptr_t)address >> 3] & hook->Step);
    if (yields >= hook->Question) return 0;
    hook->Yields = yields;
    return 1;
}

#define RX_ACCESS(name, size, kind)                                     \
    void name(void* address);                                           \
    void name(void* address) {                                          \
        RX_HOOK_TABLE* hook = RxHookTable;                              \
        if (hook == NULL || RxConcernsNobody(hook, address)) return;    \
        hook->Access(address, size, kind, __builtin_return_address(0)); \
    }
#define RX_LARGE_ACCESS(name, size, kind) \
    void name(void* address);             \
    void name(void* address) {            \
        RX_TELL(address, size, kind);     \
    }
#define RX_ACCESSES(RX_ONE, size)                                                 \
    RX_ONE(__tsan_read##size, size, RX_ACCESS_READ)                               \
    RX_ONE(__tsan_write##size, size, RX_ACCESS_WRITE)                             \
    RX_ONE(__tsan_unaligned_read##size, size, RX_ACCESS_READ)                     \
    RX_ONE(__tsan_unaligned_write##size, size, RX_ACCESS_WRITE)                   \
    RX_ONE(__tsan_volatile_read##size, size, RX_ACCESS_READ | RX_ACCESS_MARKED)   \
    RX_ONE(__tsan_volatile_write##size, size, RX_ACCESS_WRITE | RX_ACCESS_MARKED) \
    RX_ONE(__tsan_unaligned_volatile_read##size, size, RX_ACCESS_READ)            \
    RX_ONE(__tsan_unaligned_volatile_write##size, size, RX_ACCESS_WRITE)          \
    RX_ONE(__tsan_read_write##size, size, RX_ACCESS_WRITE)                        \
    RX_ONE(__tsan_unaligned_read_write##size, size, RX_ACCESS_WRITE)
RX_ACCESSES(RX_ACCESS, 1)
RX_ACCESSES(RX_ACCESS, 2)
RX_ACCESSES(RX_ACCESS, 4)
RX_ACCESSES(RX_ACCESS, 8)
RX_ACCESSES(RX_LARGE_ACCESS, 16)

void __tsan_read_range(void* address, size_t size);
void __tsan_read_range(void* address, size_t size) {
    RX_TELL(address, size, RX_ACCESS_READ);
}

void __tsan_write_range(void* address, size_t size);
void __tsan_write_range(void* address, size_t size) {
    RX_TELL(address, size, RX_ACCESS_WRITE);
}

/* --- interlocked operations; `order` is ignored, all are sequentially consistent --- */
#define RX_ATOMIC_OP(name, type, builtin)                      \
    type name(volatile type* address, type value, int order);  \
    type name(volatile type* address, type value, int order) { \
        (void)order;                                           \
        RX_TELL(address, sizeof(type), RX_ACCESS_ATOMIC);      \
        return builtin(address, value, __ATOMIC_SEQ_CST);      \
    }
#define RX_ATOMICS(bits, type)                                                                                         \
    type __tsan_atomic##bits##_load(const volatile type* address, int order);                                          \
    type __tsan_atomic##bits##_load(const volatile type* address, int order) {                                         \
        (void)order;                                                                                                   \
        RX_TELL(address, sizeof(type), RX_ACCESS_ATOMIC | RX_ACCESS_MARKED);                                           \
        return __atomic_load_n(address, __ATOMIC_SEQ_CST);                                                             \
    }                                                                                                                  \
    void __tsan_atomic##bits##_store(volatile type* address, type value, int order);                                   \
    void __tsan_atomic##bits##_store(volatile type* address, type value, int order) {                                  \
        (void)order;                                                                                                   \
        RX_TELL(address, sizeof(type), RX_ACCESS_ATOMIC);                                                              \
        __atomic_store_n(address, value, __ATOMIC_SEQ_CST);                                                            \
    }                                                                                                                  \
    RX_ATOMIC_OP(__tsan_atomic##bits##_exchange, type, __atomic_exchange_n)                                            \
    RX_ATOMIC_OP(__tsan_atomic##bits##_fetch_add, type, __atomic_fetch_add)                                            \
    RX_ATOMIC_OP(__tsan_atomic##bits##_fetch_sub, type, __atomic_fetch_sub)                                            \
    RX_ATOMIC_OP(__tsan_atomic##bits##_fetch_and, type, __atomic_fetch_and)                                            \
    RX_ATOMIC_OP(__tsan_atomic##bits##_fetch_or, type, __atomic_fetch_or)                                              \
    RX_ATOMIC_OP(__tsan_atomic##bits##_fetch_xor, type, __atomic_fetch_xor)                                            \
    RX_ATOMIC_OP(__tsan_atomic##bits##_fetch_nand, type, __atomic_fetch_nand)                                          \
    int __tsan_atomic##bits##_compare_exchange_strong(volatile type* address, type* expected, type desired,            \
                                                      int success, int failure);                                       \
    int __tsan_atomic##bits##_compare_exchange_strong(volatile type* address, type* expected, type desired,            \
                                                      int success, int failure) {                                      \
        (void)success;                                                                                                 \
        (void)failure;                                                                                                 \
        RX_TELL(address, sizeof(type), RX_ACCESS_ATOMIC);                                                              \
        return __atomic_compare_exchange_n(address, expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);         \
    }                                                                                                                  \
    int __tsan_atomic##bits##_compare_exchange_weak(volatile type* address, type* expected, type desired, int success, \
                                                    int failure);                                                      \
    int __tsan_atomic##bits##_compare_exchange_weak(volatile type* address, type* expected, type desired, int success, \
                                                    int failure) {                                                     \
        (void)success;                                                                                                 \
        (void)failure;                                                                                                 \
        RX_TELL(address, sizeof(type), RX_ACCESS_ATOMIC);                                                              \
        return __atomic_compare_exchange_n(address, expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);         \
    }                                                                                                                  \
    type __tsan_atomic##bits##_compare_exchange_val(volatile type* address, type expected, type desired, int success,  \
                                                    int failure);                                                      \
    type __tsan_atomic##bits##_compare_exchange_val(volatile type* address, type expected, type desired, int success,  \
                                                    int failure) {                                                     \
        (void)success;                                                                                                 \
        (void)failure;                                                                                                 \
        RX_TELL(address, sizeof(type), RX_ACCESS_ATOMIC);                                                              \
        __atomic_compare_exchange_n(address, &expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);               \
        return expected;                                                                                               \
    }
RX_ATOMICS(8, uint8_t)
RX_ATOMICS(16, uint16_t)
RX_ATOMICS(32, uint32_t)
RX_ATOMICS(64, uint64_t)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order) {
    (void)order;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order) {
    (void)order;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* --- what drivers tell of their sets (include/rxset.h) --- */
void RxTellSet(void* set, void* entry, unsigned int use);
void RxTellSet(void* set, void* entry, unsigned int use) {
    RX_HOOK_TABLE* hook = RxHookTable;
    if (hook != NULL && hook->Set != NULL) hook->Set(set, entry, use);
}

/* --- what the pass also refers to --- */
void __tsan_init(void);
void __tsan_init(void) {
}

void __tsan_func_entry(void* site);
void __tsan_func_entry(void* site) {
    (void)site;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void) {
}

/* --- memory: one report for the whole range, then byte for byte --- */
void* memset(void* to, int value, size_t size);
void* memset(void* to, int value, size_t size) {
    void* cursor = to;

    RX_TELL(to, size, RX_ACCESS_WRITE);
    __asm__ volatile("rep stosb" : "+D"(cursor), "+c"(size) : "a"(value) : "memory");
    return to;
}

void* memcpy(void* to, const void* from, size_t size);
void* memcpy(void* to, const void* from, size_t size) {
    void* cursor = to;

    RX_TELL(from, size, RX_ACCESS_READ);
    RX_TELL(to, size, RX_ACCESS_WRITE);
    __asm__ volatile("rep movsb" : "+D"(cursor), "+S"(from), "+c"(size) : : "memory");
    return to;
}

void* memmove(void* to, const void* from, size_t size);
void* memmove(void* to, const void* from, size_t size) {
    unsigned char* target = to;
    const unsigned char* source = from;

    RX_TELL(from, size, RX_ACCESS_READ);
    RX_TELL(to, size, RX_ACCESS_WRITE);
    if (target <= source || target >= source + size) {
        while (size-- > 0)
            *target++ = *source++;
    } else {
        while (size-- > 0)
            target[size] = source[size];
    }
    return to;
}

int memcmp(const void* first, const void* second, size_t size);
int memcmp(const void* first, const void* second, size_t size) {
    const unsigned char* a = first;
    const unsigned char* b = second;

    RX_TELL(first, size, RX_ACCESS_READ);
    RX_TELL(second, size, RX_ACCESS_READ);
    for (; size > 0; --size, ++a, ++b) {
        if (*a != *b) return *a < *b ? -1 : 1;
    }
    return 0;
}

/* clang's pass calls these in place of the plain names. */
void* __tsan_memset(void* to, int value, size_t size) __attribute__((alias("memset")));
void* __tsan_memcpy(void* to, const void* from, size_t size) __attribute__((alias("memcpy")));
void* __tsan_memmove(void* to, const void* from, size_t size) __attribute__((alias("memmove")));
