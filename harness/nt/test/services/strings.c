/* SPDX-License-Identifier: Apache-2.0
 *
 * Strings, and the copies that compilers make.
 */
#include "services.h"

static PVOID Routine(PCWSTR Name) {
  UNICODE_STRING Text;

  RtlInitUnicodeString(&Text, Name);
  return MmGetSystemRoutineAddress(&Text);
}

static WCHAR Buffer[8];

static UNICODE_STRING Empty(USHORT Bytes) {
  UNICODE_STRING Text = {0, Bytes, Buffer};
  ULONG i;

  for (i = 0; i < RTL_NUMBER_OF(Buffer); ++i) Buffer[i] = L'#';
  return Text;
}

NTSTATUS CheckStringCopy(VOID) {
  UNICODE_STRING From = RTL_CONSTANT_STRING(L"abcde");
  UNICODE_STRING To = Empty(sizeof(Buffer));

  RtlCopyUnicodeString(&To, &From);
  CHECK(To.Length == 10 && Buffer[4] == L'e' && Buffer[5] == 0 && Buffer[6] == L'#');
  To = Empty(6);
  RtlCopyUnicodeString(&To, &From);
  CHECK(To.Length == 6 && Buffer[2] == L'c' && Buffer[3] == L'#');
  RtlCopyUnicodeString(&To, NULL);
  CHECK(To.Length == 0);
  return STATUS_SUCCESS;
}

NTSTATUS CheckStringAppend(VOID) {
  UNICODE_STRING From = RTL_CONSTANT_STRING(L"cd");
  UNICODE_STRING To = Empty(8);

  CHECK(RtlAppendUnicodeToString(&To, L"ab") == STATUS_SUCCESS);
  CHECK(To.Length == 4 && Buffer[2] == 0);
  CHECK(RtlAppendUnicodeStringToString(&To, &From) == STATUS_SUCCESS);
  CHECK(To.Length == 8 && Buffer[3] == L'd' && Buffer[4] == L'#');
  CHECK(RtlAppendUnicodeStringToString(&To, &From) == STATUS_BUFFER_TOO_SMALL);
  CHECK(RtlAppendUnicodeToString(&To, L"x") == STATUS_BUFFER_TOO_SMALL);
  CHECK(RtlAppendUnicodeToString(&To, NULL) == STATUS_SUCCESS);
  CHECK(To.Length == 8 && Buffer[4] == L'#');
  return STATUS_SUCCESS;
}

NTSTATUS CheckStringNumber(VOID) {
  UNICODE_STRING To = Empty(sizeof(Buffer));

  CHECK(RtlIntegerToUnicodeString(0xBEEF, 16, &To) == STATUS_SUCCESS);
  CHECK(To.Length == 8 && Buffer[0] == L'B' && Buffer[3] == L'F' && Buffer[4] == 0);
  CHECK(RtlIntegerToUnicodeString(90, 0, &To) == STATUS_SUCCESS);
  CHECK(To.Length == 4 && Buffer[0] == L'9' && Buffer[1] == L'0');
  CHECK(RtlIntegerToUnicodeString(0, 2, &To) == STATUS_SUCCESS);
  CHECK(To.Length == 2 && Buffer[0] == L'0');
  CHECK(RtlIntegerToUnicodeString(5, 7, &To) == STATUS_INVALID_PARAMETER);
  CHECK(RtlIntegerToUnicodeString(123456789, 10, &To) == STATUS_BUFFER_OVERFLOW);
  return STATUS_SUCCESS;
}

NTSTATUS CheckWildCards(VOID) {
  UNICODE_STRING Plain = RTL_CONSTANT_STRING(L"\\a\\b.txt");
  UNICODE_STRING Star = RTL_CONSTANT_STRING(L"*.txt");
  UNICODE_STRING Dos = RTL_CONSTANT_STRING(L"a<");
  UNICODE_STRING None = {0, 0, NULL};

  CHECK(!FsRtlDoesNameContainWildCards(&Plain));
  CHECK(FsRtlDoesNameContainWildCards(&Star));
  CHECK(FsRtlDoesNameContainWildCards(&Dos));
  CHECK(!FsRtlDoesNameContainWildCards(&None));
  return STATUS_SUCCESS;
}

/* By their addresses: the routines of these names that the driver is linked with are its own. */
NTSTATUS CheckMemory(VOID) {
  PVOID (*Copy)(PVOID, const VOID *, SIZE_T) = Routine(L"memcpy");
  PVOID (*Move)(PVOID, const VOID *, SIZE_T) = Routine(L"memmove");
  PVOID (*Set)(PVOID, int, SIZE_T) = Routine(L"memset");
  int (*Compare)(const VOID *, const VOID *, SIZE_T) = Routine(L"memcmp");
  CHAR Bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  CHAR Other[8];

  CHECK(Copy != NULL && Move != NULL && Set != NULL && Compare != NULL);
  CHECK(Routine(L"NoSuchRoutine") == NULL);
  CHECK(Copy(Other, Bytes, 8) == Other && Other[7] == 8);
  CHECK(Compare(Other, Bytes, 8) == 0);
  CHECK(Move(Bytes + 2, Bytes, 6) == Bytes + 2);
  CHECK(Bytes[2] == 1 && Bytes[7] == 6); /* as if by way of another place */
  CHECK(Compare(Other, Bytes, 8) > 0 && Compare(Bytes, Other, 8) < 0);
  CHECK(Set(Other, 7, 3) == Other && Other[2] == 7 && Other[3] == 4);
  return STATUS_SUCCESS;
}
