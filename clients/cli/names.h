// File: names.h
//
// The enumerations' values as people type and read them: CONFIRMED for STATE_CONFIRMED. Pure functions.
#ifndef CLIENTS_CLI_NAMES_H_
#define CLIENTS_CLI_NAMES_H_

#include <string>

#include "absl/time/time.h"
#include "clients/cli/language.h"
#include "google/protobuf/timestamp.pb.h"
#include "satudata/integration/run_stream.h"
#include "satudata/integration/v1/resources.pb.h"

namespace satudata::cli {

namespace v1 = ::satudata::integration::v1;

// A value that this program does not know yet is its number.
std::string Name(v1::Delivery::State state);
std::string Name(v1::Run::State state);
std::string Name(v1::Run::Kind kind);
std::string Name(v1::CatalogFile::Verification verification);
std::string Name(v1::Target::Circuit circuit);
std::string Name(v1::Record::Change::Kind kind);

// Whose turn it is, in words; empty for nobody's.
std::string OwnerName(v1::Failure::Owner owner, Language language);

// The infinite past when it is not set.
absl::Time ToTime(const google::protobuf::Timestamp& timestamp);

using integration::IsFinal;  // Of a run: no later change is possible.
// Neither waits to be sent nor is under way: worth a line.
bool IsResting(v1::Delivery::State state);
// Taken or possibly applied, or to be sent again: changes by itself even after the run's end.
bool IsOpen(v1::Delivery::State state);
// Will not be sent any more in this run.
bool IsCompleted(v1::Delivery::State state);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_NAMES_H_
