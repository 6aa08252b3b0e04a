// SPDX-License-Identifier: Apache-2.0
//
// Between a corpus and the folders of the program fuzzer's inputs, under libFuzzer and AFL++ alike: a file an input,
// whatever its name (fuzzers/program/bytes.h). A program file names the choices of its schedule, an input counts them:
// an import writes down the names, and an export the numbers that the choices have on the drivers it runs on. Where an
// input cannot say a schedule, export looks for a way of making one that shows most of the same.
#pragma once

#include <string>
#include <vector>

#include "harness/campaign/corpus_survey.h"

namespace rxcheck::cli {

// The programs of the folder's inputs, each with the schedule of its run. REQUIRES: the target has learned as the
// fuzzer does.
Result<std::vector<Offer>> read_inputs(const std::string& folder, const CorpusWorkshop& workshop);

struct Export {
  std::vector<Taken> written;    // the file, and its input's name: the SHA-1 of its content, as libFuzzer names them
  std::vector<Remark> in_part;   // the input does not show all that the file shows
  std::vector<Remark> left_out;  // no input is like it
};

// Writes an input for every file of the corpus that there can be one for. What stands in the folder is left alone.
Result<Export> write_inputs(const CorpusFolder& corpus, const Survey& survey, const std::string& folder,
                            const CorpusWorkshop& workshop);

}  // namespace rxcheck::cli
