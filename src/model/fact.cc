#include "model/fact.h"

#include <utility>

namespace playhead {

void Facts::append(const Fact& fact) {
  rows_.push_back(Row{.at = fact.at,
                      .offset = fact.offset,
                      .size = fact.size,
                      .number = fact.number,
                      .text_begin = arena_.size(),
                      .name_size = static_cast<std::uint32_t>(fact.name.size()),
                      .detail_size = static_cast<std::uint32_t>(fact.detail.size()),
                      .text_size = static_cast<std::uint32_t>(fact.text.size()),
                      .exchange = fact.exchange,
                      .kind = fact.kind,
                      .status = fact.status});
  arena_.append(fact.name).append(fact.detail).append(fact.text);
}

void Facts::add_exchange(Instant at, ExchangeReport report) {
  add(Fact{.at = at,
           .kind = FactKind::exchange,
           .exchange = report.index,
           .number = static_cast<std::int64_t>(exchanges_.size())});
  exchanges_.push_back(std::move(report));
}

void Facts::add_outcome(Instant at, Outcome outcome) {
  add(Fact{.at = at, .kind = FactKind::outcome});
  outcome_ = std::move(outcome);
}

Fact Facts::operator[](std::size_t i) const {
  const Row& row = rows_[i];
  const std::string_view arena = arena_;
  const std::size_t detail = row.text_begin + row.name_size;
  const std::size_t text = detail + row.detail_size;
  return Fact{.at = row.at,
              .kind = row.kind,
              .exchange = row.exchange,
              .offset = row.offset,
              .size = row.size,
              .number = row.number,
              .status = row.status,
              .name = arena.substr(row.text_begin, row.name_size),
              .detail = arena.substr(detail, row.detail_size),
              .text = arena.substr(text, row.text_size)};
}

void Facts::clear() {
  rows_.clear();
  arena_.clear();
  exchanges_.clear();
  outcome_.reset();
}

}  // namespace playhead
