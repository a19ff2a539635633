/** Splits a file into lines, with bounded memory. */
import { Problem } from './errors.ts';

/** `text` is absent if the line is too long; its characters are then dropped. Numbers begin at 1. */
export interface Line {
  readonly number: number;
  readonly text?: string;
}

/** How a file is read. */
export interface LineOptions {
  /** In UTF-16 units. */
  readonly longest: number;
  /** What the file was expected to be, such as `UTF-8`. */
  readonly expected: string;
}

/**
 * Lines end with CR LF, LF or CR. A byte order mark is dropped.
 * @throws Problem 'bad-request' if the bytes are not UTF-8: names read in a wrong encoding would be wrong.
 */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
  { longest, expected }: LineOptions,
): AsyncGenerator<Line> {
  let number = 1;
  let text = '';
  let isDropped = false;
  const take = (): Line => {
    const line = isDropped ? { number } : { number, text };
    [number, text, isDropped] = [number + 1, '', false];
    return line;
  };
  let pending = '';
  for await (const chunk of decoded(bytes, expected, () => number)) {
    // A CR at the end of a chunk may be the first half of a line end.
    const whole = pending + chunk;
    pending = whole.endsWith('\r') ? '\r' : '';
    const parts = whole.slice(0, whole.length - pending.length).split(/\r\n|\n|\r/);
    for (const [place, part] of parts.entries()) {
      if (place > 0) yield take();
      isDropped ||= text.length + part.length > longest;
      text = isDropped ? '' : text + part;
    }
  }
  if (text !== '' || isDropped) yield take();
}

async function* decoded(
  bytes: AsyncIterable<Uint8Array>,
  expected: string,
  line: () => number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (!isEncodingError(cause)) throw cause;
    throw new Problem(
      'bad-request',
      `got a file that is not UTF-8 (at or after line ${line()}), expected ${expected}`,
      { cause },
    );
  }
}

const isEncodingError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
