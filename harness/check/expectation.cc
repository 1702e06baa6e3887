// One walk over the expectation, with the actual value beside it.
#include "check/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <regex>
#include <utility>

#include "base/json_pointer.h"

namespace playhead::check {
namespace {

constexpr std::string_view kAbsent = "absent";

std::string child_pointer(std::string pointer, std::string_view name) {
  append_json_pointer(name, pointer);
  return pointer;
}

// libstdc++ recurses once for each character of the text unless told to search breadth first.
std::optional<std::regex> regex_of(std::string_view pattern, std::string& error) {
  auto flags = std::regex::ECMAScript;
#ifdef __GLIBCXX__
  flags |= std::regex_constants::__polynomial;
#endif
  if (pattern.size() > kRegexBytesMax) {
    error = fmt::format("longer than {} bytes", kRegexBytesMax);
    return std::nullopt;
  }
  try {
    return std::regex(pattern.begin(), pattern.end(), flags);
  } catch (const std::regex_error& failure) {
    error = failure.what();
    return std::nullopt;
  }
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string known_matchers() {
  std::string names;
  for (const auto& row : kMatchers) names.append(names.empty() ? "" : " ").append(row.name);
  return names;
}

Status validate(const JsonValue& expected, const std::string& pointer);

Status validate_matcher(Matcher matcher, const JsonValue& operand, std::size_t members,
                        const std::string& pointer) {
  const auto fail = [&](std::string_view what) {
    return Error{fmt::format("{}: `{}` {}", pointer, name_of(matcher), what)};
  };
  switch (matcher) {
    case Matcher::contains:
    case Matcher::last:
    case Matcher::each:
    case Matcher::negation: return validate(operand, pointer);
    case Matcher::nowhere:
      if (operand.IsString() && operand.GetStringLength() > 0) return Done{};
      return fail("needs a text that is not empty");
    case Matcher::matches: {
      if (!operand.IsString()) return fail("needs a regular expression as text");
      std::string error;
      if (regex_of(text_of(operand), error)) return Done{};
      return fail(fmt::format("has a bad regular expression ({}); correct it", error));
    }
    case Matcher::prefix:
      if (!operand.IsString()) return fail("needs a text");
      return Done{};
    case Matcher::absent:
      if (members > 1) return fail("stands alone; remove the others");
      if (!operand.IsTrue()) return fail("is written with true; for the opposite write `$any`");
      return Done{};
    case Matcher::any:
      if (!operand.IsTrue()) return fail("is written with true; for the opposite write `$absent`");
      return Done{};
    case Matcher::length:
      if (!operand.IsUint64()) return fail("needs a whole number, 0 or more");
      return Done{};
  }
  return Done{};
}

Status validate_member(const JsonValue& object, std::string_view name, const JsonValue& value,
                       const std::string& pointer) {
  if (!is_matcher(object)) return validate(value, child_pointer(pointer, name));
  if (!name.starts_with('$')) {
    return Error{
        fmt::format("{}: `{}` stands beside matchers; an object has either members or "
                    "matchers",
                    pointer, name)};
  }
  const std::optional<Matcher> matcher = find_in(kMatchers, name);
  if (matcher) return validate_matcher(*matcher, value, object.MemberCount(), pointer);
  return Error{fmt::format("{}: unknown matcher `{}`; known: {}", pointer, name, known_matchers())};
}

Status validate(const JsonValue& expected, const std::string& pointer) {
  if (expected.IsObject()) {
    for (const auto& entry : expected.GetObject()) {
      Status status = validate_member(expected, text_of(entry.name), entry.value, pointer);
      if (!status) return status;
    }
  }
  if (expected.IsArray()) {
    for (rapidjson::SizeType i = 0; i < expected.Size(); ++i) {
      Status status = validate(expected[i], child_pointer(pointer, std::to_string(i)));
      if (!status) return status;
    }
  }
  return Done{};
}

// Whole numbers exactly; others up to the last digits, because reading and printing may round.
bool same_number(const JsonValue& a, const JsonValue& b) {
  if (a.IsUint64() && b.IsUint64()) return a.GetUint64() == b.GetUint64();
  if (a.IsInt64() && b.IsInt64()) return a.GetInt64() == b.GetInt64();
  const double x = a.GetDouble();
  const double y = b.GetDouble();
  constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();
  return std::abs(x - y) <= kRounding * std::max(std::abs(x), std::abs(y));
}

bool contains(const JsonValue& operand, const JsonValue& actual) {
  if (actual.IsArray()) {
    const auto elements = actual.GetArray();
    return std::any_of(elements.begin(), elements.end(),
                       [&](const JsonValue& element) { return holds(operand, &element); });
  }
  return actual.IsString() && operand.IsString() &&
         text_of(actual).find(text_of(operand)) != std::string_view::npos;
}

bool matches(const JsonValue& operand, const JsonValue& actual) {
  if (!actual.IsString() || !operand.IsString()) return false;
  std::string error;
  const std::optional<std::regex> regex = regex_of(text_of(operand), error);
  const std::string_view text = text_of(actual);
  return regex && std::regex_search(text.begin(), text.end(), *regex);
}

bool has_length(const JsonValue& operand, const JsonValue& actual) {
  if (!operand.IsUint64()) return false;
  const std::uint64_t length = operand.GetUint64();
  if (actual.IsArray()) return actual.Size() == length;
  if (actual.IsObject()) return actual.MemberCount() == length;
  return actual.IsString() && code_points(text_of(actual)) == length;
}

bool is_nowhere(std::string_view part, const JsonValue& actual) {
  const auto clear = [part](const JsonValue& value) { return is_nowhere(part, value); };
  if (actual.IsString()) return text_of(actual).find(part) == std::string_view::npos;
  if (actual.IsArray()) {
    return std::all_of(actual.Begin(), actual.End(), clear);
  }
  if (!actual.IsObject()) return true;
  const auto members = actual.GetObject();
  return std::all_of(members.begin(), members.end(), [&](const auto& entry) {
    return text_of(entry.name) != part && clear(entry.value);
  });
}

bool each_holds(const JsonValue& operand, const JsonValue& actual) {
  return actual.IsArray() &&
         std::all_of(actual.Begin(), actual.End(),
                     [&operand](const JsonValue& element) { return holds(operand, &element); });
}

bool matcher_holds(std::string_view name, const JsonValue& operand, const JsonValue* actual) {
  const std::optional<Matcher> matcher = find_in(kMatchers, name);
  if (!matcher) return false;
  if (*matcher == Matcher::absent) return actual == nullptr;
  if (*matcher == Matcher::negation) return !holds(operand, actual);
  if (actual == nullptr) return false;
  switch (*matcher) {
    case Matcher::contains: return contains(operand, *actual);
    case Matcher::matches: return matches(operand, *actual);
    case Matcher::prefix:
      return actual->IsString() && operand.IsString() &&
             text_of(*actual).starts_with(text_of(operand));
    case Matcher::absent:
    case Matcher::negation: return false;
    case Matcher::any: return true;
    case Matcher::length: return has_length(operand, *actual);
    case Matcher::last:
      return actual->IsArray() && !actual->Empty() && holds(operand, actual->End() - 1);
    case Matcher::each: return each_holds(operand, *actual);
    case Matcher::nowhere: return operand.IsString() && is_nowhere(text_of(operand), *actual);
  }
  return false;
}

class Comparison {
 public:
  explicit Comparison(std::vector<Difference>& found) : found_(found) {}

  void value(const JsonValue& expected, const JsonValue* actual, const std::string& pointer) {
    if (is_matcher(expected)) return matchers(expected, actual, pointer);
    if (actual == nullptr) return add(pointer, &expected, nullptr);
    if (speaks_of_parts(expected, *actual)) return object(expected, *actual, pointer);
    if (expected.IsArray() && actual->IsArray()) return array(expected, *actual, pointer);
    if (!same_scalar(expected, *actual)) add(pointer, &expected, actual);
  }

 private:
  void matchers(const JsonValue& expected, const JsonValue* actual, const std::string& pointer) {
    const auto members = expected.GetObject();
    const bool all = std::all_of(members.begin(), members.end(), [&](const auto& entry) {
      return matcher_holds(text_of(entry.name), entry.value, actual);
    });
    if (!all) add(pointer, &expected, actual);
  }

  void object(const JsonValue& expected, const JsonValue& actual, const std::string& pointer) {
    for (const auto& entry : expected.GetObject()) {
      const std::string_view name = text_of(entry.name);
      value(entry.value, part_named(actual, name), child_pointer(pointer, name));
    }
  }

  void array(const JsonValue& expected, const JsonValue& actual, const std::string& pointer) {
    for (rapidjson::SizeType i = 0; i < std::max(expected.Size(), actual.Size()); ++i) {
      const std::string at = child_pointer(pointer, std::to_string(i));
      if (i >= expected.Size()) {
        add(at, nullptr, &actual[i]);
      } else if (i >= actual.Size()) {
        add(at, &expected[i], nullptr);
      } else {
        value(expected[i], &actual[i], at);
      }
    }
  }

  static bool same_scalar(const JsonValue& expected, const JsonValue& actual) {
    if (expected.IsNumber() && actual.IsNumber()) return same_number(expected, actual);
    if (expected.IsString() && actual.IsString()) return text_of(expected) == text_of(actual);
    return expected.GetType() == actual.GetType() && !expected.IsObject() && !expected.IsArray();
  }

  void add(const std::string& pointer, const JsonValue* expected, const JsonValue* actual) {
    const auto text = [](const JsonValue* json) {
      return json == nullptr ? std::string(kAbsent) : json_text(*json);
    };
    found_.push_back({pointer, text(expected), text(actual)});
  }

  std::vector<Difference>& found_;
};

}  // namespace

bool is_matcher(const JsonValue& expected) {
  if (!expected.IsObject()) return false;
  const auto members = expected.GetObject();
  return std::any_of(members.begin(), members.end(),
                     [](const auto& entry) { return text_of(entry.name).starts_with('$'); });
}

const JsonValue* part_named(const JsonValue& actual, std::string_view name) {
  if (actual.IsArray()) {
    rapidjson::SizeType index = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    const bool whole = error == std::errc{} && end == name.data() + name.size();
    return whole && index < actual.Size() ? &actual[index] : nullptr;
  }
  if (const JsonValue* found = member(actual, name)) return found;
  const JsonValue* outcome = name == "requests" ? member(actual, "outcome") : nullptr;
  return outcome == nullptr ? nullptr : member(*outcome, name);
}

bool speaks_of_parts(const JsonValue& expected, const JsonValue& actual) {
  if (!expected.IsObject() || is_matcher(expected)) return false;
  if (actual.IsObject()) return true;
  const auto members = expected.GetObject();
  return actual.IsArray() && !members.ObjectEmpty() &&
         std::all_of(members.begin(), members.end(), [](const auto& entry) {
           return !text_of(entry.name).empty() &&
                  text_of(entry.name).find_first_not_of("0123456789") == std::string_view::npos;
         });
}

Status validate_expectation(const JsonValue& expected) { return validate(expected, ""); }

std::vector<Difference> compare(const JsonValue& expected, const JsonValue& actual) {
  std::vector<Difference> found;
  Comparison(found).value(expected, &actual, "");
  return found;
}

bool holds(const JsonValue& expected, const JsonValue* actual) {
  std::vector<Difference> found;
  Comparison(found).value(expected, actual, "");
  return found.empty();
}

}  // namespace playhead::check
