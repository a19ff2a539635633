/** Formats times, durations, counts and telephone numbers for the pages. */
const two = (value: number): string => String(value).padStart(2, '0');

/** `14:31` in local time. */
export const clock = (at: number): string => {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** `14:31:02` in local time. */
export const secondsClock = (at: number): string => `${clock(at)}:${two(new Date(at).getSeconds())}`;

/** `14:31:02.118` in local time. */
export const preciseClock = (at: number): string => {
  const date = new Date(at);
  return `${secondsClock(at)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};

/** `0:07` from milliseconds. */
export const duration = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
};

/** The name that phones show for the number of the server. */
export const callerName = 'Sallyport';

/** How numbers are grouped in the countries of the samples. */
const groups: readonly (readonly [RegExp, string])[] = [
  [/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3'],
  [/^\+33(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '+33 $1 $2 $3 $4 $5'],
  [/^\+44(\d\d)(\d{4})(\d{4})$/, '+44 $1 $2 $3'],
  [/^\+49(\d\d)(\d{5})(\d{3})$/, '+49 $1 $2 $3'],
];

/** Groups the digits of known formats and leaves other numbers. Shows an extension as `ext. 421`. */
export const grouped = (number: string): string => {
  const [own = '', extension] = number.split(';ext=');
  if (extension !== undefined) return `ext. ${extension}`;
  const row = groups.find(([shape]) => shape.test(own));
  return row === undefined ? own : own.replace(row[0], row[1]);
};

/** `5 min`, `30 s`, from milliseconds. */
export const span = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([value, unit]) => (value === 0 ? [] : [`${value} ${unit}`])).join(' ');
};

/** `1 text`, `2 texts`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** The prefix of element ids of one telephone. */
export const idOf = (number: string): string => `p${number.replace(/\D/g, '')}`;
