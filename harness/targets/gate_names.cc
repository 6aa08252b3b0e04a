// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/gate_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "harness/nt/pool.h"

namespace rxcheck {

namespace {

// As tag_name() prints it: what is cut off at its end were spaces.
uint32_t tag_of(std::string name) {
  name.resize(4, ' ');
  std::ranges::replace(name, '_', ' ');
  uint32_t tag = 0;
  std::memcpy(&tag, name.data(), sizeof tag);
  return tag;
}

// The number behind the last '+'; nothing if there is none.
std::optional<uint32_t> offset_in(const std::string& name) {
  const size_t plus = name.rfind("+0x");
  if (plus == std::string::npos) return std::nullopt;
  uint32_t offset = 0;
  const char* end = name.data() + name.size();
  const auto [stopped, error] = std::from_chars(name.data() + plus + 3, end, offset, 16);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return offset;
}

}  // namespace

Result<GateNames> GateNames::read(const std::vector<std::string>& drivers) {
  GateNames names;
  for (const std::string& path : drivers) {
    auto image = nt::PeImage::load(path);
    if (!image) return image.error();
    names.images_.push_back(std::move(*image));
  }
  return names;
}

std::vector<RXGATE_RANGE> GateNames::functions_named(const std::string& name) const {
  std::vector<RXGATE_RANGE> found;
  for (uint32_t i = 0; i < images_.size(); ++i)
    for (const auto& [begin, end] : images_[i]->ranges_named(name)) found.push_back({i, begin, end});
  return found;
}

std::vector<RXGATE_PLACE> GateNames::objects_named(const std::string& name) const {
  std::vector<RXGATE_PLACE> found;
  const auto offset = offset_in(name);
  if (!offset) return found;
  const std::string whole = name.substr(0, name.rfind('+'));
  const size_t bang = whole.find('!');
  if (bang == std::string::npos) return {{RxGatePool, tag_of(whole), *offset}};
  for (uint32_t i = 0; i < images_.size(); ++i)
    if (images_[i]->name() == whole.substr(0, bang))
      for (const auto& [begin, end] : images_[i]->ranges_named(whole.substr(bang + 1)))
        found.push_back({RxGateImage, i, begin + *offset});
  return found;
}

Result<std::vector<RXGATE_CHOICE>> GateNames::translate(const Schedule& schedule) const {
  std::vector<RXGATE_CHOICE> choices;
  for (const Choice& choice : schedule.choices) {
    const auto fail = [&](const std::string& why) {
      return Error{fmt::format("choice {} of the schedule cannot be looked for: {}", choices.size() + 1, why), "",
                   "the drivers are perhaps not those for which it was recorded"};
    };
    RXGATE_CHOICE to{};
    const auto number = [](auto value) { return static_cast<uint16_t>(value); };
    to.Actor = choice.at.line.actor;
    to.Worker = choice.at.line.worker;
    to.Operation = choice.at.line.operation;
    to.Access = number(choice.at.access);
    to.Occurrence = choice.at.occurrence;
    to.IsPick = choice.kind == Choice::Kind::pick;
    to.ToActor = choice.to.actor;
    to.ToWorker = choice.to.worker;
    to.ToOperation = choice.to.operation;
    if (!choice.at.function.empty()) {
      const auto functions = functions_named(choice.at.function);
      if (functions.empty()) return fail("there is no function " + choice.at.function);
      if (functions.size() > RXGATE_MAX_PLACES) return fail("too many functions are called " + choice.at.function);
      std::ranges::copy(functions, to.Functions);
      to.FunctionCount = number(functions.size());
    }
    if (choice.at.access == Access::call || choice.at.access == Access::block) {
      if (choice.at.object.size() >= RXGATE_NAME) return fail("the name " + choice.at.object + " is too long");
      std::ranges::copy(choice.at.object, to.Service);
    } else {
      const auto objects = objects_named(choice.at.object);
      if (objects.empty()) return fail("there is no object " + choice.at.object);
      if (objects.size() > RXGATE_MAX_PLACES) return fail("too many objects are called " + choice.at.object);
      std::ranges::copy(objects, to.Objects);
      to.ObjectCount = static_cast<uint32_t>(objects.size());
    }
    choices.push_back(to);
  }
  if (choices.size() > RXGATE_MAX_CHOICES)
    return Error{fmt::format("the schedule has {} choices", choices.size()), "",
                 fmt::format("a gate follows {} at most: shrink it", RXGATE_MAX_CHOICES)};
  return choices;
}

std::string GateNames::object_at(const RXGATE_PLACE& place) const {
  if (place.Where == RxGatePool && place.Offset == RXGATE_WHOLE) return nt::tag_name(place.Which);
  if (place.Where == RxGatePool) return fmt::format("{}+{:#x}", nt::tag_name(place.Which), place.Offset);
  if (place.Where != RxGateImage || place.Which >= images_.size()) return "";
  const nt::PeImage& image = *images_[place.Which];
  const auto& symbol = image.symbol_at(image.base() + place.Offset);
  return fmt::format("{}!{}+{:#x}", image.name(), symbol.name, place.Offset - symbol.rva);
}

std::string GateNames::function_at(const RXGATE_PLACE& site) const {
  if (site.Where != RxGateImage || site.Which >= images_.size() || site.Offset == 0) return "";
  const nt::PeImage& image = *images_[site.Which];
  return image.symbol_at(image.base() + site.Offset - 1).name;
}

}  // namespace rxcheck
