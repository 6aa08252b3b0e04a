// SPDX-License-Identifier: Apache-2.0
#include "harness/core/program_text.h"

#include <boost/test/unit_test.hpp>
#include <cstdio>

#include "harness/core/schedule_text.h"
#include "harness/core/test/why.h"
#include "harness/core/text_file.h"

namespace rxcheck {
namespace {

const std::string kCanonical = R"(rxp 1
title deleting while a read is being set up
connection X: \\server\share
connection \\server\other
1 connect X:                        => SUCCESS
1 open X: \file1 -> f1
2 read f1 -> r1                     => CANCELLED
2 notify f1 bare -> r2
1 connect X: hold -> r3
1 connect \\server\other hold
3 cancel r1
3 complete r1
3 set r1 A
3 set r2 NULL                       => 0xC0001234
1 reference r1 -> k1
1 dereference k1
1 tree X: -> t1
1 finalize t1 0xff
1 disconnect X: TRUE
1 close f1
1 cecancel X:
1 release X:
1 await r1
1 list X:
1 write f1
1 open X: \dir dir keep -> f2
1 tick 10
switch a2.1/worker RxSetMinirdrCancelRoutine write RxCx+0x48 #1 -> a3
pick a1.2 - block IRP%20 #1 -> a2
from seed 7 program 123 schedule 9
expect divergent C46 "read \"r1\" \\ set"
end
)";

std::string error_of(const std::string& text) {
  const auto file = parse_program(text, "a.rxp");
  return file ? "parses" : file.error().text();
}

// The error about one line of operations, under a good head.
std::string error_at(const std::string& line) {
  return error_of("rxp 1\nconnection X: \\\\s\\t\n1 open X: \\a -> f1\n1 read f1 -> r1\n" + line + "\nend\n");
}

BOOST_AUTO_TEST_SUITE(program_text)

BOOST_AUTO_TEST_CASE(the_canonical_text_prints_as_it_was_read) {
  const auto file = parse_program(kCanonical, "a.rxp");
  BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
  BOOST_TEST(!why_invalid(file->program));
  BOOST_TEST(print(*file) == kCanonical);
  BOOST_TEST(file->schedule.choices[1].at.object == "IRP ");
  BOOST_TEST(file->expectation->fingerprint == "read \"r1\" \\ set");
}

BOOST_AUTO_TEST_CASE(comments_blanks_and_names_are_free) {
  const auto file = parse_program(
      "rxp 1\n# why\n\nconnection   X:  \\\\s\\t\n 2 open X: \\a   -> the_file  =>  STATUS_SUCCESS \n  # more\n"
      "1 write the_file\nend\n",
      "a.rxp");
  BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
  BOOST_TEST(print(*file) ==
             "rxp 1\nconnection X: \\\\s\\t\n2 open X: \\a -> f1                  => SUCCESS\n1 write f1\nend\n");
}

BOOST_AUTO_TEST_CASE(a_path_table_in_another_order_is_written_out) {
  ProgramFile file = *parse_program("rxp 1\nconnection X: \\\\s\\t\n1 open X: \\a -> f1\nend\n", "a");
  file.program.paths = {"\\b", "\\a"};
  file.program.operations[0].path = 1;
  const std::string text = print(file);
  BOOST_TEST(text == "rxp 1\nconnection X: \\\\s\\t\npath \\b\npath \\a\n1 open X: \\a -> f1\nend\n");
  BOOST_TEST((*parse_program(text, "a") == file));
  tidy_paths(file.program);
  BOOST_TEST(print(file) == "rxp 1\nconnection X: \\\\s\\t\n1 open X: \\a -> f1\nend\n");
}

BOOST_AUTO_TEST_CASE(a_refused_allocation_is_kept) {
  const std::string text = "rxp 1\nconnection X: \\\\server\\share\nlowmemory 8\n1 connect X:\nend\n";
  const auto file = parse_program(text, "test");
  BOOST_REQUIRE(file.ok());
  BOOST_TEST(file->program.low_memory == 8u);
  BOOST_TEST(print(*file) == text);
  for (const char* wrong : {"lowmemory", "lowmemory 0", "lowmemory x", "lowmemory 8\nlowmemory 8"})
    BOOST_TEST(!parse_program("rxp 1\n" + std::string(wrong) + "\nend\n", "test").ok());
}

BOOST_AUTO_TEST_CASE(variants_are_kept_and_known_by_name) {
  const std::string text =
      "rxp 1\nconnection X: \\\\server\\share\nvariants in-use-steady orphan-stub\nlowmemory 8\n1 connect X:\nend\n";
  const auto file = parse_program(text, "test");
  BOOST_REQUIRE(file.ok());
  BOOST_TEST((file->program.variants.has(Variant::in_use_steady) && file->program.variants.has(Variant::orphan_stub)));
  BOOST_TEST(!file->program.variants.has(Variant::never_cancelled));
  BOOST_TEST(print(*file) == text);
  BOOST_TEST(error_of("rxp 1\nvariants\nend\n") == "a.rxp:2: no variant is named; name some, or remove the line");
  BOOST_TEST(error_of("rxp 1\nvariants fast\nend\n")
                 .starts_with("a.rxp:2: `fast` is not a variant; known are: in-use-steady "));
  BOOST_TEST(error_of("rxp 1\nvariants orphan-stub orphan-stub\nend\n") ==
             "a.rxp:2: `orphan-stub` is there twice; remove one");
  BOOST_TEST(error_of("rxp 1\nlowmemory 8\nvariants orphan-stub\nend\n").starts_with("a.rxp:3: `variants` comes too"));
}

BOOST_AUTO_TEST_CASE(how_a_file_is_stored_is_a_line_of_version_2) {
  const std::string text = "rxp 2\nstored 0123456789ab regression\nexpect clean\nend\n";
  const auto file = parse_program(text, "test");
  BOOST_REQUIRE(file.ok());
  BOOST_REQUIRE(file->stored.has_value());
  BOOST_TEST(file->stored->model == "0123456789ab");
  BOOST_TEST((file->stored->keeping == Keeping::regression));
  BOOST_TEST(print(*file) == text);
  BOOST_TEST(error_of("rxp 1\nstored 0123456789ab\nend\n").starts_with("a.rxp:2: `stored` begins no line"));
  BOOST_TEST(error_of("rxp 2\nexpect clean\nstored 0123456789ab\nend\n").find("comes too late") != std::string::npos);
  for (const char* wrong : {"", " 0123", " 0123456789AB", " 0123456789ab always", " 0123456789ab known known"})
    BOOST_TEST(error_of(std::string("rxp 2\nstored") + wrong + "\nend\n").starts_with("a.rxp:2: how it is stored"));
}

BOOST_AUTO_TEST_CASE(a_file_of_version_1_is_read_and_written_as_one_until_it_is_stored) {
  const std::string old = "rxp 1\nconnection X: \\\\server\\share\n1 connect X:\nend\n";
  auto file = parse_program(old, "test");
  BOOST_REQUIRE(file.ok());
  BOOST_TEST(!file->stored.has_value());
  BOOST_TEST(print(*file) == old);
  file->stored = Stored{"0123456789ab"};
  BOOST_TEST(print(*file) == "rxp 2" + old.substr(5, old.size() - 9) + "stored 0123456789ab\nend\n");
}

BOOST_AUTO_TEST_CASE(errors_name_the_place_and_the_remedy) {
  BOOST_TEST(error_of("rxp 3\nend\n") ==
             "a.rxp:1: this is version 3 of the format; this rxcheck reads versions 1 to 2");
  BOOST_TEST(error_of("rxp 0\nend\n").starts_with("a.rxp:1: this is version 0 of the format"));
  BOOST_TEST(error_of("rxh 1\nend\n") == "a.rxp:1: the first line is not `rxp 1`; check that this is a .rxp file");
  BOOST_TEST(error_of("") == "a.rxp:1: the first line is not `rxp 1`; check that this is a .rxp file");
  BOOST_TEST(error_of("# no\nrxp 1\nend\n").starts_with("a.rxp:1: the first line"));
  BOOST_TEST(error_of("rxp 1\n") == "a.rxp:1: the last line is not `end`; add it, or get the whole file");
  BOOST_TEST(error_of("rxp 1\nend\n\n") == "a.rxp:3: there is something after `end`; end the file there");
  BOOST_TEST(error_of("rxp 1\nend\nend\n").starts_with("a.rxp:3: "));
  BOOST_TEST(error_of("rxp 1\nend now\n").starts_with("a.rxp:2: the last line is not `end`"));
  BOOST_TEST(error_of("rxp 1\r\nend\r\n") ==
             "a.rxp:1: the line holds the byte 0x0d; use printable ASCII, and LF to end a line");
  BOOST_TEST(error_of("rxp 1\ntitle \xc3\xa9\nend\n").starts_with("a.rxp:2: the line holds the byte 0xc3"));
  BOOST_TEST(error_of(std::string("rxp 1\n\0end\n", 11)).starts_with("a.rxp:2: the line holds the byte 0x00"));
  BOOST_TEST(error_of("rxp 1\n" + std::string(1 << 20, '#') + "\nend\n") ==
             "a.rxp: the file is larger than 1 MiB; split it");
  BOOST_TEST(error_of("rxp 1\nend") == "parses");
}

BOOST_AUTO_TEST_CASE(errors_in_operations) {
  BOOST_TEST(error_at("1 write f1") == "parses");
  BOOST_TEST(error_at("1 fly X:") ==
             "a.rxp:5: `fly` is not an operation; see docs/format-rxp.md for those that there are");
  BOOST_TEST(error_at("0 list X:") == "a.rxp:5: `0` is not an actor; number actors from 1 to 8");
  BOOST_TEST(error_at("9 list X:") == "a.rxp:5: `9` is not an actor; number actors from 1 to 8");
  BOOST_TEST(error_at("01 list X:").find("not an actor") != std::string::npos);
  BOOST_TEST(error_at("1") == "a.rxp:5: the operation is missing; write one after the actor, as `1 list X:`");
  BOOST_TEST(error_at("1 write f2") == "a.rxp:5: nothing above produces `f2`; produce it with `-> f2` first");
  BOOST_TEST(error_at("1 write r1") == "a.rxp:5: `r1` is of the wrong kind for write; write `1 write f1 [cancelled]`");
  BOOST_TEST(error_at("1 read f1 -> r1") == "a.rxp:5: `r1` is already used; give what read produces another name");
  BOOST_TEST(error_at("1 read f1 -> r-1") == "a.rxp:5: `r-1` is not a name; use a letter, then letters, digits or _");
  BOOST_TEST(error_at("1 tick X:") == "a.rxp:5: tick is written otherwise; write `1 tick 10`");
  BOOST_TEST(error_at("1 tick 0").find("from 1 to 3600") != std::string::npos);
  BOOST_TEST(
      error_at("1 open X: \\a bare -> f2") ==
      "a.rxp:5: open is written otherwise; write `1 open X: \\file [hold] [dir] [keep] [retry] [cancelled] -> f1`");
  BOOST_TEST(error_at("1 open X: \\ -> f2").find("lacks `dir`") != std::string::npos);
  BOOST_TEST(error_at("1 read f1") ==
             "a.rxp:5: read is written otherwise; write `1 read f1 [bare|sync] [cancelled] -> r1`");
  BOOST_TEST(error_at("1 list X: -> r2") == "a.rxp:5: list is written otherwise; write `1 list X:`");
  BOOST_TEST(error_at("1 list Y:") ==
             "a.rxp:5: there is no connection `Y:`; declare it above the operations with a `connection` line");
  BOOST_TEST(error_at("1 open X: b -> f2") ==
             "a.rxp:5: `b` is not a path; write `\\name`, of letters, digits and . _ - $");
  BOOST_TEST(error_at("1 disconnect X: 1") ==
             "a.rxp:5: disconnect is written otherwise; write `1 disconnect X: FALSE|TRUE|0xff|2 [nfs41|vboxsf|nulmrx] "
             "[nowait] [transport] [-> r1]`");
  BOOST_TEST(error_at("1 set r1 D") == "a.rxp:5: set is written otherwise; write `1 set r1 A|B|C|NULL`");
  BOOST_TEST(error_at("1 write f1 bare").find("written otherwise") != std::string::npos);
  BOOST_TEST(error_at("1 write f1 => SUCESS") ==
             "a.rxp:5: `SUCESS` is not a status; write a name as FILES_OPEN or 0xC0000107");
  BOOST_TEST(error_at("connection Y: \\\\s\\u") ==
             "a.rxp:5: `connection` comes too late; order: one title, connections, paths, one variants, one lowmemory, "
             "operations");
  BOOST_TEST(error_at("list X:") == "a.rxp:5: `list` begins no line of a program file; see docs/format-rxp.md");
  std::string many;
  for (unsigned i = 0; i < kMaxOperations - 1; ++i) many += "1 list X:\n";
  BOOST_TEST(error_at(many).find("more than 4096 operations; split the program") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(errors_around_the_operations) {
  BOOST_TEST(error_of("rxp 1\ntitle a\ntitle b\nend\n").find("comes too late") != std::string::npos);
  BOOST_TEST(error_of("rxp 1\ntitle\nend\n").find("the title is empty") != std::string::npos);
  BOOST_TEST(error_of("rxp 1\nconnection X: \\\\s\nend\n").find("is not a remote name") != std::string::npos);
  BOOST_TEST(error_of("rxp 1\nconnection x: \\\\s\\t\nend\n").find("not a letter from A to Z") != std::string::npos);
  BOOST_TEST(error_of("rxp 1\nconnection \\\\s\\t\nconnection \\\\S\\T\nend\n").find("two connections") !=
             std::string::npos);
  std::string nine;
  for (char device = 'A'; device <= 'I'; ++device) nine += std::string("connection ") + device + ": \\\\s\\t\n";
  BOOST_TEST(error_of("rxp 1\n" + nine + "end\n").find("more than 8 connections") != std::string::npos);
  std::string paths;
  for (char name = 'a'; name <= 'q'; ++name) paths += std::string("path \\") + name + "\n";
  BOOST_TEST(error_of("rxp 1\n" + paths + "end\n").find("more than 16 paths") != std::string::npos);
  BOOST_TEST(error_of("rxp 1\npath \\a\npath \\a\nend\n").find("twice") != std::string::npos);
  for (const char* line :
       {"switch a1 f read o 1 -> a2", "switch a1 f read o #0 -> a2", "switch a1 f red o #1 -> a2",
        "pick a1.0 f read o #1 -> a2", "pick a1 f read o #1 -> 2", "pick a1 f%2 read o #1 -> a2", "from seed 1",
        "from seed -1 program 2", "from seed 1 program 2 schedule", "expect", "expect good", "expect divergent C1 x",
        "expect divergent \"x\"", "expect divergent C1 \"x", "expect divergent C1 \"\"", "expect divergent C1 \"x\" y"})
    BOOST_TEST(error_at(line).starts_with("a.rxp:5: "), line << " " << error_at(line));
  BOOST_TEST(error_at("expect clean\nexpect clean").find("comes too late") != std::string::npos);
  BOOST_TEST(error_at("expect clean\n1 list X:").find("comes too late") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(any_function_and_object_survive_as_words) {
  for (const std::string& text : {std::string("-"), std::string(), std::string("a b%c"), std::string("\x01\xff", 2)}) {
    ProgramFile file;
    file.schedule.choices.push_back(
        {Choice::Kind::pick, {{1, true, 65535}, text, Access::atomic, text, 7}, {0, false, 0}});
    const auto again = parse_program(print(file), "a");
    BOOST_REQUIRE_MESSAGE(again.ok(), why(again));
    BOOST_TEST((*again == file));
  }
}

BOOST_AUTO_TEST_CASE(lines_have_one_text) {
  for (const char* word : {"a2.1", "a2.1/worker", "a3", "a0.12", "a1/worker"}) {
    BOOST_REQUIRE(parse_line(word).has_value());
    BOOST_TEST(text_of(*parse_line(word)) == word);
  }
  for (const char* word : {"", "a", "2.1", "a2.", "a2.0", "a02.1", "a9", "a2.1/work", "a2.65536", "a2.1.1", "/worker"})
    BOOST_TEST(!parse_line(word), word);
}

BOOST_AUTO_TEST_CASE(files_are_read_and_written_whole) {
  const std::string path = "program_text_test.tmp.rxp";
  BOOST_TEST(!write_text_file(path, kCanonical));
  BOOST_TEST(print(*load_program(path)) == kCanonical);
  std::remove(path.c_str());
  BOOST_TEST(load_program(path).error().text() ==
             path + ": the file cannot be opened; check the name and the permissions");
  BOOST_TEST(load_program(".").error().message == "the file cannot be read");
  BOOST_TEST(write_text_file("no/such/folder/a", "").has_value());
}

BOOST_AUTO_TEST_CASE(a_connect_with_a_path) {
  const std::string text =
      "rxp 1\nconnection X: \\\\server\\share\n1 connect X: \\dir\n1 open X: \\file -> f1\n1 connect X: \\dir hold -> "
      "r1\nend\n";
  const auto file = parse_program(text, "a.rxp");
  BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
  BOOST_TEST((file->program.operations[0].leftover && file->program.operations[2].leftover));
  BOOST_TEST(file->program.operations[1].path == 1);
  BOOST_TEST(print(*file) == text);
}

BOOST_AUTO_TEST_CASE(a_connection_of_another_logon_session) {
  const std::string text =
      "rxp 1\nconnection X: \\\\server\\share\nconnection X: \\\\server\\share user 2\nconnection \\\\server\\share "
      "user 3\n"
      "1 list X:\n1 list X:@2\n1 list \\\\server\\share@3\nend\n";
  const auto file = parse_program(text, "a.rxp");
  BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
  BOOST_TEST(file->program.connections[1].session == 2);
  BOOST_TEST(file->program.operations[2].connection == 2);
  BOOST_TEST(print(*file) == text);
  for (const auto* bad : {"user 0", "user 9", "user x", "user"})
    BOOST_TEST(!parse_program("rxp 1\nconnection X: \\\\server\\share " + std::string(bad) + "\nend\n", "a.rxp").ok(),
               bad);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
