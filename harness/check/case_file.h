// Case files: Markdown that reads as a bug report and runs as a test (DESIGN 4). The grammar is
// documented for people in fixtures/README.md.
#ifndef PLAYHEAD_CHECK_CASE_FILE_H_
#define PLAYHEAD_CHECK_CASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/name_table.h"
#include "base/result.h"
#include "model/fact.h"
#include "recording/recording.h"

namespace playhead::check {

// Our choice: more than a person writes or reads. Long streams belong in a recording.
inline constexpr std::size_t kCaseFileBytesMax = 8 * 1024 * 1024;

enum class BlockWord : std::uint8_t {
  recording,
  stream,
  policy,
  request,
  session,
  run,
  expect,
  log
};

inline constexpr NameTable<BlockWord, 8> kBlockWords = {{
    {BlockWord::recording, "recording", "path of a recording"},
    {BlockWord::stream, "stream",
     "a stream written by hand, one exchange; followed by its protocol"},
    {BlockWord::policy, "policy", "JSON object: what differs from the default policy"},
    {BlockWord::request, "request", "JSON object: body of the client's request"},
    {BlockWord::session, "session", "JSON array: session events with their times"},
    {BlockWord::run, "run", "JSON object: downstream, tools, client, faults, seed, speed"},
    {BlockWord::expect, "expect", "JSON object: the part of the replay document that must hold"},
    {BlockWord::log, "log", "the transcript's lines of the kinds that follow, exactly"},
}};
static_assert(covers_enum(kBlockWords, BlockWord::log));

constexpr std::string_view name_of(BlockWord word) { return name_in(kBlockWords, word); }

// A block that holds JSON; it parses.
struct JsonBlock {
  std::string text;
  int line = 0;           // of the opening fence
  std::size_t begin = 0;  // byte span of `text` in the file
  std::size_t end = 0;
  bool crlf = false;  // its lines end in CR LF
};

struct LogBlock {
  std::vector<FactKind> kinds;     // never empty
  std::vector<std::string> lines;  // blank ones left out
  std::string fence;               // that its lines must not close
  int line = 0;                    // of the opening fence
  std::size_t begin = 0;           // byte span of the content in the file
  std::size_t end = 0;
  bool crlf = false;

  bool shows(FactKind kind) const;
};

// What one `##` heading and its blocks say. Has a recording path, a stream, or session events.
struct Case {
  std::string file;                           // path of the case file
  std::string name;                           // unique in its file
  int line = 0;                               // of its heading
  std::optional<std::string> recording_path;  // as written; never beside `stream`
  std::optional<Recording> stream;            // one exchange for each `stream` block
  std::optional<JsonBlock> policy;            // accepted by apply_policy
  std::optional<JsonBlock> request;
  std::optional<JsonBlock> session;
  std::optional<JsonBlock> run;
  std::optional<JsonBlock> expect;  // accepted by validate_expectation
  std::vector<LogBlock> logs;
};

struct CaseFile {
  std::string path;
  std::string title;  // of its first `#` heading
  std::string text;
  std::vector<Case> cases;  // in order; a `##` section without blocks is prose, not a case
};

// Fails with "path:line: what, and what to do" (bad JSON: "path:line:column: ...") at the first
// mistake.
Result<CaseFile> parse_case_file(std::string path, std::string text);

// The same, of a file.
Result<CaseFile> load_case_file(const std::string& path);

// The case files among files and folders: a file as it stands, of a folder all `*.md` below it,
// apart from hidden ones and from a README.md without a case. Sorted, each once. Fails where a path
// does not exist or a folder holds no case file, so that a misspelt path never passes as zero
// cases.
Result<std::vector<std::string>> find_case_files(const std::vector<std::string>& paths);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_CASE_FILE_H_
