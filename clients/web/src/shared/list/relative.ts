/** Days by their relation to today, as filters take them. */
export const relativeDays: { value: string; label: string }[] = [
  { value: 'today', label: 'Today' }, { value: 'yesterday', label: 'Yesterday' }, { value: 'tomorrow', label: 'Tomorrow' },
  { value: 'thisWeek', label: 'This week' }, { value: 'lastWeek', label: 'Last week' }, { value: 'nextWeek', label: 'Next week' },
  { value: 'thisMonth', label: 'This month' }, { value: 'lastMonth', label: 'Last month' }, { value: 'thisQuarter', label: 'This quarter' }, { value: 'lastQuarter', label: 'Last quarter' },
  { value: 'thisYear', label: 'This year' }, { value: 'lastYear', label: 'Last year' },
  { value: 'today-7d', label: '7 days ago' }, { value: 'today-14d', label: '14 days ago' }, { value: 'today-30d', label: '30 days ago' }, { value: 'today-90d', label: '90 days ago' },
  { value: 'today+7d', label: 'In 7 days' }, { value: 'today+30d', label: 'In 30 days' },
];

/** In words; null when it is a date of the calendar. */
export function relativeInWords(value: string): string | null {
  const known = relativeDays.find((one) => one.value === value);
  if (known) return known.label.toLowerCase();
  const days = /^today([+-])(\d+)d$/.exec(value);
  return days ? days[1] === '-' ? `${days[2]} days ago` : `in ${days[2]} days` : null;
}
