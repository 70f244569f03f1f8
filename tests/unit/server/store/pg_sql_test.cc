#include "server/store/pg_sql.h"

#include "gtest/gtest.h"

namespace satudata::store {
namespace {

TEST(PgSqlTest, ParametersAreNumberedByTheirFirstAppearance) {
  EXPECT_EQ(ToPgSql("SELECT a FROM t WHERE b = :b AND c > :c AND (:b = '' OR d = :d)"),
            "SELECT a FROM t WHERE b = $1 AND c > $2 AND ($1 = '' OR d = $3)");
  EXPECT_EQ(ToPgSql("SELECT ':no', a::text FROM t WHERE b = :yes"),
            "SELECT ':no', a::text FROM t WHERE b = $1");
}

TEST(PgSqlTest, AJsonArrayIsATableOfTexts) {
  EXPECT_EQ(ToPgSql("SELECT 1 FROM json_each(:keys) k WHERE a IN (SELECT value FROM json_each(:more))"),
            "SELECT 1 FROM json_array_elements_text($1::json) k "
            "WHERE a IN (SELECT value FROM json_array_elements_text($2::json))");
}

TEST(PgSqlTest, AnOrderToJoinInIsNotKept) {
  EXPECT_EQ(ToPgSql("SELECT 1 FROM a x CROSS JOIN b y CROSS JOIN c z ON z.id = y.id WHERE TRUE"),
            "SELECT 1 FROM a x CROSS JOIN b y JOIN c z ON z.id = y.id WHERE TRUE");
}

TEST(PgSqlTest, TextsAreComparedByteByByte) {
  EXPECT_EQ(ToPgDefinition("CREATE TABLE a (b TEXT NOT NULL PRIMARY KEY, c BIGINT) WITHOUT ROWID"),
            "CREATE TABLE a (b TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, c BIGINT)");
}

}  // namespace
}  // namespace satudata::store
