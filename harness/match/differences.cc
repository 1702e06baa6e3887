#include "match/differences.h"

#include <algorithm>
#include <string_view>

#include "base/hash.h"
#include "base/json.h"
#include "base/json_pointer.h"
#include "match/canonical.h"

namespace playhead::match {
namespace {

constexpr std::uint64_t kAnyValue = 0;  // of a masked leaf

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The nearest place before `at` where a character begins.
std::size_t character_at(std::string_view text, std::size_t at) {
  // A character has four bytes at most; what is longer is not UTF-8 and is cut anywhere.
  for (std::size_t back = 0; back < 4 && back <= at; ++back) {
    if (at - back == text.size() || begins_character(text[at - back])) return at - back;
  }
  return at;
}

bool is_container(const JsonNode& node) {
  return node.kind == JsonNode::Kind::array || node.kind == JsonNode::Kind::object;
}

// One side of a difference as JSON: the value where it is short and JSON, otherwise a string.
std::string side(const JsonNode& node, const std::string& text, const std::string& other) {
  if (text.size() <= kShownBytesMax) {
    return node.kind == JsonNode::Kind::bytes ? json_string(text) : text;
  }
  const auto pair = std::mismatch(text.begin(), text.end(), other.begin(), other.end());
  return json_string(shortened(text, static_cast<std::size_t>(pair.first - text.begin())));
}

class Comparison {
 public:
  explicit Comparison(bool redacted) : redacted_(redacted) {}

  void texts(std::string_view at, const std::string& recorded, const std::string& sent) {
    if (fits(recorded, sent, false)) return;
    JsonNode a;
    JsonNode b;
    a.text = recorded;
    b.text = sent;
    add(std::string(at), &a, &b);
  }

  void nodes(const JsonNode* recorded, const JsonNode* sent) {
    if (recorded != nullptr && sent != nullptr && recorded->kind == sent->kind) {
      if (recorded->kind == JsonNode::Kind::object) return members(*recorded, *sent);
      if (recorded->kind == JsonNode::Kind::array) return items(*recorded, *sent);
      if (fits(recorded->text, sent->text, recorded->kind == JsonNode::Kind::scalar)) return;
    }
    if (recorded == nullptr && sent == nullptr) return;
    add(at_.empty() ? "body" : at_, recorded, sent);
  }

  void part(const FormPart& recorded, const FormPart& sent) {
    at_ = recorded.at;
    nodes(recorded.value ? &*recorded.value : nullptr, sent.value ? &*sent.value : nullptr);
  }

  DifferenceList take() { return std::move(list_); }

 private:
  bool fits(const std::string& recorded, const std::string& sent, bool in_json) const {
    if (recorded == sent) return true;
    if (!redacted_ || recorded.size() != sent.size()) return false;
    return masked_at(mask_spans(recorded), sent, in_json) == recorded;
  }

  void child(std::string_view name, const JsonNode* recorded, const JsonNode* sent) {
    const std::size_t size = at_.size();
    append_json_pointer(name, at_);
    nodes(recorded, sent);
    at_.resize(size);
  }

  void members(const JsonNode& recorded, const JsonNode& sent) {
    std::size_t a = 0;
    std::size_t b = 0;
    while (a < recorded.names.size() || b < sent.names.size()) {
      const bool has_a = a < recorded.names.size();
      const bool has_b = b < sent.names.size();
      const int order = !has_a ? 1 : !has_b ? -1 : recorded.names[a].compare(sent.names[b]);
      const std::string& name = order <= 0 ? recorded.names[a] : sent.names[b];
      child(name, order <= 0 ? &recorded.children[a] : nullptr,
            order >= 0 ? &sent.children[b] : nullptr);
      a += order <= 0 ? 1 : 0;
      b += order >= 0 ? 1 : 0;
    }
  }

  void items(const JsonNode& recorded, const JsonNode& sent) {
    const std::size_t count = std::max(recorded.children.size(), sent.children.size());
    for (std::size_t i = 0; i < count; ++i) {
      child(std::to_string(i), i < recorded.children.size() ? &recorded.children[i] : nullptr,
            i < sent.children.size() ? &sent.children[i] : nullptr);
    }
  }

  void add(const std::string& at, const JsonNode* recorded, const JsonNode* sent) {
    if (list_.shown.size() == kDifferencesMax) {
      ++list_.more;
      return;
    }
    const std::string was = recorded != nullptr ? text_of(*recorded) : "";
    const std::string is = sent != nullptr ? text_of(*sent) : "";
    Difference difference{shortened(at), "", ""};
    if (recorded != nullptr) difference.recorded = side(*recorded, was, is);
    if (sent != nullptr) {
      difference.sent =
          !redacted_ || mask_spans(was).empty()
              ? side(*sent, is, was)
              : json_string("(" + std::to_string(is.size()) + " bytes, masked in the recording)");
    }
    list_.shown.push_back(std::move(difference));
  }

  bool redacted_;
  std::string at_;
  DifferenceList list_;
};

class LeafCollector {
 public:
  explicit LeafCollector(bool redacted) : redacted_(redacted) {}

  void collect(const JsonNode& node) {
    if (leaves_.size() == kLeavesMax) return;
    if (!is_container(node) || node.children.empty()) {
      add(text_of(node));
      return;
    }
    for (std::size_t i = 0; i < node.children.size() && leaves_.size() < kLeavesMax; ++i) {
      const std::size_t size = at_.size();
      if (node.kind == JsonNode::Kind::object) {
        append_json_pointer(node.names[i], at_);
      } else {
        at_ += '/' + std::to_string(i);
      }
      collect(node.children[i]);
      at_.resize(size);
    }
  }

  void begin(const std::string& at) { at_ = at; }

  Leaves take() {
    std::sort(leaves_.begin(), leaves_.end());
    leaves_.shrink_to_fit();
    return std::move(leaves_);
  }

 private:
  void add(const std::string& text) {
    const bool masked = redacted_ && !mask_spans(text).empty();
    leaves_.push_back({hash64(at_), masked ? kAnyValue : std::max<std::uint64_t>(hash64(text), 1)});
  }

  bool redacted_;
  std::string at_;
  Leaves leaves_;
};

bool same_value(const Leaf& recorded, const Leaf& sent) {
  return recorded.value == sent.value || recorded.value == kAnyValue;
}

}  // namespace

DifferenceList differences_between(const RequestForm& recorded, const RequestForm& sent) {
  Comparison comparison(recorded.redacted);
  comparison.texts("method", recorded.method, sent.method);
  comparison.texts("path", recorded.target.path, sent.target.path);
  comparison.texts("query", recorded.target.query, sent.target.query);
  const FormPart whole;
  const std::size_t count = std::max(recorded.parts.size(), sent.parts.size());
  for (std::size_t i = 0; i < count; ++i) {
    const FormPart& a = i < recorded.parts.size() ? recorded.parts[i] : whole;
    const FormPart& b = i < sent.parts.size() ? sent.parts[i] : whole;
    // In mode `fields` a body that is no JSON stands against fields of one that is.
    if (a.at == b.at) {
      comparison.part(a, b);
    } else {
      comparison.part(a, {a.at, std::nullopt});
      comparison.part({b.at, std::nullopt}, b);
    }
  }
  return comparison.take();
}

Leaves leaves_of(const RequestForm& form) {
  LeafCollector collector(form.redacted);
  for (const FormPart& part : form.parts) {
    collector.begin(part.at);
    if (part.value) collector.collect(*part.value);
  }
  return collector.take();
}

std::size_t count_differences(const Leaves& recorded, const Leaves& sent) {
  std::size_t count = 0;
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < recorded.size() && b < sent.size()) {
    if (recorded[a].at == sent[b].at) {
      count += same_value(recorded[a++], sent[b++]) ? 0 : 1;
    } else {
      ++count;
      ++(recorded[a].at < sent[b].at ? a : b);
    }
  }
  return count + (recorded.size() - a) + (sent.size() - b);
}

std::string shortened(std::string_view text, std::size_t from) {
  if (text.size() <= kShownBytesMax) return std::string(text);
  from = std::min(from, text.size());
  std::size_t begin = from > kBeforeBytesMax ? from - kBeforeBytesMax : 0;
  begin = character_at(text, std::min(begin, text.size() - kShownBytesMax));
  const std::size_t end = character_at(text, std::min(begin + kShownBytesMax, text.size()));
  std::string out = begin > 0 ? "..." : "";
  out += text.substr(begin, end - begin);
  if (end < text.size()) out += "...";
  return out + " (" + std::to_string(text.size()) + " bytes)";
}

}  // namespace playhead::match
