// File: test_store.h
//
// A real store on a file that goes with it.
#ifndef TESTS_INTEGRATION_TEST_STORE_H_
#define TESTS_INTEGRATION_TEST_STORE_H_

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/store/durable_store.h"

namespace satudata::rpc {

class TestStore {
 public:
  // `clock` must outlive it.
  explicit TestStore(base::Clock& clock)
      : directory_(std::filesystem::path(testing::TempDir()) / absl::StrCat("rpc-", base::NewUuid())) {
    auto store = store::OpenStore(
        {.database_url = absl::StrCat("sqlite:///", (directory_ / "test.db").string())}, clock);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  ~TestStore() {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }
  TestStore(const TestStore&) = delete;
  TestStore& operator=(const TestStore&) = delete;

  store::DurableStore& operator*() const { return *store_; }
  store::DurableStore* get() const { return store_.get(); }

 private:
  const std::filesystem::path directory_;
  std::unique_ptr<store::DurableStore> store_;
};

}  // namespace satudata::rpc

#endif  // TESTS_INTEGRATION_TEST_STORE_H_
