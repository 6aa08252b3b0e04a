// SPDX-License-Identifier: Apache-2.0
#include "harness/core/program_text.h"

#include <limits>

#include "harness/core/operation_text.h"
#include "harness/core/schedule_text.h"
#include "harness/core/text_file.h"

namespace rxcheck {
namespace {

constexpr uint64_t kAnyNumber = std::numeric_limits<uint64_t>::max();
std::optional<Error> read_provenance(const TextLine& line, ProgramFile& file) {
  const auto& words = line.words;
  const Error shape{"the origin is written otherwise", "", "write `from seed N program N [schedule N]`"};
  if ((words.size() != 5 && words.size() != 7) || words[1] != "seed" || words[3] != "program") return shape;
  const auto seed = parse_number(words[2], kAnyNumber);
  const auto program = parse_number(words[4], kAnyNumber);
  if (!seed || !program) return shape;
  file.provenance = Provenance{*seed, *program};
  if (words.size() == 5) return std::nullopt;
  file.provenance->schedule = parse_number(words[6], kAnyNumber);
  if (words[5] != "schedule" || !file.provenance->schedule) return shape;
  return std::nullopt;
}

// Choices, origin, how it is stored, and expectation come in this order and after the program.
enum class Section { program, choices, provenance, stored, expectation };

std::optional<Section> section_of(const TextLine& line, unsigned version) {
  const std::string_view word = line.words[0];
  if (ProgramReader::is_program_line(line)) return Section::program;
  if (word == "switch" || word == "pick") return Section::choices;
  if (word == "from") return Section::provenance;
  if (word == "stored" && version >= 2) return Section::stored;
  if (word == "expect") return Section::expectation;
  return std::nullopt;
}

std::optional<Error> read_line(const TextLine& line, Section section, ProgramReader& reader, ProgramFile& file) {
  switch (section) {
    case Section::program:
      return reader.read(line);
    case Section::provenance:
      return read_provenance(line, file);
    case Section::stored: {
      Result<Stored> stored = read_stored(line);
      if (!stored) return stored.error();
      file.stored = std::move(*stored);
      return std::nullopt;
    }
    case Section::expectation: {
      Result<Expectation> expectation = read_expectation(line);
      if (!expectation) return expectation.error();
      file.expectation = std::move(*expectation);
      return std::nullopt;
    }
    case Section::choices:
      break;
  }
  Result<Choice> choice = parse_choice(line);
  if (!choice) return choice.error();
  file.schedule.choices.push_back(std::move(*choice));
  return std::nullopt;
}

}  // namespace

std::string print(const ProgramFile& file) {
  std::string out = "rxp " + std::to_string(file.stored ? kNewestProgramFormat : kOldestProgramFormat) + "\n";
  print_program_lines(file.program, out);
  for (const Choice& choice : file.schedule.choices) out += text_of(choice) + "\n";
  if (const auto& from = file.provenance) {
    out += "from seed " + std::to_string(from->seed) + " program " + std::to_string(from->program);
    if (from->schedule) out += " schedule " + std::to_string(*from->schedule);
    out += "\n";
  }
  if (file.stored) out += stored_line(*file.stored);
  if (file.expectation) out += expectation_line(*file.expectation);
  return out + "end\n";
}

Result<ProgramFile> parse_program(std::string_view text, const std::string& name) {
  const auto lines = read_lines(text, name, "rxp", {kOldestProgramFormat, kNewestProgramFormat}, kMaxProgramFileBytes);
  if (!lines) return lines.error();
  const unsigned version = format_version(text);
  ProgramFile file;
  ProgramReader reader;
  Section reached = Section::program;
  for (const TextLine& line : lines.value()) {
    const std::string word(line.words[0]);
    if (word == "surface")
      return at_line({"this is a program of another surface than the kernel's", "",
                      "use `rxcheck replay --surface mpr`, which runs it"},
                     name, line.number);
    const auto section = section_of(line, version);
    if (!section)
      return at_line({"`" + word + "` begins no line of a program file", "", "see docs/format-rxp.md"}, name,
                     line.number);
    if (*section < reached || (*section == reached && reached >= Section::provenance))
      return at_line(
          {"`" + word + "` comes too late", "", "order: program, choices, one `from`, one `stored`, one `expect`"},
          name, line.number);
    reached = *section;
    if (auto error = read_line(line, *section, reader, file)) return at_line(std::move(*error), name, line.number);
  }
  file.program = reader.take();
  return file;
}

Result<ProgramFile> load_program(const std::string& path) {
  const auto text = read_text_file(path, kMaxProgramFileBytes);
  if (!text) return text.error();
  return parse_program(text.value(), path);
}

}  // namespace rxcheck
