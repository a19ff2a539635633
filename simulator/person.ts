import type { AnsweringName } from './network/behaviours/api.ts';
import type { CallDoingName } from './network/behaviours/calls.ts';
import type { BehaviourChange } from './network/behaviours/settings.ts';
import type { Person } from './simulation/people.ts';
import type { CallView, CodeView, PhoneView, TextView } from './simulation/views.ts';
import type { WireLine } from './events/wire.ts';

/** What this world answers when something cannot be done, as an error. `code` is the API's. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Acts as the person who holds a phone: it knows only what is heard, what that phone shows, and keys. */
export interface PersonAtPhone {
  /** Waits up to `seconds` (10) for the phone to ring. @throws SimulatorError 'silent' when it does not. */
  ringing(seconds?: number): Promise<CallView>;
  answer(): Promise<PhoneView>;
  decline(): Promise<PhoneView>;
  /** Listens until the line waits for a key or the call is over, up to `seconds` (10). */
  hear(seconds?: number): Promise<CallView>;
  /** Presses keys, one after the other. `taken` is false when one of them met nobody who listened: `hear` first. */
  press(keys: string): Promise<{ readonly taken: boolean; readonly call?: CallView }>;
  hangUp(): Promise<PhoneView>;
  /** Lets the time pass without doing anything: ringing ends unanswered, a listening line hears silence. */
  waitOut(): Promise<PhoneView>;
  /** Texts that arrived, newest first. */
  messages(): Promise<readonly TextView[]>;
  /**
   * Reads the newest text that was not read yet, waiting up to `seconds` (10) for it; older ones count as read.
   * @throws SimulatorError 'silent' when none comes.
   */
  text(seconds?: number): Promise<TextView>;
  /** What is on its way arrives now. Gives how many texts that were. */
  releaseTexts(): Promise<number>;
  /** What this number does from now on; a bare name is what the phone does when it is called. The rest stays. */
  behave(behaviour: CallDoingName | BehaviourChange): Promise<PhoneView>;
  phone(): Promise<PhoneView>;
  /** What the authenticator app shows now. */
  code(): Promise<string>;
  codeWithTime(): Promise<CodeView>;
}

const call = async <T>(base: string, method: string, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(new URL(path, base), {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const value = (await response.json()) as T & { readonly error?: { readonly code: string; readonly message: string } };
  if (response.ok) return value;
  const { code = 'unknown', message = response.statusText } = value.error ?? {};
  throw new SimulatorError(response.status, code, `${method} ${path}: ${message}`);
};

/** The person whose phone has this number, in the simulator at `url`. */
export const person = (url: string, number: string): PersonAtPhone => {
  const phone = `/api/phones/${encodeURIComponent(number)}`;
  const codeWithTime = () => call<CodeView>(url, 'GET', `/api/people/${encodeURIComponent(number)}/code`);
  return {
    ringing: (seconds = 10) => call(url, 'GET', `${phone}/ringing?wait=${seconds}`),
    answer: () => call(url, 'POST', `${phone}/answer`),
    decline: () => call(url, 'POST', `${phone}/decline`),
    hear: (seconds = 10) => call(url, 'GET', `${phone}/transcript?wait=${seconds}`),
    press: keys => call(url, 'POST', `${phone}/press`, { keys }),
    hangUp: () => call(url, 'POST', `${phone}/hang-up`),
    waitOut: () => call(url, 'POST', `${phone}/wait-out`),
    messages: () => call(url, 'GET', `${phone}/messages`),
    text: (seconds = 10) => call(url, 'POST', `${phone}/read?wait=${seconds}`),
    async releaseTexts() {
      const { released } = await call<{ readonly released: number }>(url, 'POST', `${phone}/release`);
      return released;
    },
    behave: change => call(url, 'PUT', `${phone}/behaviour`, typeof change === 'string' ? { calls: change } : change),
    phone: () => call(url, 'GET', phone),
    code: async () => (await codeWithTime()).code,
    codeWithTime,
  };
};

/** What the server and this world said to each other, oldest first. */
export const readWire = (url: string): Promise<readonly WireLine[]> => call(url, 'GET', '/api/wire');

/** Somebody moves in. Gives their phones: one, or an office's and those behind it. */
export const addPhone = (url: string, newcomer: Person): Promise<readonly PhoneView[]> =>
  call(url, 'POST', '/api/phones', newcomer);

/** How the carrier's whole API answers, whatever number is asked about; 'answers': as each number is set. */
export const behaveCarrier = (url: string, api: AnsweringName): Promise<unknown> =>
  call(url, 'PUT', '/api/carrier', { api });

/** Moves this world's clock: timers fall due in order, authenticator apps go with it. Times in milliseconds. */
export const moveTime = (url: string, seconds: number): Promise<{ readonly now: number; readonly ahead: number }> =>
  call(url, 'POST', '/api/time', { seconds });

/** As at the start: every phone rings again, no call or text is remembered, the clock goes right. */
export const resetWorld = (url: string): Promise<unknown> => call(url, 'POST', '/api/reset');
