// File: postgres_server.h
//
// A PostgreSQL server of the test program's own: made when it is first asked for, in a directory and behind a
// socket of its own, and stopped and removed when the program ends, however it ends. Needs the programs of
// Debian's package `postgresql`, and none of its clusters. Thread-safe.
#ifndef TESTS_FAKES_POSTGRES_SERVER_H_
#define TESTS_FAKES_POSTGRES_SERVER_H_

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/base/random.h"

namespace satudata::fakes {

class PostgresServer {
 public:
  static PostgresServer& Get() {
    static auto* const kServer = new PostgresServer();  // Its shell sees that this program has ended.
    return *kServer;
  }

  // Of a user without a password: postgres, who may do everything.
  std::string Url(const std::string& database) const {
    return absl::StrCat("postgresql:///", database, "?host=", directory_, "&user=postgres");
  }
  const std::string& directory() const { return directory_; }
  std::string socket() const { return absl::StrCat(directory_, "/.s.PGSQL.5432"); }

  // Runs `sql` as postgres; what it prints, a row a line.
  std::string Sql(const std::string& sql, const std::string& database = "postgres") const {
    return Capture(absl::StrCat(kPrograms, "/psql -X -q -A -t -v ON_ERROR_STOP=1 -h ", directory_,
                                " -U postgres -d ", database, " -c \"", sql, "\" 2>&1"));
  }
  // An empty database, or a copy of `model`.
  std::string NewDatabase(const std::string& model = "template0") const {
    std::string name = absl::StrCat("test_", ++count_);
    EXPECT_EQ(Sql(absl::StrCat("CREATE DATABASE ", name, " ENCODING 'UTF8' TEMPLATE ", model)), "");
    return name;
  }

  // `how`: fast, as an operator does it, or immediate, as a power cut does.
  void Stop(const std::string& how) const { Control(absl::StrCat("stop -m ", how)); }
  void Start() const { Control(StartCommand()); }
  void Restart(const std::string& how) const {
    Stop(how);
    Start();
  }

 private:
  static constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin";

  PostgresServer() : directory_(absl::StrCat("/tmp/pg-", getpid(), "-", base::NewUuid().substr(0, 8))) {
    std::filesystem::create_directories(directory_);
    if (geteuid() == 0) {
      EXPECT_EQ(Capture(absl::StrCat("chown postgres ", directory_, " 2>&1")), "");
    }
    // Reads until this program has ended, for whatever reason; nobody ever writes.
    const std::string at_the_end =
        absl::StrCat("cat; ", kPrograms, "/pg_ctl -D ", Data(), " stop -m immediate; rm -rf ", directory_);
    // NOLINTNEXTLINE(cert-env33-c): the commands are our own.
    keeper_ = popen(absl::StrCat("exec setsid ", AsPostgres(at_the_end), " >/dev/null 2>&1").c_str(), "we");
    const std::string make = absl::StrCat(
        kPrograms, "/initdb -D ", Data(), " -U postgres -A trust --no-sync --locale=C -E UTF8 2>&1 >",
        directory_, "/initdb.log && printf 'local all postgres trust\\nlocal all all scram-sha-256\\n' > ",
        Data(), "/pg_hba.conf");
    EXPECT_EQ(Capture(AsPostgres(make)), "");
    Start();
  }

  std::string Data() const { return directory_ + "/data"; }
  std::string StartCommand() const {
    return absl::StrCat(
        "-w -t 60 -l ", directory_, "/server.log -o \"-c listen_addresses= -k ", directory_,
        " -c fsync=off -c full_page_writes=off -c max_connections=60 -c shared_buffers=32MB\" start");
  }
  void Control(const std::string& command) const {
    const std::string script = absl::StrCat(kPrograms, "/pg_ctl -D ", Data(), " ", command,
                                            " >/dev/null 2>&1 </dev/null || echo failed");
    EXPECT_EQ(Capture(AsPostgres(script)), "") << command;
  }
  // PostgreSQL refuses to run as root.
  static std::string AsPostgres(const std::string& script) {
    const char* const become =
        geteuid() == 0 ? "setpriv --reuid postgres --regid postgres --clear-groups " : "";
    std::string quoted;
    for (const char c : script) absl::StrAppend(&quoted, c == '\'' ? "'\\''" : std::string(1, c));
    return absl::StrCat(become, "sh -c '", quoted, "'");
  }
  static std::string Capture(const std::string& command) {
    std::string output;
    // NOLINTNEXTLINE(cert-env33-c): the commands are our own.
    std::FILE* pipe = popen(command.c_str(), "re");
    std::array<char, 4096> buffer{};
    for (size_t size = 0; (size = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
      output.append(buffer.data(), size);
    pclose(pipe);
    return output;
  }

  const std::string directory_;
  std::FILE* keeper_ = nullptr;
  mutable int count_ = 0;
};

}  // namespace satudata::fakes

#endif  // TESTS_FAKES_POSTGRES_SERVER_H_
