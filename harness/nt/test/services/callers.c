/* SPDX-License-Identifier: Apache-2.0
 *
 * Who makes a request: threads, processes, tokens. The tests make actor 1 a restricted user of session 3.
 */
#include "services.h"

static PEPROCESS volatile Process;
static SECURITY_SUBJECT_CONTEXT Others;

static VOID CaptureOther(VOID) {
  Process = IoGetCurrentProcess();
  SeCaptureSubjectContext(&Others);
}

NTSTATUS CheckObjectReference(VOID) {
  PVOID Thread = PsGetCurrentThread();

  CHECK(ObReferenceObjectByPointer(Thread, 0, *PsThreadType, KernelMode) == STATUS_SUCCESS);
  CHECK(ObReferenceObjectByPointer(Thread, 0, NULL, KernelMode) == STATUS_SUCCESS);
  CHECK(ObReferenceObjectByPointer(Thread, 0, *IoFileObjectType, KernelMode) == STATUS_OBJECT_TYPE_MISMATCH);
  ObDereferenceObject(Thread);
  ObDereferenceObject(Thread);
  return STATUS_SUCCESS;
}

NTSTATUS CheckProcess(VOID) {
  IRP Irp;
  PVOID Mine = IoGetCurrentProcess();

  RtlZeroMemory(&Irp, sizeof(Irp));
  CHECK(Mine != NULL);
  OnAnotherThread(CaptureOther);
  SeReleaseSubjectContext(&Others);
  CHECK(Process != NULL && Process != Mine); /* the system's */
  CHECK(IoGetRequestorProcess(&Irp) == NULL);
  Irp.Tail.Overlay.Thread = PsGetCurrentThread();
  CHECK(IoGetRequestorProcess(&Irp) == Mine);
  CHECK(ObReferenceObjectByPointer(Mine, 0, *PsThreadType, KernelMode) == STATUS_OBJECT_TYPE_MISMATCH);
  ObReferenceObject(Mine);
  ObDereferenceObject(Mine);
  return STATUS_SUCCESS;
}

NTSTATUS CheckToken(VOID) {
  SECURITY_SUBJECT_CONTEXT Context;
  PACCESS_TOKEN Token;
  LUID Mine, System;
  ULONG Session;

  SeCaptureSubjectContext(&Context);
  CHECK(Context.ClientToken == NULL); /* nobody is impersonated */
  Token = SeQuerySubjectContextToken(&Context);
  CHECK(SeQueryAuthenticationIdToken(Token, &Mine) == STATUS_SUCCESS);
  CHECK(SeQuerySessionIdToken(Token, &Session) == STATUS_SUCCESS && Session == 3);
  CHECK(SeTokenIsRestricted(Token));
  OnAnotherThread(CaptureOther);
  Token = SeQuerySubjectContextToken(&Others);
  CHECK(SeQueryAuthenticationIdToken(Token, &System) == STATUS_SUCCESS);
  CHECK(System.LowPart == 0x3e7 && System.LowPart != Mine.LowPart);
  CHECK(SeQuerySessionIdToken(Token, &Session) == STATUS_SUCCESS && Session == 0);
  CHECK(!SeTokenIsRestricted(Token));
  SeReleaseSubjectContext(&Others);
  SeReleaseSubjectContext(&Context);
  CHECK(Context.PrimaryToken == NULL);
  return STATUS_SUCCESS;
}

NTSTATUS CheckStackLimits(VOID) {
  ULONG_PTR Low, High;

  IoGetStackLimits(&Low, &High);
  CHECK(Low < (ULONG_PTR)&Low && (ULONG_PTR)&Low < High);
  return STATUS_SUCCESS;
}

/* Owner and group with two subauthorities each, no lists. */
NTSTATUS CheckDescriptorLength(VOID) {
  struct {
    SECURITY_DESCRIPTOR_RELATIVE Head;
    UCHAR Owner[16];
    UCHAR Group[16];
    ACL List;
  } Descriptor;

  RtlZeroMemory(&Descriptor, sizeof(Descriptor));
  Descriptor.Head.Control = SE_SELF_RELATIVE;
  Descriptor.Head.Owner = FIELD_OFFSET(SECURITY_DESCRIPTOR_RELATIVE, Dacl) + sizeof(ULONG);
  Descriptor.Head.Group = Descriptor.Head.Owner + 16;
  Descriptor.Owner[1] = Descriptor.Group[1] = 2;
  Descriptor.List.AclSize = sizeof(ACL);
  CHECK(RtlLengthSecurityDescriptor(&Descriptor) == 52);
  Descriptor.Head.Control |= SE_DACL_PRESENT;
  CHECK(RtlLengthSecurityDescriptor(&Descriptor) == 52); /* a null list */
  Descriptor.Head.Dacl = Descriptor.Head.Group + 16;
  CHECK(RtlLengthSecurityDescriptor(&Descriptor) == 60);
  return STATUS_SUCCESS;
}
