// A tree of what the paths have named so far.
#include "provider/partial_arguments.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/utf8.h"

namespace playhead::provider {
namespace {

// The value of a piece: the first of these members that is one. A null is a value only alone.
std::optional<JsonView> value_of(const JsonView& piece) {
  for (const std::string_view name : {"stringValue", "numberValue", "boolValue"}) {
    const auto value = piece.find(name);
    if (value && !value->is_null()) return value;
  }
  return piece.find("nullValue");
}

}  // namespace

void PartialArguments::set(const JsonView& arguments) {
  if (arguments.is_object()) root_ = node_of(arguments);
}

bool PartialArguments::add(const JsonView& piece) {
  const auto value = value_of(piece);
  if (!value || !read_path(piece.text_at("jsonPath"), steps_)) return false;
  Node* const node = reach(steps_);
  if (node == nullptr) return false;
  if (value->is_string() && piece.has("stringValue")) {
    become(Kind::text, *node);
    append_joined(value->text(), node->text);
    const auto more = piece.find("willContinue");
    node->is_open = more && more->is_true();
  } else {
    become(Kind::scalar, *node);
    node->text = value->is_number() || value->is_bool() ? value->json() : "null";
  }
  return true;
}

std::string PartialArguments::json() const {
  std::string out;
  append_json(root_, false, out);
  return out;
}

std::string PartialArguments::json_so_far() const {
  std::string out;
  append_json(root_, true, out);
  return out;
}

PartialArguments::Node PartialArguments::node_of(const JsonView& value) {
  Node node;
  if (value.is_string()) {
    node.kind = Kind::text;
    node.text = value.text();
  } else if (value.is_object()) {
    node.kind = Kind::object;
    value.each_member([&node](std::string_view name, const JsonView& member) {
      node.keys.emplace_back(name);
      node.values.push_back(node_of(member));
    });
  } else if (value.is_array()) {
    node.kind = Kind::array;
    value.each_element([&node](const JsonView& item) { node.values.push_back(node_of(item)); });
  } else {
    node.text = value.json();
  }
  return node;
}

bool PartialArguments::append_json(const Node& node, bool may_end_within, std::string& out) {
  if (node.kind == Kind::scalar) {
    out.append(node.text);
    return true;
  }
  if (node.kind == Kind::text) {
    append_json_string(node.text, out);
    if (!may_end_within || !node.is_open) return true;
    out.pop_back();  // the closing quote
    return false;
  }
  const bool is_object = node.kind == Kind::object;
  out.push_back(is_object ? '{' : '[');
  for (std::size_t i = 0; i < node.values.size(); ++i) {
    if (i > 0) out.push_back(',');
    if (is_object) {
      append_json_string(node.keys[i], out);
      out.push_back(':');
    }
    if (!append_json(node.values[i], may_end_within, out)) return false;
  }
  out.push_back(is_object ? '}' : ']');
  return true;
}

// `$.a.b[0]['c d']`; the root alone is no path.
bool PartialArguments::read_path(std::string_view path, std::vector<Step>& steps) {
  steps.clear();
  if (!path.starts_with('$')) return false;
  path.remove_prefix(1);
  while (!path.empty()) {
    if (steps.size() >= kPartialStepsMax) return false;
    Step& step = steps.emplace_back();
    const char first = path.front();
    path.remove_prefix(1);
    if (first == '[') {
      if (!read_bracket(path, step)) return false;
    } else if (first == '.') {
      const std::size_t size = std::min(path.find_first_of(".["), path.size());
      if (size == 0) return false;
      step.key = path.substr(0, size);
      path.remove_prefix(size);
    } else {
      return false;
    }
  }
  return !steps.empty() && steps.front().into == Kind::object;
}

// What follows an opening bracket, the closing one included: digits, or a key in quotes.
bool PartialArguments::read_bracket(std::string_view& path, Step& step) {
  if (path.starts_with('\'') || path.starts_with('"')) {
    const char quote = path.front();
    std::size_t at = 1;
    for (; at < path.size() && path[at] != quote; ++at) {
      if (path[at] == '\\' && at + 1 < path.size()) ++at;
      step.key.push_back(path[at]);
    }
    if (!path.substr(std::min(at + 1, path.size())).starts_with(']')) return false;
    path.remove_prefix(at + 2);
    return true;
  }
  step.into = Kind::array;
  std::size_t at = 0;
  for (; at < path.size() && path[at] >= '0' && path[at] <= '9'; ++at) {
    step.position = step.position * 10 + static_cast<std::size_t>(path[at] - '0');
    if (step.position > kPartialValuesMax) return false;
  }
  if (at == 0 || !path.substr(at).starts_with(']')) return false;
  path.remove_prefix(at + 1);
  return true;
}

// A value of another kind at the same path is replaced.
void PartialArguments::become(Kind kind, Node& node) {
  if (node.kind == kind) return;
  node = Node();
  node.kind = kind;
  node.text.clear();
}

PartialArguments::Node* PartialArguments::reach(const std::vector<Step>& steps) {
  std::size_t needed = steps.size();
  for (const Step& step : steps) needed += step.position;
  if (values_ + needed > kPartialValuesMax) return nullptr;
  Node* node = &root_;
  for (const Step& step : steps) node = step_into(*node, step);
  return node;
}

PartialArguments::Node* PartialArguments::step_into(Node& node, const Step& step) {
  become(step.into, node);
  if (step.into == Kind::array) {
    const std::size_t old_size = node.values.size();
    if (step.position >= old_size) {
      node.values.resize(step.position + 1);
      values_ += node.values.size() - old_size;
    }
    return &node.values[step.position];
  }
  const auto known = std::find(node.keys.begin(), node.keys.end(), step.key);
  if (known != node.keys.end()) {
    return &node.values[static_cast<std::size_t>(known - node.keys.begin())];
  }
  ++values_;
  node.keys.push_back(step.key);
  return &node.values.emplace_back();
}

}  // namespace playhead::provider
