// The verb for local accounts: user add, list, set, remove.
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/json_line.h"
#include "clients/cli/names.h"
#include "clients/cli/new_password.h"
#include "clients/cli/pages.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

struct AddOptions {
  v1::CreateAccountRequest request;
  std::string password_file;
};

struct SetOptions {
  v1::UpdateAccountRequest request;
  bool new_password = false;
  std::string password_file;
};

struct ListOptions {
  v1::ListAccountsRequest request;
  int64_t limit = 0;
};

std::vector<Column> AccountColumns(Language language) {
  return {{.heading = std::string(Say(language, "NAMA", "NAME"))},
          {.heading = std::string(Say(language, "PERAN", "ROLE"))},
          {.heading = std::string(Say(language, "KEADAAN", "STATE"))},
          {.heading = std::string(Say(language, "TERAKHIR MASUK", "LAST SIGN-IN"))},
          {.heading = std::string(Say(language, "DIBUAT", "CREATED"))}};
}

std::vector<Cell> AccountRow(const v1::Account& account, const Style& style) {
  const Language language = style.language;
  const absl::string_view state =
      account.disabled() ? Say(language, "nonaktif", "disabled") : Say(language, "aktif", "active");
  return {{account.username()},
          {account.role()},
          {std::string(state), account.disabled() ? Colour::kBad : Colour::kGood},
          {account.has_sign_in_time() ? FormatTime(style, ToTime(account.sign_in_time())) : "-"},
          {FormatTime(style, ToTime(account.create_time()))}};
}

ItemPrinter<v1::Account> AccountPrinter(Session& session) {
  const Style style = session.out_style();
  return ItemPrinter<v1::Account>(session, AccountColumns(style.language),
                                  [style](const v1::Account& account) { return AccountRow(account, style); });
}

// Leaves the password where `set` puts it; how the program ends if there is none.
template <typename SetPassword>
std::optional<ExitCode> TakePassword(Session& session, const std::string& file, const SetPassword& set) {
  const absl::StatusOr<std::string> password =
      ReadNewPassword(file, session.surroundings(), session.language());
  if (absl::IsCancelled(password.status())) return ExitCode::kInterrupted;
  if (!password.ok()) {
    session.err() << "integrationctl: " << Printable(password.status().message()) << "\n";
    return ExitCode::kUsage;
  }
  if (IsUtf8(*password)) {
    set(*password);
    return std::nullopt;
  }
  session.err() << "integrationctl: "
                << Say(session.language(), "kata sandi bukan UTF-8", "the password is not UTF-8") << "\n";
  return ExitCode::kUsage;
}

ExitCode AddUser(Session& session, AddOptions options) {
  const auto set = [&](const std::string& password) { options.request.set_password(password); };
  if (const auto ended = TakePassword(session, options.password_file, set)) return *ended;
  v1::Account account;
  const grpc::Status status =
      session.Call(session.accounts(), &v1::AccountService::Stub::CreateAccount, options.request, &account);
  if (!status.ok()) return session.Fail(status);
  AccountPrinter(session).Print(std::vector<v1::Account>{account});
  return ExitCode::kGood;
}

ExitCode ListUsers(Session& session, const ListOptions& options) {
  ItemPrinter<v1::Account> printer = AccountPrinter(session);
  const grpc::Status status = WalkPages<v1::ListAccountsResponse>(
      options.request, options.limit,
      [&](const v1::ListAccountsRequest& request, v1::ListAccountsResponse* response) {
        return session.Call(session.accounts(), &v1::AccountService::Stub::ListAccounts, request, response);
      },
      [&](const v1::ListAccountsResponse& response) { printer.Print(response.accounts()); });
  return status.ok() ? ExitCode::kGood : session.Fail(status);
}

ExitCode NothingToSet(Session& session) {
  session.err()
      << "integrationctl: "
      << Say(session.language(),
             "tidak ada yang diubah; beri --role, --disable, --enable, --password atau --password-file",
             "nothing to change; give --role, --disable, --enable, --password or --password-file")
      << "\n";
  return ExitCode::kUsage;
}

ExitCode SetUser(Session& session, SetOptions options) {
  const bool sets_password = options.new_password || !options.password_file.empty();
  if (!sets_password && !options.request.has_role() && !options.request.has_disabled()) {
    return NothingToSet(session);
  }
  const auto set = [&](const std::string& password) { options.request.set_password(password); };
  if (sets_password) {
    if (const auto ended = TakePassword(session, options.password_file, set)) return *ended;
  }
  v1::Account account;
  const grpc::Status status =
      session.Call(session.accounts(), &v1::AccountService::Stub::UpdateAccount, options.request, &account);
  if (!status.ok()) return session.Fail(status);
  AccountPrinter(session).Print(std::vector<v1::Account>{account});
  return ExitCode::kGood;
}

ExitCode RemoveUser(Session& session, const v1::DeleteAccountRequest& request) {
  v1::DeleteAccountResponse response;
  const grpc::Status status =
      session.Call(session.accounts(), &v1::AccountService::Stub::DeleteAccount, request, &response);
  if (!status.ok()) return session.Fail(status);
  session.err() << Say(session.language(), "Dihapus: ", "Removed: ") << Printable(request.username()) << "\n";
  return ExitCode::kGood;
}

CLI::Option* AddRole(CLI::App* verb, const CommandSet& set, SetText set_role) {
  return AddText(verb, "--role", std::move(set_role), Say(set, "peran", "the role"))
      ->check(CLI::IsMember({"Admin", "Operator", "Validator", "Viewer"}, CLI::ignore_case));
}

void AddPasswordFile(CLI::App* verb, const CommandSet& set, SetText set_file) {
  AddText(verb, "--password-file", std::move(set_file),
          Say(set,
              "berkas dengan kata sandi pada baris pertama (tanpa ini: ditanyakan, atau dibaca dari masukan "
              "standar)",
              "a file whose first line is the password (default: it is asked for, or read from standard "
              "input)"));
}

template <typename SetName>
void AddName(CLI::App* verb, const CommandSet& set, SetName set_name) {
  AddArgument(verb, "NAME", std::move(set_name), Say(set, "nama pengguna", "the user's name"));
}

void AddAdd(const CommandSet& users) {
  const auto options = std::make_shared<AddOptions>();
  v1::Account& account = *options->request.mutable_account();
  CLI::App* verb = AddVerb(users, "add", "Tambahkan akun", "Add an account");
  AddName(verb, users, [&account, options](const std::string& name) { account.set_username(name); });
  AddRole(verb, users, [&account, options](const std::string& role) { account.set_role(role); })->required();
  AddPasswordFile(verb, users, [options](const std::string& file) { options->password_file = file; });
  DoesAtServer(verb, users, [options](Session& session) { return AddUser(session, *options); });
}

void AddList(const CommandSet& users) {
  const auto options = std::make_shared<ListOptions>();
  CLI::App* verb = AddVerb(users, "list", "Daftar akun", "List the accounts");
  AddLimit(
      verb, [options](int64_t limit) { options->limit = limit; },
      Say(users, "paling banyak sekian akun; 0: semua", "at most so many accounts; 0: all"));
  DoesAtServer(verb, users, [options](Session& session) { return ListUsers(session, *options); });
}

void AddSet(const CommandSet& users) {
  const auto options = std::make_shared<SetOptions>();
  v1::UpdateAccountRequest& request = options->request;
  CLI::App* verb =
      AddVerb(users, "set", "Ubah akun; sesi-sesinya berakhir", "Change an account; its sessions end");
  AddName(verb, users, [&request, options](const std::string& name) { request.set_username(name); });
  AddRole(verb, users, [&request, options](const std::string& role) { request.set_role(role); });
  CLI::Option* disable = verb->add_flag_callback(
      "--disable", [&request, options] { request.set_disabled(true); },
      Say(users, "tidak boleh masuk lagi", "it may no longer sign in"));
  verb->add_flag_callback(
          "--enable", [&request, options] { request.set_disabled(false); },
          Say(users, "boleh masuk kembali", "it may sign in again"))
      ->excludes(disable);
  verb->add_flag_callback(
      "--password", [options] { options->new_password = true; },
      Say(users, "kata sandi baru, yang akan ditanyakan", "a new password, which is asked for"));
  AddPasswordFile(verb, users, [options](const std::string& file) { options->password_file = file; });
  DoesAtServer(verb, users, [options](Session& session) { return SetUser(session, *options); });
}

void AddRemove(const CommandSet& users) {
  const auto request = std::make_shared<v1::DeleteAccountRequest>();
  CLI::App* verb =
      AddVerb(users, "remove", "Hapus akun; sesi-sesinya berakhir", "Remove an account; its sessions end");
  AddName(verb, users, [request](const std::string& name) { request->set_username(name); });
  DoesAtServer(verb, users, [request](Session& session) { return RemoveUser(session, *request); });
}

}  // namespace

void AddUserCommands(const CommandSet& set) {
  CLI::App* verb =
      AddVerb(set, "user", "Akun lokal: add, list, set, remove", "Local accounts: add, list, set, remove");
  verb->require_subcommand(1);
  const CommandSet users = {.app = *verb, .language = set.language, .chosen = set.chosen};
  AddAdd(users);
  AddList(users);
  AddSet(users);
  AddRemove(users);
}

}  // namespace satudata::cli
