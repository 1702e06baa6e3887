// What is code in a C++ file: comments, literals, words and function bodies, read by hand.
#include <algorithm>
#include <cctype>

#include "ci/tidy_tree.h"

namespace playhead::ci {
namespace {

// Copies a file, blanking what is not to be seen.
class Blanker {
 public:
  Blanker(std::string_view text, bool keeps_literals)
      : text_(text), out_(text), keeps_literals_(keeps_literals) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (starts("//")) {
        blank_to(comment_end());
      } else if (starts("/*")) {
        blank_to(behind("*/", at_ + 2));
      } else if (text_[at_] == '"') {
        literal(is_raw() ? raw_end() : quoted_end('"'));
      } else if (text_[at_] == '\'' && !is_in_number()) {
        literal(quoted_end('\''));
      } else {
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  bool starts(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  std::size_t behind(std::string_view word, std::size_t from) const {
    const std::size_t found = text_.find(word, from);
    return found == std::string_view::npos ? text_.size() : found + word.size();
  }

  std::size_t comment_end() const {
    std::size_t end = text_.find('\n', at_);
    while (end != std::string_view::npos && text_[end - 1] == '\\') end = text_.find('\n', end + 1);
    return std::min(end, text_.size());
  }

  std::size_t quoted_end(char quote) const {
    for (std::size_t i = at_ + 1; i < text_.size() && text_[i] != '\n'; ++i) {
      if (text_[i] == quote) return i + 1;
      if (text_[i] == '\\') ++i;
    }
    return std::min(text_.find('\n', at_), text_.size());
  }

  bool is_raw() const {
    if (at_ == 0 || text_[at_ - 1] != 'R') return false;
    const std::size_t prefix = word_begin(at_ - 1);
    const std::string_view word = text_.substr(prefix, at_ - prefix);
    return word == "R" || word == "u8R" || word == "uR" || word == "UR" || word == "LR";
  }

  std::size_t raw_end() const {
    const std::size_t open = std::min(text_.find('(', at_), text_.size());
    const std::string delimiter(text_.substr(at_ + 1, open - at_ - 1));
    return behind(")" + delimiter + "\"", open);
  }

  std::size_t word_begin(std::size_t i) const {
    while (i > 0 && (is_word(text_[i - 1]) || text_[i - 1] == '\'')) --i;
    return i;
  }

  // Whether the quote at at_ is a digit separator.
  bool is_in_number() const {
    const std::size_t begin = word_begin(at_);
    return begin < at_ && std::isdigit(static_cast<unsigned char>(text_[begin])) != 0;
  }

  void literal(std::size_t end) {
    if (keeps_literals_) {
      at_ = end;
    } else {
      blank_to(end);
    }
  }

  void blank_to(std::size_t end) {
    for (; at_ < end; ++at_) {
      if (out_[at_] != '\n') out_[at_] = ' ';
    }
  }

  std::string_view text_;
  std::string out_;
  bool keeps_literals_;
  std::size_t at_ = 0;
};

char nearest_before(std::string_view text, std::size_t at) {
  while (at > 0 && std::isspace(static_cast<unsigned char>(text[at - 1])) != 0) --at;
  return at == 0 ? ' ' : text[at - 1];
}

char nearest_after(std::string_view text, std::size_t at) {
  while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0) ++at;
  return at == text.size() ? ' ' : text[at];
}

// The word before the `::` that ends at `end`; empty where there is none.
std::string_view scope_before(std::string_view text, std::size_t end) {
  if (end < 2 || text.substr(end - 2, 2) != "::") return {};
  std::size_t begin = end - 2;
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  return text.substr(begin, end - 2 - begin);
}

// The text with preprocessor lines, continued ones too, turned into blanks.
std::string without_directives(std::string_view code) {
  std::string out(code);
  bool continued = false;
  for (std::size_t begin = 0; begin < out.size();) {
    const std::size_t end = std::min(out.find('\n', begin), out.size());
    const bool directive = continued || nearest_after(code.substr(begin, end - begin), 0) == '#';
    continued = directive && end > begin && out[end - 1] == '\\';
    if (directive) out.replace(begin, end - begin, end - begin, ' ');
    begin = end + 1;
  }
  return out;
}

// Finds function bodies by what stands before an opening brace since the last `;` or brace.
class BodyFinder {
 public:
  explicit BodyFinder(std::string_view code) : code_(code) {}

  std::vector<FunctionBody> run() {
    for (; at_ < code_.size(); ++at_) {
      const char c = code_[at_];
      if (c == '{') {
        open();
      } else if (c == '}' || c == ';') {
        statement_.clear();
      } else {
        statement_.push_back(c);
      }
    }
    return std::move(bodies_);
  }

 private:
  void open() {
    if (opens_scope()) {
      statement_.clear();
      return;
    }
    const std::size_t begin = at_;
    at_ = closing();
    if (!is_body()) {
      statement_ += "{}";
      return;
    }
    const auto line_of = [this](std::size_t end) {
      const std::string_view above = code_.substr(0, end);
      return 1 + static_cast<int>(std::count(above.begin(), above.end(), '\n'));
    };
    bodies_.push_back({line_of(begin), line_of(at_) - line_of(begin) + 1});
    statement_.clear();
  }

  // The place of the brace that closes the one at at_.
  std::size_t closing() const {
    int depth = 0;
    for (std::size_t i = at_; i < code_.size(); ++i) {
      if (code_[i] == '{') ++depth;
      if (code_[i] == '}' && --depth == 0) return i;
    }
    return code_.size() - 1;
  }

  // The statement without a leading `template <...>`.
  std::string_view declaration() const {
    const std::string_view all = statement_;
    const std::size_t word = find_word(all, "template");
    if (word == std::string_view::npos) return all;
    int depth = 0;
    for (std::size_t i = word; i < all.size(); ++i) {
      if (all[i] == '<') ++depth;
      if (all[i] == '>' && --depth == 0) return all.substr(i + 1);
    }
    return all;
  }

  bool has(std::string_view word) const {
    return find_word(declaration(), word) != std::string_view::npos;
  }

  // Namespaces and types: functions inside them are looked for.
  bool opens_scope() const {
    if (has("namespace")) return true;
    const bool may_be_function = declaration().find('(') != std::string_view::npos;
    if (has("extern") && !may_be_function) return true;
    return !may_be_function && declaration().find('=') == std::string_view::npos &&
           (has("class") || has("struct") || has("union") || has("enum"));
  }

  // Not the braces of an initializer: `int x = {`, `int x{`, `X::X() : member_{`.
  bool is_body() const {
    const std::string_view text = declaration();
    int depth = 0;
    bool has_parameters = false;
    bool in_initializers = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '(') ++depth;
      if (text[i] == ')' && --depth == 0) has_parameters = true;
      if (depth != 0) continue;
      if (text[i] == '=' && !has_parameters && !has("operator")) return false;
      const bool doubled = text.substr(i, 2) == "::" || (i > 0 && text[i - 1] == ':');
      if (text[i] == ':' && !doubled && has_parameters) in_initializers = true;
    }
    if (!has_parameters) return false;
    const char last = nearest_before(text, text.size());
    return !in_initializers || last == ')' || last == '}';
  }

  std::string_view code_;
  std::size_t at_ = 0;
  std::string statement_;
  std::vector<FunctionBody> bodies_;
};

}  // namespace

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string without_comments(std::string_view text) { return Blanker(text, true).run(); }

std::string code_only(std::string_view text) { return Blanker(text, false).run(); }

std::vector<Word> words_of(std::string_view code) {
  std::vector<Word> words;
  int line = 1;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '\n') ++line;
    if (!is_word(code[i])) continue;
    std::size_t end = i;
    while (end < code.size() && is_word(code[end])) ++end;
    const std::string_view scope = scope_before(code, i);
    words.push_back({code.substr(i, end - i), line, nearest_before(code, i),
                     nearest_after(code, end), !scope.empty() && scope != "std", scope == "std"});
    i = end - 1;
  }
  return words;
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word(text[at - 1]);
    if (begins && (end == text.size() || !is_word(text[end]))) return at;
  }
  return std::string_view::npos;
}

std::vector<FunctionBody> function_bodies(std::string_view code) {
  return BodyFinder(without_directives(code)).run();
}

}  // namespace playhead::ci
