// A slow second reading of SPEC 3 over a whole text, for tests and fuzz targets to compare with.
#ifndef PLAYHEAD_THINK_TESTING_H_
#define PLAYHEAD_THINK_TESTING_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "think/think_scanner.h"

namespace playhead::think {

inline bool operator==(const ScanNote& a, const ScanNote& b) {
  return a.anomaly == b.anomaly && a.offset == b.offset;
}

inline bool operator==(const ScanResult& a, const ScanResult& b) {
  return a.visible == b.visible && a.reasoning == b.reasoning && a.saw_opener == b.saw_opener &&
         a.notes == b.notes;
}

// Reads from front to back with the whole text in sight: no state but the place and the line.
class SlowScan {
 public:
  SlowScan(std::string_view text, ScanOptions options)
      : text_(text), hold_(static_cast<std::size_t>(options.hold_bytes)) {
    if (options.starts_inside && !text.empty()) take_block(0, 0);
    while (at_ < text_.size()) take_next();
  }

  ScanResult result() const { return result_; }

 private:
  enum class Kind { none, opener, empty, closer };
  struct SlowTag {
    Kind kind = Kind::none;
    std::string name;
    std::size_t end = 0;
  };

  static bool is_think_name(const std::string& name) {
    const std::array<std::string, 5> names = {"think", "thinking", "reasoning", "thought",
                                              "reasoning_scratchpad"};
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  static bool is_tool_name(const std::string& name) {
    const std::array<std::string, 5> names = {"tool_call", "tool_calls", "tool_result",
                                              "function_call", "function_calls"};
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  SlowTag tag_at(std::size_t at) const {
    const std::size_t limit = std::min<std::size_t>(std::max<std::size_t>(hold_, 64), 4096);
    const std::size_t close = text_.find('>', at);
    if (close == std::string_view::npos || close + 1 - at > limit) return {};
    std::string inner(text_.substr(at + 1, close - at - 1));
    if (inner.find('<') != std::string::npos) return {};
    for (char& c : inner) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (!inner.empty() && inner[0] == '/') {
      inner.erase(0, 1);
      inner.erase(inner.find_last_not_of(" \t\n") + 1);
      return {Kind::closer, inner, close + 1};
    }
    const bool empty = !inner.empty() && inner.back() == '/';
    if (empty) inner.pop_back();
    return {empty ? Kind::empty : Kind::opener, inner.substr(0, inner.find_first_of(" \t\n")),
            close + 1};
  }

  // The offset of the first closer that `opener` accepts, from `at` on; npos if there is none.
  std::size_t closer_of(const std::string& opener, std::size_t at) const {
    for (; at < text_.size(); ++at) {
      if (text_[at] != '<') continue;
      const SlowTag tag = tag_at(at);
      if (tag.kind != Kind::closer) continue;
      if (tag.name == opener || (is_think_name(opener) && is_think_name(tag.name))) return at;
    }
    return std::string_view::npos;
  }

  std::size_t line_end() const { return std::min(text_.find('\n', at_), text_.size()); }

  static bool blank(std::string_view text) {
    return text.find_first_not_of(" \t\n") == std::string_view::npos;
  }

  void show(std::size_t end) {
    const std::string_view text = text_.substr(at_, end - at_);
    result_.visible += text;
    if (!blank(text)) apart_ = true;
    at_ = end;
    pass(text);
  }

  void pass(std::string_view text) {
    for (const char c : text) {
      line_ += c;
      if (c == '\n') line_.clear();
      if (c == '\n') literal_run_ = false;
    }
  }

  void reason(std::string_view text) {
    if (text.empty()) return;
    if (apart_ && !result_.reasoning.empty()) result_.reasoning += "\n\n";
    apart_ = false;
    result_.reasoning += text;
    result_.saw_opener = true;
  }

  void take_block(std::size_t opener, std::size_t start) {
    const std::size_t closer = closer_of("think", start);
    reason(text_.substr(start, closer == std::string_view::npos ? closer : closer - start));
    at_ = closer == std::string_view::npos ? text_.size() : tag_at(closer).end;
    if (closer != std::string_view::npos) return;
    result_.notes.push_back({Anomaly::think_unterminated, opener});
  }

  void take_next() {
    if (text_[at_] == '`' || text_[at_] == '~') return take_run(text_[at_]);
    if (text_[at_] == '<') return take_tag(tag_at(at_));
    show(at_ + 1);
  }

  void take_run(char c) {
    const std::size_t end = std::min(text_.find_first_not_of(c, at_), text_.size());
    const std::size_t length = end - at_;
    const bool line_start = blank(line_) && line_.size() <= 3;
    const std::string_view behind = text_.substr(end, std::max(line_end(), end) - end);
    if (line_start && length >= 3 && (c == '~' || behind.find('`') == std::string_view::npos)) {
      return show(fence_end(c, length));
    }
    if (c == '~') return show(end);
    for (std::size_t i = 0; i < behind.size(); ++i) {
      if (behind[i] != '`') continue;
      const std::size_t run_end = std::min(behind.find_first_not_of('`', i), behind.size());
      if (run_end - i == length) return show(end + run_end);
      i = run_end - 1;
    }
    show(end);
    literal_run_ = true;
  }

  std::size_t fence_end(char c, std::size_t length) const {
    std::size_t line = line_end();
    while (line < text_.size()) {
      ++line;
      const std::size_t next = std::min(text_.find('\n', line), text_.size());
      std::string_view body = text_.substr(line, next - line);
      const std::size_t indent = std::min(body.find_first_not_of(" \t"), body.size());
      body.remove_prefix(indent);
      const std::size_t run = std::min(body.find_first_not_of(c), body.size());
      body.remove_prefix(run);
      const bool closes = indent <= 3 && run >= length;
      if (closes && body.find_first_not_of(" \t\r") == std::string_view::npos) {
        return std::min(next + 1, text_.size());
      }
      line = next;
    }
    return text_.size();
  }

  void take_tag(const SlowTag& tag) {
    const bool is_think = is_think_name(tag.name);
    const bool is_tool = is_tool_name(tag.name) && tag.kind == Kind::opener;
    if (tag.kind == Kind::none || !(is_think || is_tool)) return show(at_ + 1);
    if (literal_run_ && line_end() - at_ >= hold_) return show(at_ + 1);
    literal_run_ = false;
    if (tag.kind == Kind::empty) {
      at_ = tag.end;
    } else if (tag.kind == Kind::closer) {
      result_.notes.push_back({Anomaly::think_orphan_closer, at_});
      apart_ = true;
      at_ = std::min(text_.find_first_not_of(" \t\n", tag.end), text_.size());
      pass(text_.substr(tag.end, at_ - tag.end));
    } else {
      take_opener(tag, is_think);
    }
  }

  void take_opener(const SlowTag& tag, bool is_think) {
    const std::string_view visible = result_.visible;
    if (is_think) result_.saw_opener = true;
    if (is_think && blank(visible.substr(visible.rfind('\n') + 1))) {
      return take_block(at_, tag.end);
    }
    const std::size_t closer = closer_of(tag.name, tag.end);
    if (closer == std::string_view::npos || tag_at(closer).end - at_ > hold_) {
      return show(at_ + 1);
    }
    if (is_think) {
      reason(text_.substr(tag.end, closer - tag.end));
    } else {
      result_.notes.push_back({Anomaly::tool_markup_in_content, at_});
      apart_ = true;
    }
    at_ = tag_at(closer).end;
  }

  std::string_view text_;
  std::size_t hold_;
  std::size_t at_ = 0;
  std::string line_;          // the line outside blocks, so far
  bool literal_run_ = false;  // backticks stand on it that open no span
  bool apart_ = false;        // more than blanks since the last block
  ScanResult result_;
};

inline ScanResult slow_scan(std::string_view text, ScanOptions options = {}) {
  return SlowScan(text, options).result();
}

// The result of feeding `text` in pieces; `length_of(rest)` gives the length of the next one, >= 1.
template <typename LengthOf>
ScanResult scan_pieces(std::string_view text, ScanOptions options, LengthOf length_of) {
  ThinkScanner scanner(options);
  ScanResult result;
  while (!text.empty()) {
    const std::size_t length = std::min<std::size_t>(length_of(text), text.size());
    const std::string piece(text.substr(0, length));  // gone before the next one comes
    scanner.feed(piece);
    result.visible += scanner.visible();
    text.remove_prefix(length);
  }
  scanner.finish();
  result.visible += scanner.visible();
  result.reasoning = scanner.reasoning();
  result.saw_opener = scanner.saw_opener();
  result.notes = scanner.notes();
  return result;
}

}  // namespace playhead::think

#endif  // PLAYHEAD_THINK_TESTING_H_
