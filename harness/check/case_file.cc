// Sections and blocks come from the Markdown scanner; here they get their meaning.
#include "check/case_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <utility>
#include <variant>

#include "base/json.h"
#include "check/block_line.h"
#include "check/expectation.h"
#include "check/markdown.h"
#include "check/stream_block.h"
#include "file/posix_file.h"
#include "model/policy.h"
#include "model/protocol.h"

namespace playhead::check {
namespace {

namespace fs = std::filesystem;

// First words of blocks that only illustrate. Any other unknown word is taken for a misspelt block.
constexpr std::array<std::string_view, 16> kIllustrations = {
    "",     "text",     "sh",   "bash", "console", "json", "jsonc", "http",
    "diff", "markdown", "yaml", "cpp",  "python",  "js",   "html",  "xml"};

bool is_illustration(std::string_view word) {
  return std::find(kIllustrations.begin(), kIllustrations.end(), word) != kIllustrations.end();
}

template <typename Table>
std::string names_of(const Table& table) {
  std::string names;
  for (const auto& row : table) {
    if (!names.empty()) names.push_back(' ');
    names.append(row.name);
  }
  return names;
}

// "line:column: what" of a JSON text -> the same in the file, where the text begins behind
// `fence_line`.
Error json_error_at(std::string_view path, int fence_line, std::string_view message) {
  int line = 0;
  const auto end = message.data() + message.size();
  const auto result = std::from_chars(message.data(), end, line);
  const std::string_view rest(result.ptr, static_cast<std::size_t>(end - result.ptr));
  return Error{fmt::format("{}:{}{}", path, fence_line + line, rest)};
}

Error too_large(const std::string& path) {
  return Error{fmt::format("{}: larger than {} bytes; move long streams into a recording", path,
                           kCaseFileBytesMax)};
}

class CaseFileParser {
 public:
  CaseFileParser(std::string path, std::string text) {
    file_.path = std::move(path);
    file_.text = std::move(text);
  }

  Result<CaseFile> parse() {
    if (file_.text.size() > kCaseFileBytesMax) return too_large(file_.path);
    auto parts = scan_markdown(file_.path, file_.text);
    if (!parts) return parts.error();
    for (const MarkdownPart& part : *parts) {
      const auto* heading = std::get_if<Heading>(&part);
      Status status = heading != nullptr ? take(*heading) : take(std::get<Block>(part));
      if (!status) return status.error();
    }
    if (Status status = close_case(); !status) return status.error();
    if (file_.cases.empty()) {
      return Error{
          fmt::format("{}: no case in this file; a case is a `##` heading with blocks ({})",
                      file_.path, names_of(kBlockWords))};
    }
    return std::move(file_);
  }

 private:
  Error fail(int line, std::string_view what) const { return error_at(file_.path, line, what); }

  // Of a message that begins with the block's first word and the path of a member.
  Error fail_within(const Block& block, std::string_view what) const {
    const std::string_view path = what.substr(block.first_word.size());
    return fail(line_in_block(block.text, block.line, path), what);
  }

  Status take(const Heading& heading) {
    if (heading.level > 2) return Done{};
    if (Status status = close_case(); !status) return status.error();
    if (heading.level == 1) {
      if (file_.title.empty()) file_.title = heading.text;
      return Done{};
    }
    case_.emplace();
    case_->file = file_.path;
    case_->name = heading.text;
    case_->line = heading.line;
    has_blocks_ = false;
    return Done{};
  }

  Status take(const Block& block) {
    const std::optional<BlockWord> word = find_in(kBlockWords, block.first_word);
    if (!word) {
      if (is_illustration(block.first_word)) return Done{};
      return fail(block.line, fmt::format("unknown block `{}`; known: {}; write `text` for a block "
                                          "that only illustrates",
                                          block.first_word, names_of(kBlockWords)));
    }
    if (block.indented) {
      return fail(block.line, "an indented block is not run; begin its fence in the first column");
    }
    if (!case_) {
      return fail(block.line, fmt::format("block `{}` belongs to no case; put a `## name` above it",
                                          block.first_word));
    }
    if (!block.arguments.empty() && *word != BlockWord::stream && *word != BlockWord::log) {
      return fail(block.line, fmt::format("`{}` takes nothing behind its name, but found `{}`; put "
                                          "the content into the block",
                                          block.first_word, block.arguments));
    }
    has_blocks_ = true;
    return take_known(*word, block);
  }

  Status take_known(BlockWord word, const Block& block) {
    switch (word) {
      case BlockWord::recording: return take_recording(block);
      case BlockWord::stream: return take_stream(block);
      case BlockWord::policy: return take_json(block, case_->policy, "object");
      case BlockWord::request: return take_json(block, case_->request, "object");
      case BlockWord::session: return take_json(block, case_->session, "array");
      case BlockWord::run: return take_json(block, case_->run, "object");
      case BlockWord::expect: return take_json(block, case_->expect, "object");
      case BlockWord::log: return take_log(block);
    }
    return Done{};
  }

  Status take_recording(const Block& block) {
    if (case_->recording_path) return second(block);
    if (case_->stream) return fail(block.line, kTwoSources);
    Line line;
    while (next_line(block.text, line)) {
      const std::string_view path = trimmed(line.text);
      if (path.empty()) continue;
      if (case_->recording_path) {
        return fail(block.line, "a `recording` block names one path; split the case in two");
      }
      case_->recording_path = path;
    }
    if (case_->recording_path) return Done{};
    return fail(block.line, "an empty `recording` block; write the recording's path into it");
  }

  Status take_stream(const Block& block) {
    const std::optional<Protocol> protocol = protocol_named(block.arguments);
    if (!protocol) {
      return fail(block.line,
                  fmt::format("unknown protocol `{}`; write `stream <protocol>` with one "
                              "of: {}",
                              block.arguments, names_of(kProtocols)));
    }
    if (case_->recording_path) return fail(block.line, kTwoSources);
    if (!case_->stream) case_->stream = empty_recording(*protocol);
    Recording& recording = *case_->stream;
    if (recording.meta.protocol != name_of(*protocol)) {
      return fail(block.line, fmt::format("the case's first stream speaks `{}`, this one `{}`; all "
                                          "streams of a case speak one protocol",
                                          recording.meta.protocol, name_of(*protocol)));
    }
    const Instant at = recording.exchanges.empty() ? Instant{} : recording.exchanges.back().end.at;
    const int index = static_cast<int>(recording.exchanges.size()) + 1;
    auto exchange = parse_stream_block(file_.path, block, index, at);
    if (!exchange) return exchange.error();
    recording.torn = recording.torn || exchange->end.reason == EndReason::torn;
    recording.exchanges.push_back(*std::move(exchange));
    return Done{};
  }

  Recording empty_recording(Protocol protocol) const {
    Recording recording;
    recording.meta.title = case_->name;
    recording.meta.protocol = name_of(protocol);
    recording.meta.origin = "reconstructed";
    recording.meta.timing = "read";
    recording.meta.borders = "read";
    JsonWriter json;
    json.begin_object();
    json.key("title").string(recording.meta.title).key("protocol").string(recording.meta.protocol);
    json.key("origin").string(recording.meta.origin).key("timing").string(recording.meta.timing);
    json.key("borders").string(recording.meta.borders).end_object();
    recording.meta.json = json.take();
    return recording;
  }

  Status take_json(const Block& block, std::optional<JsonBlock>& slot, std::string_view type) {
    if (slot) return second(block);
    const auto json = parse_json(block.text);
    if (!json) return json_error_at(file_.path, block.line, json.error().message);
    if (type == "object" ? !json->IsObject() : !json->IsArray()) {
      return fail(block.line, fmt::format("`{}` holds a JSON {}; this is something else",
                                          block.first_word, type));
    }
    if (block.first_word == name_of(BlockWord::policy)) {
      const auto policy = apply_policy(Policy{}, *json);
      if (!policy) return fail_within(block, policy.error().message);
    }
    if (block.first_word == name_of(BlockWord::expect)) {
      if (Status status = validate_expectation(*json); !status) {
        return fail_within(block, block.first_word + status.error().message);
      }
    }
    slot = JsonBlock{block.text, block.line, block.begin, block.end, block.crlf};
    return Done{};
  }

  Status take_log(const Block& block) {
    LogBlock log{.fence = block.fence,
                 .line = block.line,
                 .begin = block.begin,
                 .end = block.end,
                 .crlf = block.crlf};
    for (std::string_view rest = block.arguments; !rest.empty();) {
      const std::string_view name = take_word(rest);
      const std::optional<FactKind> kind = fact_kind_named(name);
      if (!kind) {
        return fail(block.line,
                    fmt::format("unknown kind `{}`; known: {}", name, names_of(kFactKinds)));
      }
      log.kinds.push_back(*kind);
    }
    if (log.kinds.empty()) {
      return fail(block.line, fmt::format("`log` needs the kinds of lines to show; known: {}",
                                          names_of(kFactKinds)));
    }
    Line line;
    while (next_line(block.text, line)) {
      if (!trimmed(line.text).empty()) log.lines.emplace_back(line.text);
    }
    case_->logs.push_back(std::move(log));
    return Done{};
  }

  Error second(const Block& block) const {
    return fail(block.line,
                fmt::format("a second `{}` block in the case that begins in line {}; merge "
                            "the two, or begin a new case",
                            block.first_word, case_->line));
  }

  // Judges the section that ends here, and keeps it if it is a case.
  Status close_case() {
    if (!case_ || !has_blocks_) {
      case_.reset();
      return Done{};
    }
    if (case_->name.empty()) return fail(case_->line, "a case needs a name; write `## name`");
    if (!case_->recording_path && !case_->stream && !case_->session) {
      return fail(case_->line, "nothing to play; add a `stream`, `recording` or `session` block");
    }
    const auto [taken, is_new] = lines_by_name_.emplace(case_->name, case_->line);
    if (!is_new) {
      return fail(case_->line, fmt::format("the case in line {} has this name already; each name "
                                           "of a file stands once",
                                           taken->second));
    }
    file_.cases.push_back(*std::exchange(case_, std::nullopt));
    return Done{};
  }

  static constexpr std::string_view kTwoSources =
      "`stream` and `recording` in one case; split it in two, each with one of them";

  CaseFile file_;
  std::optional<Case> case_;  // the section that is open
  bool has_blocks_ = false;   // it has a block of kBlockWords
  std::map<std::string, int> lines_by_name_;
};

Result<std::string> read_text(const std::string& path) {
  std::error_code error;
  const bool is_large = fs::file_size(path, error) > kCaseFileBytesMax;
  if (!error && is_large) return too_large(path);
  return file::read_file(path, kCaseFileBytesMax);
}

// Whether a `##` section has a block that only cases have, however well it is written.
bool has_case(const std::string& path, std::string_view text) {
  const auto parts = scan_markdown(path, text);
  if (!parts) return false;
  bool in_case = false;
  for (const MarkdownPart& part : *parts) {
    if (const auto* heading = std::get_if<Heading>(&part)) {
      if (heading->level <= 2) in_case = heading->level == 2;
    } else if (in_case && find_in(kBlockWords, std::get<Block>(part).first_word)) {
      return true;
    }
  }
  return false;
}

Status find_in_folder(const std::string& folder, std::vector<std::string>& found) {
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  const std::size_t before = found.size();
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
    std::error_code ignored;
    if (at->path().extension() != ".md" || !at->is_regular_file(ignored)) continue;
    const std::string path = at->path().lexically_normal().generic_string();
    if (name == "README.md") {
      const auto text = read_text(path);
      if (!text) return text.error();
      if (!has_case(path, *text)) continue;
    }
    found.push_back(path);
  }
  if (error) return Error{fmt::format("{}: cannot be listed: {}", folder, error.message())};
  if (found.size() > before) return Done{};
  return Error{folder + ": no case file in this folder; cases are `*.md` files with `##` headings"};
}

}  // namespace

bool LogBlock::shows(FactKind kind) const {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

Result<CaseFile> parse_case_file(std::string path, std::string text) {
  return CaseFileParser(std::move(path), std::move(text)).parse();
}

Result<CaseFile> load_case_file(const std::string& path) {
  auto text = read_text(path);
  if (!text) return text.error();
  return parse_case_file(path, *std::move(text));
}

Result<std::vector<std::string>> find_case_files(const std::vector<std::string>& paths) {
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) {
      return Error{path + ": no such file or folder; check the spelling"};
    }
    if (!fs::is_directory(path, error)) {
      found.push_back(fs::path(path).lexically_normal().generic_string());
    } else if (Status status = find_in_folder(path, found); !status) {
      return status.error();
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace playhead::check
