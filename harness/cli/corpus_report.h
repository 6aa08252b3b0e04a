// SPDX-License-Identifier: Apache-2.0
//
// What the commands for corpora say: lines for people, or one JSON object whose keys are a contract with scripts.
#pragma once

#include <string>

#include "harness/campaign/corpus_survey.h"
#include "harness/cli/command.h"
#include "harness/cli/corpus_inputs.h"

namespace rxcheck::cli {

// What all of them begin with, and what stands wrong in the corpus itself.
Json corpus_json(const CorpusFolder& folder, const Survey& survey);

Json stats_json(const CorpusFolder& folder, const Survey& survey);
Json taking_json(const Taking& taking);
Json minimised_json(const Minimised& minimised);
Json export_json(const Export& exported);

// The object: as it is with `json`, else in words.
void print_corpus(const Json& report, bool json);

// 77 if the meaning of a file changed, 75 if one could not be run.
ExitCode exit_code_of(const Survey& survey);
ExitCode exit_code_of(const Taking& taking);

}  // namespace rxcheck::cli
