// The planner's promises over 10,000 random cases: whatever is known beforehand, what is proven is not sent
// again, what is in doubt is not sent at all, what was refused stays refused, and nothing is left out. The
// promises are worded by what must hold, not by how the planner comes to it. A failing case prints its seed.
#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/sync/planner.h"

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::Reason;

constexpr uint64_t kCases = 10'000;
constexpr absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

// One random case: a file's projection, and what is known of its keys. Few hashes and versions, so that
// everything meets everything.
class Case {
 public:
  explicit Case(uint64_t seed) : random_(seed) {
    traits.reads_tables = Coin();
    context = {.traits = &traits, .reference_version = Pick("v"), .force = Coin(), .now = kNow};
    const int records = 1 + Below(6);
    for (int i = 0; i < records; ++i) AddRecord(absl::StrCat("k", i), absl::StrCat("s", Below(3)));
    for (int i = 0; i < 3; ++i) {
      if (Coin()) Observe(absl::StrCat("s", i));
    }
  }

  PlannedFile Plan() const { return PlanFile(file, projection, knowledge, context); }
  const ObservedValue* Seen(const OutboundRecord& record) const {
    const auto scope = knowledge.observations.find(record.scope);
    if (scope == knowledge.observations.end()) return nullptr;
    const auto value = scope->second->values.find(record.key);
    return value == scope->second->values.end() ? nullptr : &value->second;
  }

  catalog::CatalogFile file = {.file_id = "f", .name = "Data", .revision = 7};
  TargetTraits traits = {.name = "t", .rules_version = "r0"};
  PlanContext context;
  Projection projection;
  Knowledge knowledge;

 private:
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  bool Coin() { return Below(2) == 0; }
  std::string Pick(const std::string& prefix) { return absl::StrCat(prefix, Below(2)); }

  void AddRecord(const std::string& key, const std::string& scope) {
    const std::string hash = Pick("h");
    projection.records.push_back({.record = {.key = key, .scope = scope, .value = hash, .hash = hash}});
    if (Below(8) == 0) projection.records.back().failure = {.reason = Reason::kRefusedByTarget};
    if (Below(3) == 0) knowledge.baselines[key] = {.key = key, .hash = Pick("h"), .value = "b"};
    if (Below(3) == 0) Refuse(key);
    if (Below(4) == 0) Open(key);
  }

  void Refuse(const std::string& key) {
    knowledge.refusals[key] = {.key = key,
                               .hash = Pick("h"),
                               .rules_version = Pick("r"),
                               .reference_version = Pick("v"),
                               .failure = {.reason = Reason::kRefusedByTarget},
                               .refuse_time = kNow - absl::Hours(1)};
  }

  void Open(const std::string& key) {
    const State states[] = {State::kSending, State::kUnknown, State::kAccepted};
    knowledge.open_records[key].record = {.key = key,
                                          .state = states[Below(3)],
                                          .hash = Pick("h"),
                                          .send_time = kNow - absl::Minutes(1),
                                          .sent_hash = Pick("h"),
                                          .accept_time = kNow - absl::Minutes(1)};
  }

  void Observe(const std::string& scope) {
    auto observation = std::make_shared<Observation>();
    observation->scope = scope;
    for (const ProjectedRecord& item : projection.records) {
      if (item.record.scope == scope && Coin())
        observation->values[item.record.key] = {.hash = Pick("h"), .value = "o", .final = Coin()};
    }
    knowledge.observations[scope] = observation;
  }

  std::mt19937_64 random_;
};

// Calls `check` with every record that is sendable by itself.
template <typename Check>
void ForEachSendable(const Case& item, Check check) {
  const PlannedFile planned = item.Plan();
  for (size_t i = 0; i < planned.records.size(); ++i) {
    if (item.projection.records[i].failure.ok()) check(item.projection.records[i].record, planned.records[i]);
  }
}

template <typename Check>
void ForAll(Check check) {
  for (uint64_t seed = 1; seed <= kCases && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    check(Case(seed));
  }
}

TEST(PlannerProperties, EveryRecordIsThereOnceInItsPlaceWithWhatItIsSentWith) {
  ForAll([](const Case& item) {
    const PlannedFile planned = item.Plan();
    ASSERT_EQ(planned.records.size(), item.projection.records.size());
    ASSERT_EQ(planned.outbound.size(), planned.records.size());
    for (size_t i = 0; i < planned.records.size(); ++i) {
      const OutboundRecord& wanted = item.projection.records[i].record;
      EXPECT_EQ(planned.records[i].key, wanted.key);
      EXPECT_EQ(planned.records[i].hash, wanted.hash);
      EXPECT_EQ(planned.outbound[i].key, wanted.key);
    }
  });
}

TEST(PlannerProperties, TheDeliveryIsTheSumOfItsRecords) {
  ForAll([](const Case& item) {
    const PlannedFile planned = item.Plan();
    StateCounts counts;
    for (const Record& record : planned.records) ++counts[record.state];
    EXPECT_EQ(planned.delivery.records, counts);
    EXPECT_EQ(planned.delivery.state, SumRecords(counts));
  });
}

TEST(PlannerProperties, ARecordStartsQueuedInDoubtOrFinal) {
  ForAll([](const Case& item) {
    for (const Record& record : item.Plan().records) {
      EXPECT_THAT(record.state, testing::AnyOf(State::kQueued, State::kUnknown, State::kAccepted,
                                               State::kUnchanged, State::kRejected));
      EXPECT_EQ(record.state == State::kRejected, !record.failure.ok());
    }
  });
}

TEST(PlannerProperties, WhatCannotBeSentIsRejectedWhateverIsKnown) {
  ForAll([](const Case& item) {
    const PlannedFile planned = item.Plan();
    for (size_t i = 0; i < planned.records.size(); ++i) {
      if (!item.projection.records[i].failure.ok()) {
        EXPECT_EQ(planned.records[i].state, State::kRejected);
      }
    }
  });
}

TEST(PlannerProperties, WhatIsInDoubtIsReadBackNotSent) {
  ForAll([](const Case& item) {
    ForEachSendable(item, [&](const OutboundRecord& wanted, const Record& planned) {
      const auto open = item.knowledge.open_records.find(wanted.key);
      if (open == item.knowledge.open_records.end() || planned.state == State::kRejected) return;
      { EXPECT_THAT(planned.state, testing::AnyOf(State::kUnknown, State::kAccepted)); }
      EXPECT_EQ(planned.send_time, open->second.record.send_time);
      EXPECT_EQ(planned.sent_hash, open->second.record.sent_hash);
      // Another value than the one that was accepted is not accepted.
      if (planned.state == State::kAccepted) {
        EXPECT_EQ(planned.sent_hash, wanted.hash);
      }
    });
  });
}

TEST(PlannerProperties, WhatIsProvenIsSentAgainByForceAlone) {
  ForAll([](const Case& item) {
    ForEachSendable(item, [&](const OutboundRecord& wanted, const Record& planned) {
      const auto baseline = item.knowledge.baselines.find(wanted.key);
      const bool proven = baseline != item.knowledge.baselines.end() && baseline->second.hash == wanted.hash;
      if (proven && planned.state == State::kQueued) {
        EXPECT_TRUE(item.context.force);
      }
      if (baseline != item.knowledge.baselines.end() && planned.state == State::kUnchanged) {
        EXPECT_TRUE(proven);
      }
    });
  });
}

TEST(PlannerProperties, ARefusalHoldsUntilTheRecordTheRulesOrTheListChangeOrByForce) {
  ForAll([](const Case& item) {
    ForEachSendable(item, [&](const OutboundRecord& wanted, const Record& planned) {
      const auto found = item.knowledge.refusals.find(wanted.key);
      const bool holds = found != item.knowledge.refusals.end() && !item.context.force &&
                         found->second.hash == wanted.hash &&
                         found->second.rules_version == item.traits.rules_version &&
                         found->second.reference_version == item.context.reference_version;
      if (holds) {
        EXPECT_EQ(planned.state, State::kRejected);
      }
      const bool recalled = planned.failure.args.contains("refuse_time");
      EXPECT_EQ(recalled, holds);
    });
  });
}

TEST(PlannerProperties, AFinalValueIsNeverSentOverNorIsAnEqualOneSent) {
  ForAll([](const Case& item) {
    ForEachSendable(item, [&](const OutboundRecord& wanted, const Record& planned) {
      const ObservedValue* seen = item.Seen(wanted);
      const bool first = item.traits.reads_tables && !item.knowledge.baselines.contains(wanted.key) &&
                         !item.knowledge.open_records.contains(wanted.key);
      if (!first || seen == nullptr) return;
      if (seen->hash == wanted.hash || seen->final) {
        EXPECT_NE(planned.state, State::kQueued);
      }
      if (planned.state == State::kUnchanged) {
        EXPECT_EQ(seen->hash, wanted.hash);
      }
    });
  });
}

TEST(PlannerProperties, AdoptedIsExactlyWhatWasFoundThereWithoutABaseline) {
  ForAll([](const Case& item) {
    const PlannedFile planned = item.Plan();
    std::vector<std::string> expected;
    std::vector<std::string> adopted;
    for (const Record& record : planned.records) {
      if (record.state == State::kUnchanged && !item.knowledge.baselines.contains(record.key))
        expected.push_back(record.key);
    }
    for (const Baseline& baseline : planned.adopted) {
      EXPECT_TRUE(baseline.adopted);
      EXPECT_EQ(baseline.file_id, item.file.file_id);
      adopted.push_back(baseline.key);
    }
    EXPECT_EQ(adopted, expected);
  });
}

TEST(PlannerProperties, NothingIsSentUnseenOnceTheAskedScopesAreRead) {
  ForAll([](const Case& item) {
    Knowledge complete = item.knowledge;
    for (const std::string& scope : ScopesToObserve(item.projection, item.knowledge, item.context)) {
      complete.observations.try_emplace(scope, std::make_shared<Observation>());
    }
    if (!item.traits.reads_tables) return;
    for (const Record& record : PlanFile(item.file, item.projection, complete, item.context).records) {
      if (record.state == State::kQueued) {
        EXPECT_TRUE(record.previous_known) << record.key;
      }
    }
  });
}

// A read of a table takes up to minutes at the real target: none is asked for that decides nothing.
TEST(PlannerProperties, EveryScopeThatIsAskedForDecidesSomething) {
  ForAll([](const Case& item) {
    Knowledge blind = item.knowledge;
    blind.observations.clear();
    const PlannedFile planned = PlanFile(item.file, item.projection, blind, item.context);
    for (const std::string& scope : ScopesToObserve(item.projection, item.knowledge, item.context)) {
      const bool decides =
          std::any_of(planned.records.begin(), planned.records.end(), [&](const Record& record) {
            return record.scope == scope && record.state == State::kQueued && !record.previous_known;
          });
      EXPECT_TRUE(decides) << scope;
    }
  });
}

TEST(PlannerProperties, ScopesThatAreNotAskedForDoNotMatter) {
  ForAll([](const Case& item) {
    Knowledge asked = item.knowledge;
    const std::vector<std::string> scopes = ScopesToObserve(item.projection, item.knowledge, item.context);
    absl::erase_if(asked.observations, [&](const auto& observation) {
      return std::find(scopes.begin(), scopes.end(), observation.first) == scopes.end();
    });
    const PlannedFile with = item.Plan();
    const PlannedFile without = PlanFile(item.file, item.projection, asked, item.context);
    for (size_t i = 0; i < with.records.size(); ++i) {
      EXPECT_EQ(with.records[i].state, without.records[i].state) << with.records[i].key;
    }
  });
}

TEST(PlannerProperties, ARecordIsPlannedAloneAsAmongOthers) {
  ForAll([](const Case& item) {
    const PlannedFile together = item.Plan();
    for (size_t i = 0; i < together.records.size(); ++i) {
      Projection one;
      one.records = {item.projection.records[i]};
      const PlannedFile alone = PlanFile(item.file, one, item.knowledge, item.context);
      EXPECT_EQ(alone.records[0].state, together.records[i].state);
      EXPECT_EQ(alone.records[0].change, together.records[i].change);
      EXPECT_EQ(alone.records[0].failure.reason, together.records[i].failure.reason);
    }
  });
}

}  // namespace
}  // namespace satudata::sync
