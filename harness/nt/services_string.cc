// SPDX-License-Identifier: Apache-2.0
//
// Strings, after their routine pages in wdm.h and ntifs.h.
#include <algorithm>
#include <cstring>
#include <string_view>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

char16_t upcase(char16_t c) { return c >= u'a' && c <= u'z' ? static_cast<char16_t>(c - 32) : c; }

int32_t compare(const UnicodeString* a, const UnicodeString* b, bool ignore_case) {
  const unsigned shorter = std::min(a->length, b->length) / 2u;
  for (unsigned i = 0; i < shorter; ++i) {
    const char16_t x = ignore_case ? upcase(a->buffer[i]) : a->buffer[i];
    const char16_t y = ignore_case ? upcase(b->buffer[i]) : b->buffer[i];
    if (x != y) return x - y;
  }
  return static_cast<int32_t>(a->length) - b->length;
}

// Puts `bytes` of `from` at the string's end, and a terminating 0 if there is room for one. REQUIRES: room for them.
void append(Executive& ex, UnicodeString* text, const char16_t* from, unsigned bytes, void* site) {
  const unsigned end = text->length / 2u;
  const unsigned terminator = text->length + bytes + 2u <= text->maximum_length ? 2 : 0;
  if (bytes != 0) ex.check_memory(from, bytes, "reading the end of a string", site, Touch::read);
  if (bytes + terminator != 0)
    ex.check_memory(text->buffer + end, bytes + terminator, "writing the end of a string", site);
  if (bytes != 0) std::memmove(text->buffer + end, from, bytes);
  if (terminator != 0) text->buffer[end + bytes / 2] = 0;
  text->length = static_cast<uint16_t>(text->length + bytes);
}

unsigned characters(const char16_t* text) {
  unsigned count = 0;
  while (text != nullptr && text[count] != 0 && count < 32767) ++count;
  return count;
}

}  // namespace

extern "C" {

void MS nt_RtlInitUnicodeString(UnicodeString* text, const char16_t* source) {
  ENTER(RtlInitUnicodeString);
  unsigned length = 0;
  while (source != nullptr && source[length] != 0 && length < 32766) ++length;
  text->length = static_cast<uint16_t>(length * 2);
  text->maximum_length = static_cast<uint16_t>(source == nullptr ? 0 : length * 2 + 2);
  text->buffer = const_cast<char16_t*>(source);
}

int32_t MS nt_RtlCompareUnicodeString(const UnicodeString* a, const UnicodeString* b, uint8_t ignore_case) {
  ENTER(RtlCompareUnicodeString);
  ex.check_memory(a->buffer, a->length, "RtlCompareUnicodeString", site, Touch::read);
  ex.check_memory(b->buffer, b->length, "RtlCompareUnicodeString", site, Touch::read);
  return compare(a, b, ignore_case != 0);
}

uint8_t MS nt_RtlEqualUnicodeString(const UnicodeString* a, const UnicodeString* b, uint8_t ignore_case) {
  ENTER(RtlEqualUnicodeString);
  ex.check_memory(a->buffer, a->length, "RtlEqualUnicodeString", site, Touch::read);
  ex.check_memory(b->buffer, b->length, "RtlEqualUnicodeString", site, Touch::read);
  return a->length == b->length && compare(a, b, ignore_case != 0) == 0;
}

char16_t MS nt_RtlUpcaseUnicodeChar(char16_t c) { return upcase(c); }

// What does not fit is cut off.
void MS nt_RtlCopyUnicodeString(UnicodeString* to, const UnicodeString* from) {
  ENTER(RtlCopyUnicodeString);
  to->length = 0;
  if (from != nullptr) append(ex, to, from->buffer, std::min(from->length, to->maximum_length), site);
}

NtStatus MS nt_RtlAppendUnicodeStringToString(UnicodeString* to, const UnicodeString* from) {
  ENTER(RtlAppendUnicodeStringToString);
  if (from->length == 0) return kStatusSuccess;
  if (from->length + to->length > to->maximum_length) return kStatusBufferTooSmall;
  append(ex, to, from->buffer, from->length, site);
  return kStatusSuccess;
}

NtStatus MS nt_RtlAppendUnicodeToString(UnicodeString* to, const char16_t* from) {
  ENTER(RtlAppendUnicodeToString);
  const unsigned bytes = characters(from) * 2;
  if (bytes == 0) return kStatusSuccess;
  if (bytes + to->length > to->maximum_length) return kStatusBufferTooSmall;
  append(ex, to, from, bytes, site);
  return kStatusSuccess;
}

// The base may be 2, 8, 10 or 16, and 0 stands for 10.
NtStatus MS nt_RtlIntegerToUnicodeString(uint32_t value, uint32_t base, UnicodeString* to) {
  ENTER(RtlIntegerToUnicodeString);
  if (base == 0) base = 10;
  if (base != 2 && base != 8 && base != 10 && base != 16) return kStatusInvalidParameter;
  char16_t digits[32];
  unsigned first = 32;
  do {
    digits[--first] = u"0123456789ABCDEF"[value % base];
    value /= base;
  } while (value != 0);
  const unsigned bytes = (32 - first) * 2;
  if (bytes > to->maximum_length) return kStatusBufferOverflow;
  to->length = 0;
  append(ex, to, digits + first, bytes, site);
  return kStatusSuccess;
}

// * and ?, and the three that stand for them where names are as those of DOS.
uint8_t MS nt_FsRtlDoesNameContainWildCards(const UnicodeString* name) {
  ENTER(FsRtlDoesNameContainWildCards);
  if (name->length != 0)
    ex.check_memory(name->buffer, name->length, "FsRtlDoesNameContainWildCards", site, Touch::read);
  const std::u16string_view text(name->buffer, name->length / 2u);
  return text.find_first_of(u"*?<>\"") != text.npos;
}

}  // extern "C"

}  // namespace rxcheck::nt
