/** Words a day near to now: today, yesterday, 19 November, with the year where it is another one. */
import type { EpochMillis } from '../ports/time.ts';

/** Regions by language. Their order of day and month is read most widely. */
const regions: Readonly<Record<string, string>> = { en: 'en-GB' };

/** The language with the region of its dates, where it needs one. */
export const regionOf = (language: string): string => regions[language] ?? language;

/** Midnight UTC of the calendar day that it is at `at` in the zone. */
const calendarDay = (at: EpochMillis, timeZone: string): Date => {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' });
  const read = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return new Date(Date.UTC(read['year'] ?? 0, (read['month'] ?? 1) - 1, read['day'] ?? 1));
};

/** The day of `at` as it is called at `now`, in a time zone (IANA name; default UTC). */
export const dayWords = (
  at: EpochMillis,
  { now, language, zone = 'UTC' }: { readonly now: EpochMillis; readonly language: string; readonly zone?: string },
): string => {
  const [today, day] = [calendarDay(now, zone), calendarDay(at, zone)];
  const ago = (today.getTime() - day.getTime()) / 86_400_000;
  if (ago === 0 || ago === 1) {
    return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-ago, 'day');
  }
  return new Intl.DateTimeFormat(regionOf(language), {
    timeZone: zone,
    day: 'numeric',
    month: 'long',
    ...(day.getUTCFullYear() !== today.getUTCFullYear() && { year: 'numeric' }),
  }).format(at);
};
