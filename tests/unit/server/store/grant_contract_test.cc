// What sync::Store promises about grants, whatever the engine: all who exchange them are one guest.
#include <algorithm>
#include <iostream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using sync::Grant;
using sync::GrantRequest;

constexpr absl::Duration kGrantTime = absl::Seconds(5);
constexpr absl::Duration kRequestTime = absl::Seconds(30);

// A server as far as its grant goes.
struct Guest {
  std::string holder;
  bool wants = true;
  bool is_dead = false;
  int in_flight = 0;
  Grant grant;
  absl::Time until = absl::InfinitePast();
  absl::Time death_time;

  int Slots(absl::Time now) const { return now < until ? grant.slots : 0; }
  double Rate(absl::Time now) const { return now < until ? grant.rate : 0; }
};

class GrantContractTest : public StoreContractTest {
 protected:
  static constexpr int kLimit = 12;
  static constexpr double kRate = 200;

  GrantRequest Request(const Guest& guest) {
    return {.target = "splp",
            .is_wanted = guest.wants,
            .in_flight = guest.in_flight,
            .held_slots = guest.Slots(clock_.Now()),
            .held_rate = guest.Rate(clock_.Now()),
            .most_slots = 64,
            .slot_limit = kLimit,
            .rate_limit = kRate,
            .grant_time = kGrantTime,
            .request_time = kRequestTime};
  }
  void Exchange(Guest& guest) {
    if (!guest.wants) guest.until = absl::InfinitePast();
    const auto grants = store_->ExchangeGrants(guest.holder, {Request(guest)}, clock_.Now());
    ASSERT_TRUE(grants.ok() && grants->size() == 1) << grants.status();
    guest.grant = grants->front();
    // It counts from before it asked; a step takes time, too, where the database's clock counts.
    if (guest.wants) guest.until = clock_.Now() + kGrantTime - absl::Seconds(1);
  }
  // What the target may see at most at this moment.
  void ExpectOneGuest(const std::vector<Guest>& guests) {
    int slots = 0;
    double rate = 0;
    for (const Guest& guest : guests) {
      slots += std::max(guest.Slots(clock_.Now()), guest.in_flight);
      rate += guest.is_dead ? 0 : guest.Rate(clock_.Now());
    }
    EXPECT_LE(slots, kLimit);
    EXPECT_LE(rate, kRate * 1.001);
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, GrantContractTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(GrantContractTest, WhoIsAloneHasAllAndControls) {
  Guest one{"one"};
  Exchange(one);
  EXPECT_EQ(one.grant.slots, kLimit);
  EXPECT_EQ(one.grant.rate, kRate);
  EXPECT_TRUE(one.grant.is_alone);
  EXPECT_TRUE(one.grant.controls);
}

TEST_P(GrantContractTest, ThreeComeToHaveTheSame) {
  std::vector<Guest> guests = {{"one"}, {"two"}, {"three"}};
  for (int round = 0; round < 4; ++round) {
    for (Guest& guest : guests) {
      Exchange(guest);
      ExpectOneGuest(guests);
    }
    LetPass(absl::Seconds(1));
  }
  for (const Guest& guest : guests) {
    EXPECT_EQ(guest.grant.slots, kLimit / 3) << guest.holder;
    EXPECT_NEAR(guest.grant.rate, kRate / 3, 0.01) << guest.holder;
    EXPECT_EQ(guest.grant.controls, guest.holder == "one") << "who has it keeps it";
  }
}

TEST_P(GrantContractTest, WhatADeadServerHadIsFreeOnceItsRequestsAreOver) {
  Guest dead{"dead"};
  Exchange(dead);
  Guest other{"other"};
  Exchange(other);
  EXPECT_EQ(other.grant.slots, 0);
  EXPECT_FALSE(other.grant.controls);
  LetPass(kGrantTime + kRequestTime - absl::Seconds(2));
  Exchange(other);
  EXPECT_EQ(other.grant.slots, 0) << "its requests may still be at the target";
  EXPECT_TRUE(other.grant.controls);
  LetPass(absl::Seconds(2));
  Exchange(other);
  EXPECT_EQ(other.grant.slots, kLimit);
}

TEST_P(GrantContractTest, WhatIsGivenBackIsFreeAtOnce) {
  Guest one{"one"};
  Exchange(one);
  ASSERT_TRUE(store_->ReleaseLeases("one").ok());
  Guest two{"two"};
  Exchange(two);
  EXPECT_EQ(two.grant.slots, kLimit);
  two.wants = false;
  Exchange(two);
  Exchange(one);
  EXPECT_EQ(one.grant.slots, kLimit);
}

// Servers come, ask at odd times, begin requests, want nothing, and die.
TEST_P(GrantContractTest, WhateverHappensTheyAreNeverMoreThanOneGuest) {
  constexpr int kSteps = 250;
  base::Uniform uniform = base::SeededUniform(11);
  const auto below = [&](size_t count) {
    return static_cast<size_t>(uniform() * static_cast<double>(count));
  };
  std::vector<Guest> guests;
  int born = 0;
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    SCOPED_TRACE(step);
    if (guests.size() < 5) guests.push_back({absl::StrCat("server-", ++born)});
    Guest& guest = guests[below(guests.size())];
    if (!guest.is_dead && uniform() < 0.1) {
      guest.is_dead = true;
      guest.death_time = clock_.Now();
    } else if (!guest.is_dead) {
      guest.wants = guest.in_flight > 0 || uniform() < 0.85;
      Exchange(guest);
      const int most = guest.Slots(clock_.Now());
      guest.in_flight = most == 0 ? std::max(0, guest.in_flight - 1)
                                  : static_cast<int>(below(static_cast<size_t>(most) + 1));
    }
    ExpectOneGuest(guests);
    LetPass(absl::Milliseconds(1500 * uniform()));
    std::erase_if(
        guests, [this](const Guest& item) {  // Its last request, begun as late as it could be, is over.
          return item.is_dead && clock_.Now() >= std::min(item.until, item.death_time) + kRequestTime;
        });
  }
  EXPECT_GT(born, 5) << "none has died and been replaced";
}

}  // namespace
}  // namespace satudata::store
