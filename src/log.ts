/**
 * Writes log lines for operators, one line of JSON each: the name of an event, and its fields. Hides secrets and masks telephone
 * numbers.
 */
import { pino, type DestinationStream } from 'pino';
import { maskNumbers } from './masking.ts';

/** From the most to the least detailed; `silent` writes no line. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A log with four levels. `event` is a name, not a sentence. */
export interface Log {
  debug(event: string, fields?: object): void;
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
  /** An exception goes under the member `error`: its message, code, causes and stack are written. */
  error(event: string, fields?: object): void;
  /** The same log with `fields` added to each line. */
  child(fields: object): Log;
}

// By hand: pino's `redact` takes fixed paths, but a secret may be at any depth, in an error or inside a text.
/** Names of members with secret values. Compared without case, `_` and `-`. */
const secretNames =
  /^(?:code|otp|digits|keys|pin|answer|authorization|setcookie|jwk|d|k)$|(?:password|passwd|secret|token|tokens|cookie|cookies|hash|seed|verifier|assertion|usercode|sealed|sealingkeys)$/;
const isSecret = (name: string): boolean => secretNames.test(name.toLowerCase().replaceAll(/[_-]/g, ''));
/** Most names come with every line. Names that strangers chose may be any number, so not all are remembered. */
const maxNames = 500;
const judged = new Map<string, boolean>();
const isSecretName = (name: string): boolean => {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const verdict = isSecret(name);
  if (judged.size < maxNames) judged.set(name, verdict);
  return verdict;
};

const maxDepth = 6;
const maxMembers = 100;
/** Characters. */
const maxText = 4096;

/** End of V8's message for a text that JSON.parse could not read. It quotes the text, which may be a secret. */
const notJson = ' is not valid JSON';
const unquoted = (text: string): string => {
  // Not a regular expression: one that restarts at each quotation mark takes a minute for a long line of them.
  const [start, end] = [text.indexOf('"'), text.lastIndexOf(notJson)];
  if (start < 0 || end < start) return text;
  return `${text.slice(0, text.startsWith('...', start - 3) ? start - 3 : start)}a text that${text.slice(end)}`;
};

/** A copy for the log: secrets hidden by the name of their member, numbers masked, depth and length limited. */
const writable = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return maskNumbers(unquoted(value).slice(0, maxText));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return '[deep]';
  if (Error.isError(value)) return writableError(value, depth);
  // Null for a time out of range, for which `toISOString` would throw.
  if (value instanceof Date) return value.toJSON();
  if (value instanceof URL) return maskNumbers(`${value.origin}${value.pathname}`);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, maxMembers).map(each => writable(each, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value).slice(0, maxMembers)) {
    const shown = isSecretName(name) && member !== undefined ? '[hidden]' : writable(member, depth + 1);
    // Defined, not assigned: a member named `__proto__` would become the prototype.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: shown, enumerable: true });
    else copy[name] = shown;
  }
  return copy;
};

const writableError = (error: Error, depth: number): object => ({
  name: error.name,
  message: writable(error.message, depth),
  // Under another name than `code`, which is hidden as a secret.
  ...('code' in error && typeof error.code === 'string' && { problem: error.code }),
  ...('label' in error && typeof error.label === 'string' && { label: error.label }),
  ...(error.cause !== undefined && { cause: writable(error.cause, depth + 1) }),
  stack: writable(error.stack, depth),
});

/** Characters that end or reorder a line on some terminals. JSON does not escape them, and they occur only inside strings. */
const unruly = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Writes the time of a line as pino takes it. Most lines come within the second of an earlier one: only its milliseconds differ. */
const createTimestamp = (): (() => string) => {
  let [second, start] = [-1, ''];
  return () => {
    const now = Date.now();
    const milliseconds = now % 1000;
    if (now - milliseconds !== second) {
      second = now - milliseconds;
      start = `,"time":"${new Date(second).toISOString().slice(0, -4)}`;
    }
    return `${start}${String(milliseconds).padStart(3, '0')}Z"`;
  };
};

/**
 * A log on pino. `write` gets each line with its line feed (standard output unless told).
 * Each line has `time` (ISO 8601, UTC), `level` and `event`.
 */
export const createLog = (options: { readonly level: LogLevel; readonly write?: (line: string) => void }): Log => {
  const write = options.write ?? (line => void process.stdout.write(line));
  const destination: DestinationStream = { write: line => write(line.replaceAll(unruly, escaped)) };
  const lines = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'event',
      timestamp: createTimestamp(),
      formatters: { level: label => ({ level: label }) },
    },
    destination,
  );
  const withFields = (always: object): Log => {
    const at =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (event: string, fields: object = {}) => {
        if (!lines.isLevelEnabled(level)) return;
        lines[level](writable({ ...always, ...fields }), maskNumbers(event));
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: fields => withFields({ ...always, ...fields }),
    };
  };
  return withFields({});
};

const ignore = (): void => {};
/** Discards all lines: for tests, and for commands that print their own answer. */
export const silentLog: Log = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLog,
};
