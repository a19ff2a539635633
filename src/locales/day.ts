/** Words a day near to now: today, yesterday, 19 November, with the year where it is another one. */
import type { EpochMillis } from '../ports/time.ts';

/** Regions by language. Their order of day and month is read most widely. */
const regions: Readonly<Record<string, string>> = { en: 'en-GB' };

/** The calendar day, as a number of days. */
const dayNumber = (at: EpochMillis, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' });
  const read = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(read['year'] ?? 0, (read['month'] ?? 1) - 1, read['day'] ?? 1) / 86_400_000;
};

/** The day of `at` as it is called at `now`, in a time zone (IANA name; default UTC). */
export const dayWords = (
  at: EpochMillis,
  { now, language, zone = 'UTC' }: { readonly now: EpochMillis; readonly language: string; readonly zone?: string },
): string => {
  const ago = dayNumber(now, zone) - dayNumber(at, zone);
  if (ago === 0 || ago === 1) {
    return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-ago, 'day');
  }
  const isLongAgo = Math.abs(ago) > 300;
  return new Intl.DateTimeFormat(regions[language] ?? language, {
    timeZone: zone,
    day: 'numeric',
    month: 'long',
    ...(isLongAgo && { year: 'numeric' }),
  }).format(at);
};
