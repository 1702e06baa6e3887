// Tables of public names: one row for each enumerator, in the enum's order, checked at compile
// time.
#ifndef PLAYHEAD_BASE_NAME_TABLE_H_
#define PLAYHEAD_BASE_NAME_TABLE_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace playhead {

template <typename Enum>
struct NameRow {
  Enum value;
  std::string_view name;     // stable, public
  std::string_view meaning;  // one line for people
};

template <typename Enum, std::size_t N>
using NameTable = std::array<NameRow<Enum>, N>;

// Whether row i holds enumerator i and the last row holds `last`. Use in a static_assert.
template <typename Enum, std::size_t N>
constexpr bool covers_enum(const NameTable<Enum, N>& table, Enum last) {
  for (std::size_t i = 0; i < N; ++i) {
    if (static_cast<std::size_t>(table[i].value) != i || table[i].name.empty()) return false;
  }
  return static_cast<std::size_t>(last) + 1 == N;
}

template <typename Enum, std::size_t N>
constexpr std::string_view name_in(const NameTable<Enum, N>& table, Enum value) {
  return table[static_cast<std::size_t>(value)].name;
}

// The enumerator of that name, or nothing.
template <typename Enum, std::size_t N>
constexpr std::optional<Enum> find_in(const NameTable<Enum, N>& table, std::string_view name) {
  for (const NameRow<Enum>& row : table) {
    if (row.name == name) return row.value;
  }
  return std::nullopt;
}

}  // namespace playhead

#endif  // PLAYHEAD_BASE_NAME_TABLE_H_
