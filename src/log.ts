/** Log lines for operators: one line of JSON each, an event's name and its fields, and nothing that must not be there. */
import { pino, type DestinationStream } from 'pino';
import { maskNumbers } from './masking.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Log {
  debug(event: string, fields?: object): void;
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
  /** An error goes under the member `error`: its message, code, causes and stack are written. */
  error(event: string, fields?: object): void;
  /** The same log; every line of it also carries `fields`. */
  child(fields: object): Log;
}

// By hand: pino's `redact` takes fixed paths, but a secret may be at any depth, in an error or inside a text.
/** Member names whose values never reach a line, compared without case, `_` and `-`. */
const secretNames =
  /^(?:code|otp|digits|keys|pin|answer|authorization|setcookie|jwk|d|k)$|(?:password|passwd|secret|token|tokens|cookie|cookies|hash|seed|verifier|assertion|usercode|sealed|sealingkeys)$/;
const isSecretName = (name: string): boolean => secretNames.test(name.toLowerCase().replaceAll(/[_-]/g, ''));

const mostLevels = 6;
const mostMembers = 100;
const longestText = 4096;

/** V8 quotes what JSON.parse could not read: whatever was to be opened there. */
const notJson = ' is not valid JSON';
const unquoted = (text: string): string => {
  // No pattern: one that begins anew at each quotation mark takes a minute for a long line of them.
  const [start, end] = [text.indexOf('"'), text.lastIndexOf(notJson)];
  if (start < 0 || end < start) return text;
  return `${text.slice(0, text.startsWith('...', start - 3) ? start - 3 : start)}a text that${text.slice(end)}`;
};

/** A copy that may be written: secrets hidden by their member's name, numbers masked, depth and length bounded. */
const writable = (value: unknown, level = 0): unknown => {
  if (typeof value === 'string') return maskNumbers(unquoted(value).slice(0, longestText));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (level >= mostLevels) return '[deep]';
  if (Error.isError(value)) return writableError(value, level);
  if (value instanceof URL) return maskNumbers(`${value.origin}${value.pathname}`);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, mostMembers).map(each => writable(each, level + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, mostMembers)
      .map(([name, member]) => [
        name,
        isSecretName(name) && member !== undefined ? '[hidden]' : writable(member, level + 1),
      ]),
  );
};

const writableError = (error: Error, level: number): object => ({
  name: error.name,
  message: writable(error.message, level),
  // `code` is a secret's name elsewhere; here it is what kind of error this is
  ...('code' in error && typeof error.code === 'string' && { problem: error.code }),
  ...('label' in error && typeof error.label === 'string' && { label: error.label }),
  ...(error.cause !== undefined && { cause: writable(error.cause, level + 1) }),
  stack: writable(error.stack, level),
});

/** JSON escapes what is below U+0020. These also end or rearrange a line on some screen, and stand only inside strings. */
const unruly = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * A log on pino. `write` gets each line with its line feed (standard output unless told).
 * Every line has `time` (ISO 8601, UTC), `level` and `event`.
 */
export const createLog = (options: { readonly level: LogLevel; readonly write?: (line: string) => void }): Log => {
  const write = options.write ?? (line => void process.stdout.write(line));
  const destination: DestinationStream = { write: line => write(line.replaceAll(unruly, escaped)) };
  const lines = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
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

const nothing = (): void => {};
/** Writes nothing: for tests, and for commands that print their own answer. */
export const silentLog: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
};
