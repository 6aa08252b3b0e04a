// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/explanation_page.h"

#include <fmt/format.h>

#include "harness/cli/cause_text.h"

namespace rxcheck::cli {

namespace {

constexpr unsigned kWidth = 160;

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '&')
      safe += "&amp;";
    else if (c == '"')
      safe += "&quot;";
    else
      safe += c;
  }
  return safe;
}

std::string row(const char* name, const std::string& text) {
  return text.empty() ? "" : fmt::format("<tr><th>{}<td>{}\n", name, escaped(text));
}

std::string list(const std::vector<std::string>& items) {
  std::string html = "<ul>\n";
  for (const std::string& item : items) html += fmt::format("<li>{}\n", escaped(item));
  return html + "</ul>\n";
}

std::string timeline_part(const Explanation& explanation) {
  std::string html = "<h2>Timeline</h2>\n<pre>\n";
  for (const std::string& line : timeline_of(explanation, kWidth)) {
    const char* kind = line.starts_with(">>") ? "broken" : line.starts_with("--") ? "choice" : "";
    html += fmt::format("<span class=\"{}\">{}</span>\n", kind, escaped(line));
  }
  return html + "</pre>\n";
}

std::string causes_part(const Explanation& explanation) {
  std::string html;
  const auto none = without_switch(explanation);
  if (!none.empty()) html += "<h2>What it takes</h2>\n" + list(none);
  for (const Cause& cause : explanation.causes)
    html += fmt::format("<h2>What would have prevented switch {}</h2>\n", cause.choice + 1) +
            list(sentences(cause, explanation.lines));
  return html;
}

}  // namespace

std::string explanation_page(const std::string& file, const Explanation& explanation) {
  const auto& found = explanation.divergence;
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title>\n"
      "<style>body{{font-family:sans-serif;margin:2em}}pre{{overflow-x:auto}}th{{text-align:left;padding-right:1em}}"
      ".broken{{color:#b00;font-weight:bold}}.choice{{color:#850}}</style>\n<h1>{0}: {1}</h1>\n<table>\n",
      escaped(file), name_of(explanation.verdict));
  if (found) {
    const Promise promise = promise_of(found->clause);
    html += row("clause", found->clause) + row("promised", promise.sentence) + row("source", promise.source) +
            row("found", found->summary) + row("expected", found->expected) + row("observed", found->observed) +
            row("fingerprint", found->fingerprint);
  }
  html += row("model", explanation.state) + row("note", explanation.message) + "</table>\n";
  return html + causes_part(explanation) + timeline_part(explanation) + "</html>\n";
}

}  // namespace rxcheck::cli
