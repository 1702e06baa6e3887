// A strict JSON reader that stops where the text does.
#include "repair/json_prefix.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/json.h"

namespace playhead::repair {
namespace {

class PrefixReader {
 public:
  explicit PrefixReader(std::string_view text) : text_(text) {}

  JsonPrefix read() {
    while (cut_ == JsonCut::none && !bad_) {
      skip_blanks();
      if (at_ == text_.size()) break;
      step(text_[at_]);
    }
    return result();
  }

 private:
  enum class Expect : std::uint8_t {
    object,     // nothing yet
    first_key,  // or the end of the object
    key,
    colon,
    first_element,  // or the end of the array
    value,          // of a member
    element,        // of an array, behind a comma
    comma,          // or a closer
    nothing,        // the object is whole
  };

  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != kNone) ++at_;
  }

  void step(char c) {
    switch (expect_) {
      case Expect::object: return c == '{' ? open('}') : fail();
      case Expect::first_key:
        if (c == '}') return close(c);
        [[fallthrough]];
      case Expect::key: return c == '"' ? read_string(Expect::colon) : fail();
      case Expect::colon: return c == ':' ? go_on(Expect::value) : fail();
      case Expect::first_element:
        if (c == ']') return close(c);
        [[fallthrough]];
      case Expect::value:
      case Expect::element: return read_value(c);
      case Expect::comma: return c == ',' ? read_comma() : close(c);
      case Expect::nothing: return fail();
    }
  }

  void fail() { bad_ = true; }

  void go_on(Expect expect) {
    ++at_;
    expect_ = expect;
  }

  void open(char closer) {
    if (closers_.size() == kJsonDepthMax) return fail();
    closers_.push_back(closer);
    go_on(closer == '}' ? Expect::first_key : Expect::first_element);
  }

  void close(char c) {
    if (closers_.back() != c) return fail();
    closers_.pop_back();
    go_on(closers_.empty() ? Expect::nothing : Expect::comma);
  }

  void read_comma() { go_on(closers_.back() == '}' ? Expect::key : Expect::element); }

  void read_value(char c) {
    switch (c) {
      case '{': return open('}');
      case '[': return open(']');
      case '"': return read_string(Expect::comma);
      case 't': return read_word("true");
      case 'f': return read_word("false");
      case 'n': return read_word("null");
      default: return read_number();
    }
  }

  void read_string(Expect next) {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') return go_on(next);
      if (static_cast<unsigned char>(c) < 0x20) return fail();
      if (c == '\\' && !read_escape()) return;
    }
    cut_ = JsonCut::in_string;
  }

  // Moves to the escape's last byte. False where it is cut or wrong.
  bool read_escape() {
    if (++at_ == text_.size()) {
      cut_ = JsonCut::in_string;
      return false;
    }
    if (text_[at_] != 'u') {
      bad_ = std::string_view("\"\\/bfnrt").find(text_[at_]) == kNone;
      return !bad_;
    }
    for (int digits = 0; digits < 4; ++digits) {
      if (++at_ == text_.size()) {
        cut_ = JsonCut::in_string;
        return false;
      }
      if (!is_hex_digit(text_[at_])) {
        fail();
        return false;
      }
    }
    return true;
  }

  void read_word(std::string_view word) {
    const std::string_view here = text_.substr(at_, word.size());
    if (here != word.substr(0, here.size())) return fail();
    at_ += here.size();
    if (here.size() < word.size()) {
      cut_ = JsonCut::in_scalar;
    } else {
      expect_ = Expect::comma;
    }
  }

  void read_number() {
    if (text_[at_] == '-') ++at_;
    if (at_ < text_.size() && text_[at_] == '0') {
      ++at_;
    } else if (!read_digits()) {
      return;
    }
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      if (!read_digits()) return;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (!read_digits()) return;
    }
    expect_ = Expect::comma;
  }

  // At least one digit. False where the text ends or something else stands here.
  bool read_digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ > start) return true;
    if (at_ == text_.size()) {
      cut_ = JsonCut::in_scalar;
    } else {
      fail();
    }
    return false;
  }

  JsonCut cut_between() const {
    switch (expect_) {
      case Expect::object:
      case Expect::nothing: return JsonCut::none;
      case Expect::first_key:
      case Expect::first_element: return JsonCut::after_opener;
      case Expect::colon: return JsonCut::after_key;
      case Expect::value: return JsonCut::after_colon;
      case Expect::comma: return JsonCut::after_value;
      case Expect::key:
      case Expect::element: return JsonCut::after_comma;
    }
    return JsonCut::none;
  }

  JsonPrefix result() const {
    if (bad_ || expect_ == Expect::object) return {};
    if (expect_ == Expect::nothing) return {JsonExtent::object, JsonCut::none, {}};
    return {JsonExtent::beginning, cut_ == JsonCut::none ? cut_between() : cut_,
            std::string(closers_.rbegin(), closers_.rend())};
  }

  static constexpr std::size_t kNone = std::string_view::npos;

  std::string_view text_;
  std::size_t at_ = 0;
  Expect expect_ = Expect::object;
  std::string closers_;  // outermost first, at most kJsonDepthMax
  JsonCut cut_ = JsonCut::none;
  bool bad_ = false;
};

}  // namespace

JsonPrefix read_json_prefix(std::string_view text) { return PrefixReader(text).read(); }

}  // namespace playhead::repair
