// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/database.h"

#include <sqlite3.h>

#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace rxcheck {

namespace {

// Of a value, in bytes. A tally is at most some 13 MB.
constexpr int kMostBytes = 256 << 20;

Error error_of(int code, const std::string& what, const std::string& path) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {"another process has this run open", path, "wait until it is done, or end it"};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {"this run store is damaged (" + what + ")", path, "begin the run anew in another folder"};
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return {"this run store cannot be read or written (" + what + ")", path,
              "check the folder, its permissions and the free space"};
    default:
      return {"this run store does not work (" + what + ")", path, "begin the run anew in another folder"};
  }
}

}  // namespace

Statement::Statement(sqlite3* database, const char* sql) {
  failed_ = sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) != SQLITE_OK;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::with(uint64_t number) {
  failed_ |= sqlite3_bind_int64(statement_, ++values_, static_cast<sqlite3_int64>(number)) != SQLITE_OK;
  return *this;
}

Statement& Statement::with(std::string_view text) {
  failed_ |= sqlite3_bind_text64(statement_, ++values_, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                                 SQLITE_UTF8) != SQLITE_OK;
  return *this;
}

Statement& Statement::blob(std::string_view bytes) {
  failed_ |= sqlite3_bind_blob64(statement_, ++values_, bytes.empty() ? "" : bytes.data(), bytes.size(),
                                 SQLITE_STATIC) != SQLITE_OK;
  return *this;
}

bool Statement::row() {
  if (failed_) return false;
  const int code = sqlite3_step(statement_);
  failed_ = code != SQLITE_ROW && code != SQLITE_DONE;
  return code == SQLITE_ROW;
}

uint64_t Statement::number(int column) { return static_cast<uint64_t>(sqlite3_column_int64(statement_, column)); }

std::string Statement::bytes(int column) {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

bool Statement::run() {
  while (row()) {
  }
  sqlite3_reset(statement_);
  values_ = 0;
  return !failed_;
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<Database> Database::open(const std::string& path, bool make) {
  std::error_code ignored;
  if (!make && !std::filesystem::is_regular_file(path, ignored))
    return Error{"there is no run store", path, "name a folder that rxcheck fuzz --out has made"};
  if (make && std::filesystem::exists(path, ignored))
    return Error{"there is a run store here already", path, "name a new folder"};
  Database database;
  database.path_ = path;
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (make ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return error_of(code, sqlite3_errstr(code), path);
  // Exclusive: the lock stays until the end, and the journal needs no shared memory. A commit then outlives the
  // process; only a failing machine could take the latest with it.
  if (!database.distrust() || !database.run("PRAGMA locking_mode = EXCLUSIVE") ||
      !database.run("PRAGMA synchronous = NORMAL"))
    return database.error();
  if (sqlite3_db_readonly(handle, "main") == 0 &&
      (!database.run("PRAGMA journal_mode = WAL") || !database.run("BEGIN IMMEDIATE") || !database.run("COMMIT")))
    return database.error();
  if (auto damage = database.look_for_damage()) return *damage;
  return database;
}

Result<Database> Database::in_memory(std::string_view bytes) {
  Database database;
  database.path_ = "a run store in memory";
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return error_of(code, sqlite3_errstr(code), database.path_);
  if (!database.distrust() || !database.run("PRAGMA page_size = 512")) return database.error();
  if (bytes.empty()) return database;
  auto* const copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));  // SQLite frees it in any case
  if (copy == nullptr) return error_of(SQLITE_NOMEM, sqlite3_errstr(SQLITE_NOMEM), database.path_);
  std::memcpy(copy, bytes.data(), bytes.size());
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  if (sqlite3_deserialize(handle, "main", copy, size, size,
                          SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) != SQLITE_OK)
    return database.error();
  if (auto damage = database.look_for_damage()) return *damage;
  return database;
}

std::string Database::bytes() const {
  sqlite3_int64 size = 0;
  unsigned char* const bytes = sqlite3_serialize(handle_.get(), "main", &size, 0);
  std::string copy(reinterpret_cast<const char*>(bytes), bytes == nullptr ? 0 : static_cast<size_t>(size));
  sqlite3_free(bytes);
  return copy;
}

bool Database::distrust() {
  bool done = run("PRAGMA cell_size_check = ON");
  for (const auto& [option, value] :
       {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        std::pair{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, std::pair{SQLITE_DBCONFIG_ENABLE_VIEW, 0}})
    done = done && sqlite3_db_config(handle_.get(), option, value, nullptr) == SQLITE_OK;
  sqlite3_limit(handle_.get(), SQLITE_LIMIT_LENGTH, kMostBytes);
  return done;
}

std::optional<Error> Database::look_for_damage() {
  auto check = prepare("PRAGMA quick_check(1)");
  if (!check.row()) return error();
  if (const std::string found = check.bytes(0); found != "ok") return error_of(SQLITE_CORRUPT, found, path_);
  return std::nullopt;
}

bool Database::run(const char* sql) { return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

Error Database::error() const { return error_of(sqlite3_errcode(handle_.get()), sqlite3_errmsg(handle_.get()), path_); }

void Database::settle() { run("PRAGMA journal_mode = DELETE"); }

}  // namespace rxcheck
