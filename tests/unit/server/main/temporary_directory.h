// File: temporary_directory.h
//
// A directory of a test's own, gone with it.
#ifndef TESTS_UNIT_SERVER_MAIN_TEMPORARY_DIRECTORY_H_
#define TESTS_UNIT_SERVER_MAIN_TEMPORARY_DIRECTORY_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace satudata::main {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = testing::TempDir() + "/main_XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }

  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  // Writes a file and returns its path.
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
    return Path(name);
  }

 private:
  std::string path_;
};

}  // namespace satudata::main

#endif  // TESTS_UNIT_SERVER_MAIN_TEMPORARY_DIRECTORY_H_
