// SPDX-License-Identifier: Apache-2.0
//
// The checker against a judge that tries every order, on small histories of all models and of a nondeterministic one.
#include <rapidcheck/boost_test.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <set>

#include "fuzzers/properties/small_history.h"
#include "harness/core/random.h"
#include "harness/judge/linearizability/cas_register_model.h"
#include "harness/judge/linearizability/check.h"
#include "harness/judge/linearizability/kv_model.h"
#include "harness/judge/linearizability/search.h"

namespace rxcheck::linear {
namespace {

using Bytes = std::vector<uint8_t>;
constexpr SearchLimits kEnough{10'000'000, uint64_t{256} << 20};

// What was known when the operation returned.
std::vector<TimedOperation> cut_after(const std::vector<TimedOperation>& operations, uint32_t moment) {
  std::vector<TimedOperation> cut;
  for (TimedOperation each : operations) {
    if (each.call > moment) continue;
    if (each.ret > moment) {
      each.ret = kNever;
      each.result = kUnknown;
    }
    cut.push_back(each);
  }
  return cut;
}

// Two keys, and texts that are often beginnings of each other.
struct KvCase {
  using Held = std::vector<std::string>;
  TimedHistory history;

  explicit KvCase(const Bytes& bytes) {
    for (const char* key : {"a", "b"}) history.keys.number_of(key);
    const std::vector<std::string> written = {"x", "y", "xy", ""};
    const std::vector<std::string> read = {"", "x", "y", "xy", "xx", "yx", "xyx", "xyxy"};
    fill_history(
        ByteSource(bytes), 7, history,
        [&](ByteSource& source, TimedOperation& operation) {
          operation.function = source.below(3);
          operation.key = source.below(8) == 0 ? 1 : 0;
          operation.argument = history.words.number_of(written[source.below(4)]);
        },
        [&](ByteSource& source, TimedOperation& operation) {
          if (operation.function == 0) operation.result = history.words.number_of(read[source.below(8)]);
        });
  }

  std::vector<Held> apply(Held held, const TimedOperation& operation) const {
    std::string& text = held[operation.key];
    if (operation.function == 0 && operation.result != kUnknown && history.words[operation.result] != text) return {};
    if (operation.function == 1) text.clear();
    if (operation.function != 0) text += history.words[operation.argument];
    return {held};
  }
  bool is_legal(std::span<const TimedOperation> operations) const {
    const auto step = [this](const Held& held, const TimedOperation& each) { return apply(held, each); };
    return EveryOrder<Held, decltype(step)>(operations, step).explains({"", ""});
  }
  Checked check(bool partition) const {
    CheckOptions options;
    options.partition = partition;
    return check_kv(history, options);
  }
};

struct RegisterCase {
  TimedHistory history;

  explicit RegisterCase(const Bytes& bytes) {
    for (const char* word : {"nil", "1", "2", "3"}) history.words.number_of(word);
    fill_history(
        ByteSource(bytes), 7, history,
        [](ByteSource& source, TimedOperation& operation) {
          operation.function = source.below(3);
          operation.argument = 1 + source.below(3);
          operation.argument2 = 1 + source.below(3);
        },
        [](ByteSource& source, TimedOperation& operation) {
          if (operation.function == 0) operation.result = source.below(5) == 4 ? kUnknown : source.below(4);
          if (operation.function == 2) operation.result = source.below(2);
        });
  }

  static std::vector<uint32_t> apply(uint32_t value, const TimedOperation& operation) {
    if (operation.function == 0)
      return operation.result == kUnknown || operation.result == value ? std::vector{value} : std::vector<uint32_t>{};
    if (operation.function == 1) return {operation.argument};
    const bool matches = value == operation.argument;
    if (operation.result != kUnknown && matches != (operation.result == 1)) return {};
    return {matches ? operation.argument2 : value};
  }
  bool is_legal(std::span<const TimedOperation> operations) const {
    return EveryOrder<uint32_t, decltype(&apply)>(operations, &apply).explains(0);
  }
  Checked check(bool) const { return check_cas_register(history, {}); }
};

// A register whose writes may be lost, doubled or leave its neighbour's value, and whose reads may be one off: every
// step has several outcomes, and operations say nothing about themselves.
class SloppyModel final : public Model {
 public:
  State initial() override { return 0; }
  Traits traits(const TimedOperation&) override { return {}; }
  void step(State state, const TimedOperation& operation, const Traits&, std::vector<State>& successors) override {
    for (const State next : outcomes(state, operation)) successors.push_back(next);
  }
  uint32_t value(State, uint32_t) const override { return 0; }
  uint32_t values() const override { return 1; }
  bool leads_to(uint32_t, uint32_t) const override { return true; }
  std::string text_of(const TimedOperation&) const override { return "operation"; }
  std::string why_refused(std::span<const TimedOperation>, State, const TimedOperation&) const override { return "no"; }

  static std::vector<State> outcomes(State state, const TimedOperation& operation) {
    if (operation.function == 0) {  // a read, which may move the register on
      if (operation.result != kUnknown && operation.result != state) return {};
      return {state, (state + 1) % 5};
    }
    if (operation.function == 1) return {operation.argument, (operation.argument + 2) % 5, state};
    if (state % 2 == operation.argument % 2) return {};  // may happen on the other half only
    return {(state * 2) % 5, 4};
  }
};

TimedHistory sloppy_history(const Bytes& bytes) {
  TimedHistory history;
  fill_history(
      ByteSource(bytes), 7, history,
      [](ByteSource& source, TimedOperation& operation) {
        operation.function = source.below(3);
        operation.argument = source.below(5);
      },
      [](ByteSource& source, TimedOperation& operation) {
        if (operation.function == 0) operation.result = source.below(5);
      });
  return history;
}

bool is_sloppy_legal(std::span<const TimedOperation> operations) {
  return EveryOrder<State, decltype(&SloppyModel::outcomes)>(operations, &SloppyModel::outcomes).explains(0);
}

rc::Gen<Bytes> bytes_gen() { return rc::gen::resize(60, rc::gen::arbitrary<Bytes>()); }

template <typename Case>
void agrees_with_every_order(const Bytes& bytes) {
  const Case small(bytes);
  const bool legal = small.is_legal(small.history.operations);
  RC_CLASSIFY(legal);
  for (const bool partition : {true, false})
    RC_ASSERT(small.check(partition).answer == (legal ? Answer::ok : Answer::illegal));
}

// Why it is refused holds up by itself.
template <typename Case>
void explains_refusals(const Bytes& bytes) {
  const Case small(bytes);
  const auto checked = small.check(true);
  if (checked.answer != Answer::illegal) return;
  const Explanation& explanation = *checked.explanation;
  const auto& all = small.history.operations;

  std::vector<TimedOperation> smallest;
  for (const ToldOperation& each : explanation.smallest) smallest.push_back(all[each.call_line - 1]);
  RC_ASSERT(!small.is_legal(smallest));
  RC_ASSERT(explanation.minimal);
  RC_ASSERT(!explanation.refused.empty());

  // The part's history loses its order at that return, and not before.
  const TimedOperation& last = all[explanation.last.call_line - 1];
  std::vector<TimedOperation> part;
  for (const TimedOperation& each : all)
    if (each.key == last.key) part.push_back(each);
  RC_ASSERT(!small.is_legal(cut_after(part, last.ret)));
  RC_ASSERT(small.is_legal(cut_after(part, last.ret - 1)));
  const auto returned = std::ranges::count_if(part, [&](const TimedOperation& each) { return each.ret < last.ret; });
  RC_ASSERT(returned == explanation.accepted);
}

// The order of an accepted history is one that the model allows and real time permits.
template <typename Case, typename AnyState, typename Apply>
void is_an_order(const Case& small, Model& model, const AnyState& initial, Apply apply) {
  const auto& operations = small.history.operations;
  const SearchResult result = search(model, operations, kEnough);
  if (result.outcome != Outcome::accepted) return;
  std::vector<AnyState> states = {initial};
  std::set<uint32_t> done;
  for (const uint32_t next : result.order) {
    for (uint32_t i = 0; i < operations.size(); ++i)
      if (operations[i].ret < operations[next].call) RC_ASSERT(done.contains(i));
    std::vector<AnyState> after;
    for (const AnyState& state : states)
      for (const AnyState& each : apply(state, operations[next])) after.push_back(each);
    states = std::move(after);
    RC_ASSERT(!states.empty());
    RC_ASSERT(done.insert(next).second);
  }
  for (uint32_t i = 0; i < operations.size(); ++i) RC_ASSERT(operations[i].ret == kNever || done.contains(i));
}

BOOST_AUTO_TEST_SUITE(linearizability_properties)

RC_BOOST_PROP(keys_are_judged_as_by_every_order, ()) { agrees_with_every_order<KvCase>(*bytes_gen()); }

RC_BOOST_PROP(a_register_is_judged_as_by_every_order, ()) { agrees_with_every_order<RegisterCase>(*bytes_gen()); }

RC_BOOST_PROP(a_nondeterministic_model_is_judged_as_by_every_order, ()) {
  const TimedHistory history = sloppy_history(*bytes_gen());
  SloppyModel model;
  const bool legal = is_sloppy_legal(history.operations);
  RC_ASSERT(search(model, history.operations, kEnough).outcome == (legal ? Outcome::accepted : Outcome::refused));
}

RC_BOOST_PROP(a_refusal_of_keys_is_explained, ()) { explains_refusals<KvCase>(*bytes_gen()); }

RC_BOOST_PROP(a_refusal_of_a_register_is_explained, ()) { explains_refusals<RegisterCase>(*bytes_gen()); }

RC_BOOST_PROP(what_is_accepted_has_an_order, ()) {
  const Bytes bytes = *bytes_gen();
  const KvCase keys(bytes);
  KvStoreModel store(std::make_shared<const KvTexts>(keys.history));
  is_an_order(keys, store, KvCase::Held{"", ""},
              [&](const KvCase::Held& held, const TimedOperation& each) { return keys.apply(held, each); });
  const RegisterCase cells(bytes);
  CasRegisterModel model(cells.history, 0);
  is_an_order(cells, model, 0u, &RegisterCase::apply);
}

// The same from a seed, to count: both verdicts are common, so the properties above do not hold for want of cases.
BOOST_AUTO_TEST_CASE(both_verdicts_are_common_among_these_histories) {
  constexpr unsigned kCases = 20'000;
  unsigned keys = 0, cells = 0, sloppy = 0;
  for (unsigned i = 0; i < kCases; ++i) {
    Random random(derive_seed(1, 0, i));
    Bytes bytes(20 + random.below(60));
    for (uint8_t& each : bytes) each = static_cast<uint8_t>(random.below(256));
    const KvCase kv(bytes);
    const bool kv_legal = kv.is_legal(kv.history.operations);
    for (const bool partition : {true, false})
      BOOST_REQUIRE_MESSAGE((kv.check(partition).answer == Answer::ok) == kv_legal, "keys " << i);
    keys += kv_legal ? 1 : 0;
    const RegisterCase cas(bytes);
    const bool cas_legal = cas.is_legal(cas.history.operations);
    BOOST_REQUIRE_MESSAGE((cas.check(true).answer == Answer::ok) == cas_legal, "register " << i);
    cells += cas_legal ? 1 : 0;
    const TimedHistory history = sloppy_history(bytes);
    SloppyModel model;
    const bool legal = is_sloppy_legal(history.operations);
    BOOST_REQUIRE_MESSAGE((search(model, history.operations, kEnough).outcome == Outcome::accepted) == legal,
                          "sloppy " << i);
    sloppy += legal ? 1 : 0;
  }
  for (const unsigned legal : {keys, cells, sloppy}) {
    BOOST_TEST(legal > kCases / 50);
    BOOST_TEST(legal < kCases - kCases / 50);
  }
  BOOST_TEST_MESSAGE("legal: keys " << keys << ", register " << cells << ", nondeterministic " << sloppy);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck::linear
