// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/run_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/core/text_file.h"

namespace rxcheck {

using Json = nlohmann::json;

std::vector<std::string> cells_for_record(const models::CellSet& cells) {
  std::vector<std::string> names = models::names_of(cells);
  std::ranges::sort(names);
  return names;
}

Result<models::CellSet> cells_of_record(std::string_view text, const std::string& path) {
  const std::string remedy = "make the run again with this version";
  const Json json = Json::parse(text, nullptr, false);
  const auto list = json.is_object() ? json.find("cells") : json.end();
  if (list == json.end() || !list->is_array()) return Error{"this file has no list of cells", path, remedy};
  models::CellSet cells;
  for (const Json& item : *list) {
    const auto* const name = item.get_ptr<const std::string*>();
    const auto cell = name == nullptr ? std::nullopt : models::parse_cell(*name);
    if (!cell)
      return Error{(name == nullptr ? std::string(item.type_name()) : rxcheck::quoted(*name)) + " is no cell", path,
                   remedy};
    cells.set(models::index_of(*cell));
  }
  return cells;
}

}  // namespace rxcheck
