// SPDX-License-Identifier: Apache-2.0
//
// The services that are there so that drivers load and come to an end, and do no more than every caller may expect of
// them by their pages: no cache is behind Cc, no section behind Mm, no registry behind Zw. As RXCHECK_SERVICES:
// SERVICE(name, highest IRQL).
#pragma once

#define RXCHECK_STUBS(SERVICE)                    \
  SERVICE(KeQueryTimeIncrement, 2)                \
  SERVICE(DbgPrint, 2)                            \
  SERVICE(DbgPrintEx, 2)                          \
  SERVICE(vDbgPrintEx, 2)                         \
  SERVICE(CcInitializeCacheMap, 1)                \
  SERVICE(CcUninitializeCacheMap, 1)              \
  SERVICE(CcFlushCache, 1)                        \
  SERVICE(CcPurgeCacheSection, 1)                 \
  SERVICE(CcSetFileSizes, 1)                      \
  SERVICE(CcSetReadAheadGranularity, 2)           \
  SERVICE(CcSetAdditionalCacheAttributes, 1)      \
  SERVICE(CcSetDirtyPageThreshold, 1)             \
  SERVICE(CcScheduleReadAhead, 1)                 \
  SERVICE(CcWaitForCurrentLazyWriterActivity, 0)  \
  SERVICE(CcCanIWrite, 1)                         \
  SERVICE(CcDeferWrite, 1)                        \
  SERVICE(CcCopyRead, 1)                          \
  SERVICE(CcCopyWrite, 1)                         \
  SERVICE(CcFastCopyRead, 1)                      \
  SERVICE(CcFastCopyWrite, 1)                     \
  SERVICE(CcZeroData, 1)                          \
  SERVICE(CcMdlRead, 1)                           \
  SERVICE(CcMdlReadComplete, 1)                   \
  SERVICE(CcPrepareMdlWrite, 1)                   \
  SERVICE(CcMdlWriteComplete, 1)                  \
  SERVICE(CcMdlWriteAbort, 1)                     \
  SERVICE(CcMapData, 1)                           \
  SERVICE(CcPinRead, 1)                           \
  SERVICE(CcPinMappedData, 1)                     \
  SERVICE(CcPreparePinWrite, 1)                   \
  SERVICE(CcSetDirtyPinnedData, 1)                \
  SERVICE(CcUnpinData, 1)                         \
  SERVICE(CcGetFileObjectFromSectionPtrs, 1)      \
  SERVICE(CcGetFileObjectFromBcb, 1)              \
  SERVICE(CcIsThereDirtyData, 1)                  \
  SERVICE(MmFlushImageSection, 1)                 \
  SERVICE(MmForceSectionClosed, 1)                \
  SERVICE(MmCanFileBeTruncated, 1)                \
  SERVICE(MmQuerySystemSize, 2)                   \
  SERVICE(FsRtlInitializeFileLock, 1)             \
  SERVICE(FsRtlUninitializeFileLock, 1)           \
  SERVICE(FsRtlProcessFileLock, 1)                \
  SERVICE(FsRtlFastUnlockSingle, 1)               \
  SERVICE(FsRtlFastUnlockAll, 1)                  \
  SERVICE(FsRtlFastUnlockAllByKey, 1)             \
  SERVICE(FsRtlCheckLockForReadAccess, 1)         \
  SERVICE(FsRtlCheckLockForWriteAccess, 1)        \
  SERVICE(FsRtlFastCheckLockForRead, 1)           \
  SERVICE(FsRtlFastCheckLockForWrite, 1)          \
  SERVICE(FsRtlGetNextFileLock, 1)                \
  SERVICE(FsRtlInsertPerStreamContext, 1)         \
  SERVICE(FsRtlLookupPerStreamContextInternal, 1) \
  SERVICE(FsRtlRemovePerStreamContext, 1)         \
  SERVICE(FsRtlTeardownPerStreamContexts, 1)      \
  SERVICE(FsRtlRegisterUncProvider, 0)            \
  SERVICE(FsRtlDeregisterUncProvider, 0)          \
  SERVICE(IoRegisterFileSystem, 0)                \
  SERVICE(IoUnregisterFileSystem, 0)              \
  SERVICE(ZwOpenKey, 0)                           \
  SERVICE(ZwQueryValueKey, 0)
