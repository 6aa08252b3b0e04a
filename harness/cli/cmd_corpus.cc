// SPDX-License-Identifier: Apache-2.0
//
// rxcheck corpus: folders of programs that are worth running again (docs/corpora.md).
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "harness/campaign/corpus_generate.h"
#include "harness/campaign/plan.h"
#include "harness/cli/command.h"
#include "harness/cli/corpus_inputs.h"
#include "harness/cli/corpus_report.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/terminal.h"
#include "harness/judge/model_version.h"

namespace rxcheck::cli {

namespace {

struct CorpusOptions {
  TargetOptions target;
  std::string corpus;
  std::vector<std::string> files;  // or folders
  uint64_t programs = 0;
  uint64_t seed = 1;
  bool regression = false;
  bool known = false;
  bool update = false;
  std::string by = "transitions";
  bool json = false;
};

// The seed from which the program fuzzer lets its target learn where switches matter: an input means one run.
constexpr uint64_t kLearnSeed = 1;

// A corpus opened, its files run.
class Session {
 public:
  explicit Session(const CorpusOptions& options) : judge_(options.target.acceptance()), target_(open(options)) {
    judge_.watch_transitions(options.by == "transitions");
    target_.learn(ProgramSource(kLearnSeed).for_learning(), kLearnSeed);
  }

  CorpusWorkshop workshop(Progress* progress = nullptr) {
    CorpusWorkshop workshop{*target_, judge_, model_digest()};
    if (progress != nullptr) workshop.progress = [progress](uint64_t done) { progress->at(done); };
    workshop.stop = interrupted;
    return workshop;
  }

  Survey look(const CorpusFolder& folder) {
    Progress progress("corpus", folder.files().size());
    Survey result = survey(folder, workshop(&progress));
    if (result.stopped) throw Failure{kExitInterrupted, {"interrupted; nothing was changed", folder.path(), ""}};
    return result;
  }

 private:
  static OpenTarget open(const CorpusOptions& options) {
    if (const auto missing = options.target.missing())
      throw Failure{kExitIncomplete, {"incomplete: " + *missing, options.corpus, ""}};
    return options.target.open();
  }

  Judge judge_;
  OpenTarget target_;
};

ExitCode end(const CorpusFolder& folder, const Survey& survey, const Json& more, ExitCode code, bool json) {
  Json report = corpus_json(folder, survey);
  report.update(more);
  print_corpus(report, json);
  return interrupted() ? kExitInterrupted : worse_of(code, exit_code_of(survey));
}

// Known divergences of other people's code stay apart.
void keep_apart(const CorpusFolder& folder, const std::vector<Offer>& offers) {
  for (const Offer& offer : offers) {
    const bool known = offer.file.keeping() == Keeping::known;
    if (folder.files().empty() ? known == (offers.front().file.keeping() == Keeping::known)
                               : known == folder.is_known())
      continue;
    throw Failure{kExitUsage,
                  {"what is known of other people's code stays apart from other files", offer.origin,
                   known ? "name a corpus of such files" : "name a corpus without such files"}};
  }
}

ExitCode take(const CorpusOptions& options, Session& session, CorpusFolder& folder, const Survey& looked,
              std::vector<Offer> offers) {
  keep_apart(folder, offers);
  Progress progress("corpus", offers.size());
  const Taking taking = or_fail(take_into(folder, looked.shown, std::move(offers), session.workshop(&progress)));
  return end(folder, looked, taking_json(taking), exit_code_of(taking), options.json);
}

ExitCode run_stats(const CorpusOptions& options) {
  const CorpusFolder folder = or_fail(CorpusFolder::open(options.corpus));
  Session session(options);
  const Survey looked = session.look(folder);
  return end(folder, looked, stats_json(folder, looked), kExitClean, options.json);
}

ExitCode run_add(const CorpusOptions& options) {
  if (options.files.empty() && options.programs == 0)
    throw Failure{kExitUsage, {"there is nothing to add", options.corpus, "name files, or --programs N"}};
  if (options.known && options.target.own_driver())
    throw Failure{kExitUsage,
                  {"what our own drivers do otherwise is a defect", "--known", "name the other one with --driver"}};
  std::vector<Offer> offers;
  for (const std::string& path : options.files) {
    if (!path.ends_with(".rxp") && !path.ends_with(".rxh"))
      throw Failure{kExitInput, {"neither a program nor a history by its name", path, "give a .rxp or .rxh file"}};
    Offer offer{path, or_fail(load_corpus_file(path))};
    // What it is kept for from now on is what it shows now.
    if (options.regression || options.known) {
      offer.file.program.expectation.reset();
      offer.file.program.stored = Stored{"", options.known ? Keeping::known : Keeping::regression};
    }
    offers.push_back(std::move(offer));
  }
  CorpusFolder folder = or_fail(CorpusFolder::open(options.corpus, true));
  Session session(options);
  const Survey looked = session.look(folder);
  if (options.programs != 0) {
    Progress progress("generate", options.programs);
    const Generation generation{options.seed, options.programs, options.target.acceptance().variants};
    std::ranges::move(generate_new(generation, looked.shown, session.workshop(&progress)), std::back_inserter(offers));
  }
  return take(options, session, folder, looked, std::move(offers));
}

ExitCode run_merge(const CorpusOptions& options) {
  std::vector<Offer> offers;
  for (const std::string& path : options.files) {
    const CorpusFolder from = or_fail(CorpusFolder::open(path));
    for (const CorpusFile& file : from.files())
      offers.push_back({(std::filesystem::path(path) / file.name).string(), file});
  }
  CorpusFolder folder = or_fail(CorpusFolder::open(options.corpus, true));
  Session session(options);
  const Survey looked = session.look(folder);
  return take(options, session, folder, looked, std::move(offers));
}

ExitCode run_min(const CorpusOptions& options) {
  CorpusFolder folder = or_fail(CorpusFolder::open(options.corpus));
  Session session(options);
  Survey looked = session.look(folder);
  const Minimised minimised = or_fail(minimise(folder, looked, model_digest(), options.update));
  return end(folder, looked, minimised_json(minimised), kExitClean, options.json);
}

ExitCode run_import(const CorpusOptions& options) {
  Session session(options);
  std::vector<Offer> offers = or_fail(read_inputs(options.files.front(), session.workshop()));
  CorpusFolder folder = or_fail(CorpusFolder::open(options.corpus, true));
  const Survey looked = session.look(folder);
  return take(options, session, folder, looked, std::move(offers));
}

ExitCode run_export(const CorpusOptions& options) {
  const CorpusFolder folder = or_fail(CorpusFolder::open(options.corpus));
  Session session(options);
  const Survey looked = session.look(folder);
  Progress progress("export", folder.files().size());
  const Export exported = or_fail(write_inputs(folder, looked, options.files.front(), session.workshop(&progress)));
  return end(folder, looked, export_json(exported), kExitClean, options.json);
}

}  // namespace

void add_corpus(CLI::App& app, ExitCode& code) {
  CLI::App* command =
      app.add_subcommand("corpus", "Folders of programs that are worth running again (docs/corpora.md)");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, ExitCode (*run)(const CorpusOptions&)) {
    auto options = std::make_shared<CorpusOptions>();
    CLI::App* sub = command->add_subcommand(name, what);
    sub->add_option("corpus", options->corpus, "A folder of .rxp and .rxh files")->required();
    options->target.add_to(*sub);
    sub->add_option("--by", options->by,
                    "What counts as shown: cells of `coverage` and transitions of the model, or cells only")
        ->check(CLI::IsMember({"transitions", "cells"}))
        ->capture_default_str();
    sub->add_flag("--json", options->json, "Print one JSON object");
    sub->callback([options, run, &code] { code = run(*options); });
    return std::pair(sub, options);
  };
  {
    auto [sub, options] = add("add", "Take files, or generated programs, that show something new", run_add);
    sub->add_option("files", options->files, "Files that end in .rxp or .rxh");
    sub->add_option("--programs", options->programs, "So many programs of a directed campaign, too");
    sub->add_option("--seed", options->seed, "...of this seed")->capture_default_str();
    CLI::Option* regression = sub->add_flag("--regression", options->regression,
                                            "Keep the files for ever, with what they show now: they showed a defect");
    sub->add_flag("--known", options->known,
                  "Keep the files apart for ever: they show what another driver (--driver) does otherwise")
        ->excludes(regression);
  }
  {
    auto [sub, options] = add("merge", "Take from other corpora what shows something new", run_merge);
    sub->add_option("from", options->files, "Folders of .rxp and .rxh files")->required();
  }
  {
    auto [sub, options] = add("min", "Remove files that show nothing which others do not show", run_min);
    sub->add_flag("--update", options->update, "Write down what files mean now whose meaning changed");
  }
  add("stats", "What a corpus shows, and whether its files mean what they did", run_stats);
  {
    auto [sub, options] = add("import", "Take programs from a folder of the program fuzzer's inputs", run_import);
    sub->add_option("inputs", options->files, "A folder of libFuzzer or AFL++")->required()->expected(1);
  }
  {
    auto [sub, options] = add("export", "Write inputs for the program fuzzer", run_export);
    sub->add_option("inputs", options->files, "A folder for libFuzzer or AFL++")->required()->expected(1);
  }
}

}  // namespace rxcheck::cli
