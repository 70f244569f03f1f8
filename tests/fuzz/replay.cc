// Runs a fuzz target without libFuzzer: over its corpus, and over random mutants of that.
//
//   NAME_fuzz [WORDS.dict] DIRECTORY...
//
// The seed is printed; FUZZ_SEED repeats a run, FUZZ_MUTANTS makes it longer. What a check fails for is
// written to the working directory, as libFuzzer does.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr uint64_t kMutants = 4000;
constexpr size_t kMostBytes = 64 << 10;

std::string input;  // What is being run, for who must say at what it ended.

void KeepInput(int /*signal*/) {
  std::ofstream("fuzz-finding", std::ios::binary) << input;
  std::cerr << "wrote what it failed for to " << std::filesystem::current_path() / "fuzz-finding"
            << std::endl;
}

void Run(std::string bytes) {
  input = std::move(bytes);
  // Of its own size, so that a byte beyond it is noticed.
  const std::vector<uint8_t> exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void AppendFiles(const std::filesystem::path& directory, std::vector<std::string>& inputs) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) inputs.push_back(ReadFile(path));
}

// Lines `"word"` of a libFuzzer dictionary.
std::vector<std::string> ReadWords(const std::filesystem::path& path) {
  std::vector<std::string> words;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::string word;
    const bool is_word = line.size() > 2 && line.front() == '"' && line.back() == '"';
    if (is_word && absl::CUnescape(line.substr(1, line.size() - 2), &word)) words.push_back(word);
  }
  return words;
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& corpus, const std::vector<std::string>& words, uint64_t seed)
      : corpus_(corpus), words_(words), random_(seed) {}

  std::string Next() {
    std::string mutant = Pick(corpus_);
    for (size_t i = 1 + Below(6); i > 0; --i) MutateOnce(mutant);
    mutant.resize(std::min(mutant.size(), kMostBytes));
    return mutant;
  }

 private:
  size_t Below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }
  const std::string& Pick(const std::vector<std::string>& texts) { return texts[Below(texts.size())]; }

  // Bytes that mean something to the readers are likelier than others.
  char Byte() {
    static constexpr char kTelling[] = "{}[]\",:;\\\n\r\t 0.-e\xEF\xFF";
    return Below(2) == 0 ? kTelling[Below(sizeof(kTelling))] : static_cast<char>(Below(256));
  }

  void MutateOnce(std::string& mutant) {
    const size_t at = Below(mutant.size() + 1);
    switch (Below(words_.empty() ? 5 : 6)) {
      case 0:
        mutant.insert(at, 1, Byte());
        return;
      case 1:
        mutant.erase(at, 1 + Below(8));
        return;
      case 2:
        if (at < mutant.size()) mutant[at] = Byte();
        return;
      case 3:
        mutant.insert(at, mutant.substr(Below(mutant.size()), Below(40)));
        return;
      case 4:
        Splice(mutant, at);
        return;
      default:
        mutant.insert(at, Pick(words_));
    }
  }

  void Splice(std::string& mutant, size_t at) {
    const std::string& other = Pick(corpus_);
    mutant = mutant.substr(0, at) + other.substr(Below(other.size()));
  }

  const std::vector<std::string>& corpus_;
  const std::vector<std::string>& words_;
  std::mt19937_64 random_;
};

uint64_t Setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  uint64_t value = 0;
  return text != nullptr && absl::SimpleAtoi(text, &value) ? value : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> corpus;
  std::vector<std::string> words;
  for (const std::string& argument : std::vector<std::string>(argv + 1, argv + argc)) {
    absl::EndsWith(argument, ".dict") ? void(words = ReadWords(argument)) : AppendFiles(argument, corpus);
  }
  if (corpus.empty()) {
    std::cerr << "no corpus\n";
    return EXIT_FAILURE;
  }
  std::signal(SIGABRT, KeepInput);
  for (const std::string& seed : corpus) Run(seed);
  const uint64_t seed = Setting("FUZZ_SEED", std::random_device()());
  const uint64_t mutants = Setting("FUZZ_MUTANTS", kMutants);
  // At once, since a failed check ends the process.
  std::cout << corpus.size() << " inputs hold; " << mutants << " mutants of FUZZ_SEED=" << seed << std::endl;
  Mutator mutator(corpus, words, seed);
  for (uint64_t i = 0; i < mutants; ++i) Run(mutator.Next());
  return EXIT_SUCCESS;
}
