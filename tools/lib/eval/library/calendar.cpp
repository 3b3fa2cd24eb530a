// Module calendar: what scripts make versions and dates of.
#include <chrono>

#include "eval/library/support.h"

namespace relmk::eval {
namespace calendar_module {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr int64_t kSecondsOfDay = 24 * 60 * 60;

Term of_erlang(Evaluator& evaluator, std::string_view name) {
  return find_library_function("erlang", name, 0, 0)->call(evaluator, {});
}

Term local_time(Evaluator& evaluator, const Terms&) {
  return of_erlang(evaluator, "localtime");
}

Term universal_time(Evaluator& evaluator, const Terms&) {
  return of_erlang(evaluator, "universaltime");
}

int64_t number(const Term& term, int64_t least, int64_t most) {
  if (!term.is_small_integer() || term.as_integer() < least || term.as_integer() > most)
    leave_to_vm("calendar with odd times");
  return term.as_integer();
}

// Since the first day of year 0.
int64_t gregorian_days(const Term& date) {
  if (!date.is_tuple(3)) leave_to_vm("calendar with odd times");
  const year_month_day day{std::chrono::year(static_cast<int>(number(date[0], 0, 9999))),
                           std::chrono::month(static_cast<unsigned>(number(date[1], 1, 12))),
                           std::chrono::day(static_cast<unsigned>(number(date[2], 1, 31)))};
  if (!day.ok()) leave_to_vm("calendar with odd times");
  using namespace std::chrono_literals;
  return (sys_days(day) - sys_days(0y / 1 / 1)).count();
}

Term date_of(int64_t gregorian_days) {
  using namespace std::chrono_literals;
  const year_month_day day(sys_days(0y / 1 / 1) + std::chrono::days(gregorian_days));
  return Term::tuple({static_cast<int>(day.year()),
                      static_cast<int64_t>(static_cast<unsigned>(day.month())),
                      static_cast<int64_t>(static_cast<unsigned>(day.day()))});
}

Term date_to_gregorian_days(Evaluator&, const Terms& a) {
  return gregorian_days(a[0]);
}

Term datetime_to_gregorian_seconds(Evaluator&, const Terms& a) {
  if (!a[0].is_tuple(2) || !a[0][1].is_tuple(3)) leave_to_vm("calendar with odd times");
  const Term& time = a[0][1];
  return gregorian_days(a[0][0]) * kSecondsOfDay + number(time[0], 0, 23) * 3600 +
         number(time[1], 0, 59) * 60 + number(time[2], 0, 59);
}

Term gregorian_seconds_to_datetime(Evaluator&, const Terms& a) {
  const int64_t seconds = number(a[0], 0, 3'600'000 * kSecondsOfDay);
  const int64_t time = seconds % kSecondsOfDay;
  return Term::tuple(
      {date_of(seconds / kSecondsOfDay), Term::tuple({time / 3600, time / 60 % 60, time % 60})});
}

Term day_of_the_week(Evaluator&, const Terms& a) {
  return (gregorian_days(a[0]) + 5) % 7 + 1;
}

constexpr LibraryFunction kFunctions[] = {
    {"date_to_gregorian_days", 1, date_to_gregorian_days},
    {"datetime_to_gregorian_seconds", 1, datetime_to_gregorian_seconds},
    {"day_of_the_week", 1, day_of_the_week},
    {"gregorian_seconds_to_datetime", 1, gregorian_seconds_to_datetime},
    {"local_time", 0, local_time},
    {"universal_time", 0, universal_time},
};

}  // namespace
}  // namespace calendar_module

LibraryTable calendar_functions() {
  return calendar_module::kFunctions;
}

}  // namespace relmk::eval
