/* SPDX-License-Identifier: Apache-2.0
 *
 * What the engine can be told to do otherwise: the behaviour of other real code where the documentation is open, or
 * instead of what it says (`rxcheck clauses` explains each). One bit a variant. The numbers are shared with the harness
 * (harness/core/variants.h). Plain C, no kernel types: included by drivers and harness alike.
 */
#ifndef RXCHECK_VARIANTS_H
#define RXCHECK_VARIANTS_H

#define RXCHECK_VARIANT_IN_USE_STEADY 0x0001u                  /* C3 */
#define RXCHECK_VARIANT_NOTIFY_WITHOUT_ROUTINE_IGNORED 0x0002u /* C6 */
#define RXCHECK_VARIANT_NO_PURGE_BEFORE_BUSY 0x0004u           /* C10 */
#define RXCHECK_VARIANT_FIRST_OPENER_OWNS_FCB 0x0008u          /* C13 */
#define RXCHECK_VARIANT_ORPHAN_STUB 0x0010u                    /* C16 */
#define RXCHECK_VARIANT_CANCELS_NOTIFY_ONLY 0x0020u            /* C22 */
#define RXCHECK_VARIANT_FAILED_DELETE_CANCELS 0x0040u          /* C22 */
#define RXCHECK_VARIANT_NET_ROOT_FIRST 0x0080u                 /* C26 */
#define RXCHECK_VARIANT_REFUSES_OTHER_LEVELS 0x0100u           /* C27 */
#define RXCHECK_VARIANT_FF_IGNORES_NOTIFY 0x0200u              /* C30 */
#define RXCHECK_VARIANT_NAME_GOES_WITH_THE_HANDLE 0x0400u      /* C36 */
#define RXCHECK_VARIANT_NEVER_CANCELLED 0x0800u                /* C39 */
#define RXCHECK_VARIANT_FAILS_RATHER_THAN_WAITS 0x1000u        /* C40 */
#define RXCHECK_VARIANT_FORCE_ALL_CANCELS 0x2000u              /* C43 */
#define RXCHECK_VARIANT_CANCEL_LOST_ON_REINIT 0x4000u          /* C59 */
#define RXCHECK_VARIANTS 0x7fffu                               /* all that there are */

#endif
