#include "match/json_node.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "base/json.h"
#include "base/utf8.h"

namespace playhead::match {
namespace {

using Tokens = std::vector<std::string_view>;

std::size_t number_end(std::string_view text, std::size_t begin) {
  const std::size_t end = text.find_first_not_of("+-.0123456789eE", begin);
  return std::min(end, text.size());
}

// The number tokens of a JSON text in order, or nothing where it holds more than kJsonValuesMax
// values. Of a text that is no JSON they mean nothing.
std::optional<Tokens> number_tokens(std::string_view text) {
  Tokens tokens;
  std::size_t values = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
    } else if (c == ',' || c == '[' || c == '{') {
      ++values;
    } else if (c == '-' || is_digit(c)) {
      const std::size_t end = number_end(text, i);
      tokens.push_back(text.substr(i, end - i));
      i = end - 1;
    }
    if (std::max(values, tokens.size()) > kJsonValuesMax) return std::nullopt;
  }
  return tokens;
}

// Walks a document in the order of its text, so that each number finds its token: the document
// itself keeps only 64 bits of one.
class TreeBuilder {
 public:
  explicit TreeBuilder(Tokens tokens) : tokens_(std::move(tokens)) {}

  JsonNode build(const JsonValue& value) {
    if (value.IsObject()) return object(value);
    JsonNode node;
    if (value.IsArray()) {
      node.kind = JsonNode::Kind::array;
      node.children.reserve(value.Size());
      for (const JsonValue& item : value.GetArray()) node.children.push_back(build(item));
      return node;
    }
    node.kind = JsonNode::Kind::scalar;
    if (value.IsNumber()) {
      PLAYHEAD_CHECK(next_ < tokens_.size());
      node.text = canonical_number(tokens_[next_++]);
    } else if (value.IsString()) {
      append_json_string(playhead::text_of(value), node.text);
    } else {
      node.text = value.IsNull() ? "null" : value.GetBool() ? "true" : "false";
    }
    return node;
  }

 private:
  using Member = std::pair<std::string, JsonNode>;

  JsonNode object(const JsonValue& value) {
    std::vector<Member> members;
    members.reserve(value.MemberCount());
    for (const auto& entry : value.GetObject()) {
      members.emplace_back(to_utf8(playhead::text_of(entry.name)), build(entry.value));
    }
    std::stable_sort(members.begin(), members.end(),
                     [](const Member& a, const Member& b) { return a.first < b.first; });
    JsonNode node;
    node.kind = JsonNode::Kind::object;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i + 1 < members.size() && members[i + 1].first == members[i].first) continue;
      node.names.push_back(std::move(members[i].first));
      node.children.push_back(std::move(members[i].second));
    }
    return node;
  }

  Tokens tokens_;
  std::size_t next_ = 0;
};

void append_text(const JsonNode& node, std::string& out) {
  switch (node.kind) {
    case JsonNode::Kind::bytes:
    case JsonNode::Kind::scalar: out += node.text; return;
    case JsonNode::Kind::array:
    case JsonNode::Kind::object: break;
  }
  const bool is_object = node.kind == JsonNode::Kind::object;
  out += is_object ? '{' : '[';
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += ',';
    if (is_object) {
      append_json_string(node.names[i], out);
      out += ':';
    }
    append_text(node.children[i], out);
  }
  out += is_object ? '}' : ']';
}

// Exponents beyond it are all the same to us: no such number is anything but zero for a provider.
constexpr std::int64_t kExponentMax = 100'000'000'000'000'000;

std::int64_t read_exponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::int64_t value = 0;
  for (const char c : text) {
    if (is_digit(c)) value = std::min(value * 10 + (c - '0'), 10 * kExponentMax / 2);
  }
  return negative ? -value : value;
}

// Integers are written in full up to this many digits, as JavaScript does.
constexpr std::int64_t kFullDigitsMax = 21;
// And so are zeros behind the point up to this many.
constexpr std::int64_t kFractionZerosMax = 6;

// `digits` times ten to the power of `exponent`; digits without zeros at either end.
std::string spelled(const std::string& digits, std::int64_t exponent) {
  const auto count = static_cast<std::int64_t>(digits.size());
  const std::int64_t point = count + exponent;  // where the point stands, from the first digit
  const auto zeros = [](std::int64_t n) { return std::string(static_cast<std::size_t>(n), '0'); };
  if (exponent == 0 || (exponent > 0 && point <= kFullDigitsMax)) return digits + zeros(exponent);
  if (exponent < 0 && point > 0) {
    return std::string(digits).insert(static_cast<std::size_t>(point), ".");
  }
  if (exponent < 0 && point > -kFractionZerosMax) return "0." + zeros(-point) + digits;
  std::string out = digits;
  if (out.size() > 1) out.insert(1, ".");
  return out + "e" + std::to_string(point - 1);
}

// Splits "a/b" at its first slash.
std::string_view take_step(std::string_view& pointer) {
  const std::size_t end = std::min(pointer.find('/'), pointer.size());
  const std::string_view step = pointer.substr(0, end);
  pointer.remove_prefix(std::min(end + 1, pointer.size()));
  return step;
}

std::string unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool escape = step[i] == '~' && i + 1 < step.size();
    if (escape && (step[i + 1] == '0' || step[i + 1] == '1')) {
      out += step[++i] == '0' ? '~' : '/';
    } else {
      out += step[i];
    }
  }
  return out;
}

const JsonNode* child(const JsonNode& node, const std::string& step) {
  if (node.kind == JsonNode::Kind::object) {
    const auto found = std::lower_bound(node.names.begin(), node.names.end(), step);
    if (found == node.names.end() || *found != step) return nullptr;
    return &node.children[static_cast<std::size_t>(found - node.names.begin())];
  }
  // Nine digits fit into every index; longer ones name no item.
  const bool is_index = !step.empty() && step.size() < 10 &&
                        std::all_of(step.begin(), step.end(), is_digit) &&
                        (step.size() == 1 || step[0] != '0');
  if (node.kind != JsonNode::Kind::array || !is_index) return nullptr;
  const auto index = static_cast<std::size_t>(std::stoul(step));
  return index < node.children.size() ? &node.children[index] : nullptr;
}

}  // namespace

JsonNode read_node(std::string_view text) {
  JsonNode bytes;
  bytes.text = text;
  if (text.empty() || text.size() > kJsonBytesMax) return bytes;
  auto tokens = number_tokens(text);
  if (!tokens) return bytes;
  const auto document = parse_json(text);
  if (!document) return bytes;
  return TreeBuilder(std::move(*tokens)).build(*document);
}

std::string text_of(const JsonNode& node) {
  std::string out;
  append_text(node, out);
  return out;
}

std::string canonical_number(std::string_view number) {
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  PLAYHEAD_CHECK(!number.empty() && is_digit(number[0]));
  const std::size_t power = std::min(number.find_first_of("eE"), number.size());
  const std::string_view mantissa = number.substr(0, power);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  std::string digits(mantissa.substr(0, point));
  if (point < mantissa.size()) digits += mantissa.substr(point + 1);
  std::int64_t exponent = power < number.size() ? read_exponent(number.substr(power + 1)) : 0;
  exponent -= static_cast<std::int64_t>(digits.size() - point);
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return "0";
  const std::size_t kept = digits.find_last_not_of('0') + 1;
  exponent += static_cast<std::int64_t>(digits.size() - kept);
  digits.resize(kept);
  exponent = std::clamp(exponent, -kExponentMax, kExponentMax);
  return (negative ? "-" : "") + spelled(digits, exponent);
}

const JsonNode* find_node(const JsonNode& root, std::string_view pointer) {
  if (pointer.empty()) return &root;
  if (pointer[0] != '/') return nullptr;
  const JsonNode* node = &root;
  const bool ends_in_empty_name = pointer.ends_with('/');
  pointer.remove_prefix(1);
  while (node != nullptr && !pointer.empty()) node = child(*node, unescaped(take_step(pointer)));
  return node != nullptr && ends_in_empty_name ? child(*node, {}) : node;
}

}  // namespace playhead::match
