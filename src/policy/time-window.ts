/** Tells whether a moment is within hours of the week, in a time zone. */
import type { EpochMillis } from '../ports/time.ts';

/** Days of the week, as rules write them. */
export const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Day = (typeof days)[number];

/** Hours on days of the week. */
export interface TimeWindow {
  /** Name of the IANA time zone. */
  readonly zone: string;
  readonly days: readonly Day[];
  /** Minutes since midnight. A window with `from` after `to` ends on the next day; `from` equal to `to`: the whole day. */
  readonly from: number;
  /** Not part of the window. */
  readonly to: number;
}

/** Minutes of `HH:MM`, from 00:00 to 24:00; undefined for another text. */
export const minutesIn = (text: string): number | undefined => {
  const [, hours = '', minutes = ''] = /^(\d{2}):(\d{2})$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return hours === '' || Number(minutes) > 59 || total > 1440 ? undefined : total;
};

/** Whether this is a time zone that dates can be shown in. */
export const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** Making one takes longer than all else here. There are as many as the file has zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const options = { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const made = new Intl.DateTimeFormat('en-US', options);
  formats.set(zone, made);
  return made;
};

/** Whether the moment is in the window. The hours after midnight belong to the day on which the window began. */
export const isWithinWindow = ({ zone, days: on, from, to }: TimeWindow, at: EpochMillis): boolean => {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  const today = days.findIndex(day => day === parts.get('weekday')?.toLowerCase());
  const isOn = (day: number): boolean => on.some(each => each === days[(day + 7) % 7]);
  if (from < to) return isOn(today) && minute >= from && minute < to;
  if (from === to) return isOn(today);
  return (isOn(today) && minute >= from) || (isOn(today - 1) && minute < to);
};
