// File: catalogue.h
//
// A catalogue of any size: verified files like those of the portal, each a pure function of its index.
#ifndef TESTS_BENCH_CLIENT_CATALOGUE_H_
#define TESTS_BENCH_CLIENT_CATALOGUE_H_

#include <cstdint>
#include <string>

namespace satudata::bench {

// 24 hexadecimal digits that rise with the index, as the portal's ids do.
std::string FileId(int64_t index);

// File `index` as a line of the portal's export, with a newline. `values` indicator values stand in it; no
// two files of a catalogue give the same one.
std::string ExportLine(int64_t index, int values);

}  // namespace satudata::bench

#endif  // TESTS_BENCH_CLIENT_CATALOGUE_H_
