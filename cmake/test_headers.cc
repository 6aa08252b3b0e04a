// SPDX-License-Identifier: Apache-2.0
//
// Nothing: the target that builds the precompiled header of all test programs needs a source.
