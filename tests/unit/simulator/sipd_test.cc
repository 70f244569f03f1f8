// SIPD e-walidata as it answers when nothing goes wrong.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/simulator/running_simulator.h"

namespace satudata::simulator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kState[] = R"({
  "reference": [
    {"kodeindikator": "1.02.000318", "uraian_indikator": "Jumlah Puskesmas", "satuan": "Unit",
     "bidangurusan": "1.02 - URUSAN KESEHATAN"},
    {"kodeindikator": "1.02.000319", "status": "DISABLED"},
    {"kodeindikator": "1.02.000320"}],
  "values": [{"kodeindikator": "1.02.000320", "kodepemda": "1612", "tahun": "2024", "data": "7", "final": true,
              "walidata": true, "pembina": true}]})";

Options OptionsWithState() {
  Options options = QuickOptions();
  options.state = *ParseState(kState);
  return options;
}

std::vector<std::string> LogOf(const httplib::Result& result) {
  return JsonOf(result).value("log", std::vector<std::string>{});
}

TEST(Sipd, LogsEachRowAndCommits) {
  RunningSimulator simulator(OptionsWithState());
  const std::string body = PushBody({PushRow(kCode, "9")});
  const auto pushed = simulator.Post("/sipd/push_dssd", body);
  EXPECT_EQ(StatusOf(pushed), 200);
  EXPECT_EQ(JsonOf(pushed)["code"], 200);
  EXPECT_EQ(JsonOf(pushed)["msg"],
            absl::StrCat("Sukses menyimpan ", body.size(), " byte tunggu proses ekstraksi"));
  EXPECT_THAT(LogOf(pushed),
              ElementsAre("1612.1.02.000318.2024 OK", "COMMIT TRANS", "", StartsWith("Exe time")));
  EXPECT_EQ(*simulator->truth().SipdRecord(kKey)->value, "9");
}

TEST(Sipd, RefusesRowsWhileTheStatusSays200) {
  RunningSimulator simulator(OptionsWithState());
  const auto pushed =
      simulator.Post("/sipd/push_dssd",
                     PushBody({PushRow(kCode, "9"), PushRow("1.02.000319", "1"), PushRow("1.02.000320", "8"),
                               PushRow("9.99.999999", "1"), PushRow(kCode, "2,24", "2023")}));
  EXPECT_EQ(StatusOf(pushed), 200);
  EXPECT_THAT(LogOf(pushed),
              ElementsAre("1612.1.02.000318.2024 OK", "ERROR: 1612.1.02.000319.2024 kodeindikator DISABLED",
                          "ERROR: 1612.1.02.000320.2024 data sudah final",
                          "ERROR: 1612.9.99.999999.2024 kodeindikator tidak terdaftar",
                          "ERROR: 1612.1.02.000318.2023 data bukan angka", "COMMIT TRANS", "",
                          StartsWith("Exe time")));
  EXPECT_EQ(*simulator->truth().SipdRecord("1612.1.02.000320.2024")->value, "7");
  EXPECT_EQ(simulator->truth().TotalsOf(System::kSipd).applies, 1u);
}

TEST(Sipd, JoinsRowKeysAsConfigured) {
  Options options = QuickOptions();
  options.log_key_separator = ',';
  RunningSimulator simulator(options);
  const auto pushed = simulator.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9")}));
  EXPECT_EQ(LogOf(pushed).at(0), "1612,1.02.000318,2024 OK");
}

TEST(Sipd, ABodyOfAnotherFormIsAMessageWith200) {
  RunningSimulator simulator(QuickOptions());
  for (const char* body : {"{}", "[]", "{\"data\":{}}", "{\"data\":[1]}", "{"}) {
    const auto answer = simulator.Post("/sipd/push_dssd", body);
    EXPECT_EQ(StatusOf(answer), 200);
    EXPECT_EQ(JsonOf(answer)["code"], 400) << body;
  }
}

TEST(Sipd, RowsHaveAllTheirFields) {
  RunningSimulator simulator(OptionsWithState());
  simulator.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9")}));
  const auto rows = JsonOf(simulator.Get("/sipd/get_dssd?kodepemda=1612&tahun=2024"));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["kodeindikator"], kCode);
  EXPECT_EQ(rows[0]["data"], "9");
  EXPECT_EQ(rows[0]["uraian_indikator"], "Jumlah Puskesmas");
  EXPECT_EQ(rows[0]["kodebidang"], "1.02");
  EXPECT_EQ(rows[0]["uraibidang"], "URUSAN KESEHATAN");
  EXPECT_EQ(rows[0]["status_verifikasi_walidata"], "N");
  EXPECT_TRUE(rows[0]["tanggal_verifikasi_pembinadata"].is_null());
  EXPECT_EQ(rows[1]["status_verifikasi_pembinadata"], "Y");
  EXPECT_EQ(rows[1]["rownum"], 2);
  EXPECT_EQ(rows[1]["rowtotal"], "2");
}

TEST(Sipd, PagesAndFinals) {
  RunningSimulator simulator(OptionsWithState());
  simulator.Post("/sipd/push_dssd", PushBody({PushRow(kCode, "9"), PushRow(kCode, "8", "2023")}));
  EXPECT_EQ(JsonOf(simulator.Get("/sipd/get_dssd?kodepemda=1612")).size(), 3u);
  const auto page = JsonOf(simulator.Get("/sipd/get_dssd?kodepemda=1612&limit=1&offset=1"));
  ASSERT_EQ(page.size(), 1u);
  EXPECT_EQ(page[0]["tahun"], "2024");
  const auto finals = JsonOf(simulator.Get("/sipd/get_dssd_final?kodepemda=1612&tahun=2024"));
  ASSERT_EQ(finals.size(), 1u);
  EXPECT_EQ(finals[0]["data"], "7");
  EXPECT_EQ(JsonOf(simulator.Get("/sipd/get_dssd_final?kodepemda=1612"))["code"], 400);
  EXPECT_EQ(JsonOf(simulator.Get("/sipd/get_dssd"))["code"], 400);
  EXPECT_EQ(JsonOf(simulator.Get("/sipd/get_dssd?kodepemda=1699")), nlohmann::json::array());
}

TEST(Sipd, AnEmptyValueIsNull) {
  Options options = QuickOptions();
  options.state = *ParseState(
      R"({"values": [{"kodeindikator": "1.02.000318", "kodepemda": "1612", "tahun": "2024", "data": null}]})");
  RunningSimulator simulator(options);
  EXPECT_TRUE(JsonOf(simulator.Get("/sipd/get_dssd?kodepemda=1612"))[0]["data"].is_null());
  EXPECT_EQ(simulator->truth().TotalsOf(System::kSipd).held, 0u);
}

TEST(Sipd, WithdrawalShowsInTheRegionsReferenceList) {
  RunningSimulator simulator(OptionsWithState());
  const auto row = nlohmann::json(
      {{"kodeindikator", kCode}, {"kodepemda", "1612"}, {"tahun", "2024"}, {"alasan", "tidak ada"}});
  const auto answer = simulator.Post("/sipd/push_disable_dssd", PushBody({row}));
  EXPECT_EQ(LogOf(answer).at(0), "1612.1.02.000318.2024 OK");
  EXPECT_EQ(JsonOf(simulator.Get("/sipd/get_ref_dssd?kodepemda=1612"))[0]["status"], "DISABLED");
  EXPECT_EQ(JsonOf(simulator.Get("/sipd/get_ref_dssd?kodepemda=1613"))[0]["status"], "AKTIF");
  EXPECT_EQ(simulator->truth().WithdrawalRecord(kKey)->applies, 1u);
}

}  // namespace
}  // namespace satudata::simulator
