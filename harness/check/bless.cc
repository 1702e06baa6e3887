// Collects edits of byte spans, block by block, and applies them to the file's text.
#include "check/bless.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "base/check.h"
#include "check/expectation.h"
#include "check/json_cursor.h"
#include "check/markdown.h"
#include "check/verdict.h"

namespace playhead::check {
namespace {

constexpr std::string_view kAbsentMatcher = "{\"$absent\": true}";
// Objects and arrays up to this size stay on one line.
constexpr std::size_t kOneLineMax = 60;

struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

// Walks a JSON text, which parses, beside its document and the actual value.
class JsonBlesser {
 public:
  JsonBlesser(std::string_view text, std::size_t offset, std::vector<Edit>& edits)
      : text_(text), offset_(offset), edits_(edits), cursor_(text) {}

  void value(const JsonValue& expected, const JsonValue* actual) {
    if (holds(expected, actual)) return cursor_.skip_value();
    if (actual != nullptr) {
      if (speaks_of_parts(expected, *actual)) return object(expected, *actual);
      if (expected.IsArray() && actual->IsArray() && expected.Size() == actual->Size()) {
        return array(expected, *actual);
      }
    }
    const std::size_t begin = cursor_.at();
    cursor_.skip_value();
    edits_.push_back(
        {offset_ + begin, offset_ + cursor_.at(), replacement(expected, actual, begin)});
  }

 private:
  void object(const JsonValue& expected, const JsonValue& actual) {
    cursor_.enter();
    for (const auto& entry : expected.GetObject()) {
      cursor_.skip_name();
      value(entry.value, part_named(actual, text_of(entry.name)));
      cursor_.next();
    }
  }

  void array(const JsonValue& expected, const JsonValue& actual) {
    cursor_.enter();
    for (rapidjson::SizeType i = 0; i < expected.Size(); ++i) {
      value(expected[i], &actual[i]);
      cursor_.next();
    }
  }

  // The expected value with what no longer holds replaced, as compact JSON.
  static void compose(const JsonValue& expected, const JsonValue* actual, JsonWriter& out) {
    if (holds(expected, actual)) {
      out.value(expected);
    } else if (actual == nullptr) {
      out.raw(kAbsentMatcher);
    } else if (speaks_of_parts(expected, *actual)) {
      out.begin_object();
      for (const auto& entry : expected.GetObject()) {
        const std::string_view name = text_of(entry.name);
        out.key(name);
        compose(entry.value, part_named(*actual, name), out);
      }
      out.end_object();
    } else if (expected.IsArray() && actual->IsArray()) {
      out.begin_array();
      for (rapidjson::SizeType i = 0; i < actual->Size(); ++i) {
        const JsonValue& now = (*actual)[i];
        compose(i < expected.Size() ? expected[i] : now, &now, out);
      }
      out.end_array();
    } else {
      out.value(*actual);
    }
  }

  std::string replacement(const JsonValue& expected, const JsonValue* actual,
                          std::size_t begin) const {
    if (actual == nullptr) return std::string(kAbsentMatcher);
    JsonWriter out;
    compose(expected, actual, out);
    std::string compact = out.take();
    const auto document = parse_json(compact);
    if (compact.size() <= kOneLineMax || !document) return compact;
    const std::size_t line_begin = text_.rfind('\n', begin) + 1;  // npos + 1 == 0
    const std::string_view line = text_.substr(line_begin);
    const std::string_view indent =
        line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
    std::string pretty;
    for (const char c : json_pretty(*document)) {
      pretty.push_back(c);
      if (c == '\n') pretty.append(indent);
    }
    return pretty;
  }

  std::string_view text_;
  std::size_t offset_;  // of the text in the file
  std::vector<Edit>& edits_;
  JsonCursor cursor_;
};

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out.push_back('\r');
    out.push_back(c);
  }
  return out;
}

void bless_expect(const JsonBlock& block, const JsonValue& replay, std::vector<Edit>& edits) {
  const auto expected = parse_json(block.text);
  PLAYHEAD_CHECK(expected.ok());  // parse_case_file saw to it
  const std::size_t first = edits.size();
  JsonBlesser(block.text, block.begin, edits).value(*expected, &replay);
  for (std::size_t i = first; block.crlf && i < edits.size(); ++i) {
    edits[i].text = with_crlf(edits[i].text);
  }
}

Status bless_log(const CaseFile& file, const LogBlock& log, const std::vector<LogLine>& lines,
                 std::vector<Edit>& edits) {
  const std::vector<std::string> actual = lines_for(log, lines);
  if (actual == log.lines) return Done{};
  std::string text;
  for (const std::string& line : actual) {
    if (closes_fence(line, log.fence) || line.find('\n') != std::string::npos) {
      return error_at(file.path, log.line,
                      "a line of the transcript would end this block; open it with a longer fence");
    }
    text.append(line).append(log.crlf ? "\r\n" : "\n");
  }
  edits.push_back({log.begin, log.end, std::move(text)});
  return Done{};
}

std::string applied(std::string_view text, std::vector<Edit> edits) {
  std::sort(edits.begin(), edits.end(),
            [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::string out;
  std::size_t copied = 0;
  for (const Edit& edit : edits) {
    PLAYHEAD_CHECK(copied <= edit.begin && edit.begin <= edit.end && edit.end <= text.size());
    out.append(text.substr(copied, edit.begin - copied)).append(edit.text);
    copied = edit.end;
  }
  return out.append(text.substr(copied));
}

}  // namespace

Result<std::string> bless(const CaseFile& file, const std::vector<CaseRun>& runs) {
  PLAYHEAD_CHECK(runs.size() == file.cases.size());
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].replay == nullptr) continue;
    const Case& c = file.cases[i];
    if (c.expect) bless_expect(*c.expect, *runs[i].replay, edits);
    for (const LogBlock& log : c.logs) {
      Status status = bless_log(file, log, runs[i].lines, edits);
      if (!status) return status.error();
    }
  }
  return applied(file.text, std::move(edits));
}

}  // namespace playhead::check
