const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const steps: [Intl.RelativeTimeFormatUnit, number][] = [['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3_600], ['minute', 60]];

/** "3 hr. ago", "in 2 days". */
export function ago(instant: string, now = Date.now()): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  for (const [unit, length] of steps) if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  return relative.format(0, 'minute') === 'this minute' ? 'just now' : relative.format(Math.trunc(seconds), 'second');
}

/** Something that is planned: when it comes, or since when it waits. */
export const comes = (instant: string, now = Date.now()) => `${Date.parse(instant) < now ? 'due' : 'planned'} ${ago(instant, now)}`;

/** The exact instant, in the reader's own time. */
export const exactly = (instant: string) => dateTime.format(Date.parse(instant));

/** A day without a time, as it is stored: no time zone moves it. */
export const day = (isoDay: string) => date.format(new Date(`${isoDay}T12:00:00`));

export function dayAgo(isoDay: string, today = isoToday()): string {
  const days = Math.round((Date.parse(isoDay) - Date.parse(today)) / 86_400_000);
  return Math.abs(days) <= 13 ? relative.format(days, 'day') : day(isoDay);
}

export function isoToday(plusDays = 0): string {
  const now = new Date();
  now.setDate(now.getDate() + plusDays);
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}

/** Made once for each currency: to make one takes longer than to write a hundred amounts. */
const amounts = new Map<string, Intl.NumberFormat>();

export function money(amount: number, currency?: string | null): string {
  const maximumFractionDigits = Number.isInteger(amount) ? 0 : 2;
  const key = `${currency ?? ''} ${maximumFractionDigits}`;
  const format = amounts.get(key) ?? new Intl.NumberFormat(undefined, currency ? { style: 'currency', currency, maximumFractionDigits } : {});
  amounts.set(key, format);
  return format.format(amount);
}

const plain = new Intl.NumberFormat();
export const number = (value: number) => plain.format(value);

/** Up to 10,000 exactly. */
export const count = (value: number) => value > 10_000 ? `${number(10_000)}+` : number(value);
