// Runs a fuzz entry over its corpus and over random mutations of it: the fuzzer's check in every test run,
// without its compiler. The seed is printed; FUZZ_SEED repeats a run.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

// FUZZ_SUITE keeps the names apart of the programs that this file is linked into; the detour expands it.
#define FUZZ_TEST_IN(suite, name) TEST(suite, name)
#define FUZZ_TEST(name) FUZZ_TEST_IN(FUZZ_SUITE, name)

namespace {

constexpr int kMutants = 4000;

void RunOn(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

std::vector<std::string> Corpus() {
  std::vector<std::string> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(FUZZ_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

uint64_t Seed() {
  const char* seed = std::getenv("FUZZ_SEED");
  return seed == nullptr ? std::random_device()() : std::strtoull(seed, nullptr, 10);
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& corpus, uint64_t seed) : corpus_(corpus), random_(seed) {}

  std::string Next() {
    std::string input = corpus_[Below(corpus_.size())];
    for (size_t i = 1 + Below(6); i > 0; --i) MutateOnce(input);
    return input;
  }

 private:
  size_t Below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  // Bytes that mean something to the readers are likelier than others.
  char Byte() {
    static constexpr char kTelling[] = "{}[]\",:;\\\n\r\t 0.-e\xEF\xFF";
    return Below(2) == 0 ? kTelling[Below(sizeof(kTelling))] : static_cast<char>(Below(256));
  }

  void MutateOnce(std::string& input) {
    const size_t at = Below(input.size() + 1);
    switch (Below(5)) {
      case 0:
        input.insert(at, 1, Byte());
        return;
      case 1:
        input.erase(at, 1 + Below(8));
        return;
      case 2:
        if (at < input.size()) input[at] = Byte();
        return;
      case 3:
        input.insert(at, input.substr(Below(input.size()), Below(40)));
        return;
      default: {
        const std::string& other = corpus_[Below(corpus_.size())];
        input = input.substr(0, at) + other.substr(Below(other.size()));
      }
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_;
};

FUZZ_TEST(HoldsForTheCorpus) {
  const std::vector<std::string> corpus = Corpus();
  ASSERT_FALSE(corpus.empty());
  for (const std::string& input : corpus) RunOn(input);
}

FUZZ_TEST(HoldsForMutantsOfTheCorpus) {
  const uint64_t seed = Seed();
  // At once, since a failed check ends the process.
  std::cout << "FUZZ_SEED=" << seed << std::endl;
  const std::vector<std::string> corpus = Corpus();
  Mutator mutator(corpus, seed);
  for (int i = 0; i < kMutants; ++i) RunOn(mutator.Next());
}

}  // namespace
