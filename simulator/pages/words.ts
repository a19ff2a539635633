/** How this world writes times and numbers. */
const two = (value: number): string => String(value).padStart(2, '0');

/** `14:31` in the time of the machine. */
export const clock = (at: number): string => {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** `14:31:02.118` in the time of the machine. */
export const preciseClock = (at: number): string => {
  const date = new Date(at);
  return `${clock(at)}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};

/** `0:07` from milliseconds. */
export const lasting = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
};

/** North American numbers in groups, others as they are. */
export const grouped = (number: string): string => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3');

/** An id for an element, from a telephone number. */
export const idOf = (number: string): string => `p${number.replace(/\D/g, '')}`;
