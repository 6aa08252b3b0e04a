/* SPDX-License-Identifier: Apache-2.0
 *
 * The guest agent: a program inside the guest that loads the drivers and carries out what the harness asks for
 * (driver/protocol/rxagent_protocol.h). Windows API only, so that it runs unchanged under Wine and on Windows.
 *
 *   agent.c     the frames that come in           channel.c   the byte streams
 *   services.c  installing, starting, stopping    requests.c  IOCTLs from the actors' threads
 */
#ifndef AGENT_H
#define AGENT_H

#include <windows.h>
#include <winternl.h>

#include "../protocol/rxagent_protocol.h"
#include "../protocol/rxgate_protocol.h"
#include "../protocol/rxprobe_protocol.h"

/* --- channel.c --- */
/* The streams are the standard input and output, or both the device of that name. 0 or a Win32 error. */
DWORD ChannelOpen(const WCHAR* Device);
/* One whole frame; Payload has room for RXAGENT_MAX_PAYLOAD. FALSE: the stream ended, or what came is no frame. */
BOOL ChannelReceive(RXAGENT_FRAME* Frame, BYTE* Payload);
/* From any thread; Tail may be empty. If it fails the harness is gone, and the process ends. */
void ChannelSend(DWORD Kind, DWORD Request, const void* Head, DWORD HeadLength, const void* Tail, DWORD TailLength);

/* --- services.c --- */
/* Paths as the system knows them, UTF-8; Gate may be "". 0, or a Win32 error and what failed in Text. */
DWORD ServicesLoad(const char* Engine, const char* Redirector, const char* Gate, char* Text, DWORD TextLength);
DWORD ServicesUnload(char* Text, DWORD TextLength);

/* The mini-redirector's device, opened when it is asked for first; or INVALID_HANDLE_VALUE. */
HANDLE ServicesDevice(void);

/* --- requests.c --- */
/* Whether drivers are loaded to which requests can go; the gate's device, or INVALID_HANDLE_VALUE. */
void RequestsUse(BOOL Loaded, HANDLE Gate);
/* Hands the request to its actor's thread, which answers. FALSE: there is no such actor, or no memory. */
BOOL RequestsIssue(DWORD Request, const RXAGENT_ISSUE* Issue, const BYTE* Input);
/* The same request so many times, on the calling thread. Answers. FALSE: no drivers are loaded. */
BOOL RequestsRepeat(DWORD Request, const RXAGENT_REPEAT* Repeat, const BYTE* Input);
/* IoCancelIrp, if the request is pending. Answers. */
void RequestsCancel(DWORD Number, DWORD Request);
/* Cancels what is pending and waits, a while, until nothing is. */
void RequestsDrain(void);

#endif
