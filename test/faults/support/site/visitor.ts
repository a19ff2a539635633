/**
 * A person with a browser, by script: reads each page and does what it asks for, until the client has a verified ID token. Where
 * the connection breaks or a page says "try again", the person loads the page again, as people do, and goes on with what is shown.
 */
import type { JWTPayload } from 'jose';
import { Browser, formTo, heading, type Answer, type Place } from '../../../support/browser/plain.ts';
import { untilHeard } from '../../../support/world/clock.ts';
import type { History, Operation } from './history.ts';
import { pause } from './nodes.ts';
import type { SitePerson } from './people.ts';
import { newRequest, tokenRequest, type AuthorizationRequest, type IdTokens, type SiteClient } from './tokens.ts';

/** One request of the browser or of the client. */
export interface Step {
  readonly method: string;
  readonly path: string;
  /** Status; undefined: the connection broke. */
  readonly status: number | undefined;
  /** Milliseconds. */
  readonly took: number;
  /** Address of the node that answered, as the proxy says. */
  readonly node: string | undefined;
}

export interface SignIn {
  /** Undefined: the person gave up. */
  readonly claims: JWTPayload | undefined;
  readonly refreshToken: string | undefined;
  /** How often the person had to begin again at the client. */
  readonly startedOver: number;
  readonly steps: readonly Step[];
  /** Milliseconds. */
  readonly took: number;
  /** Why the person gave up: the last page. */
  readonly reason: string;
}

export interface VisitorDeps {
  readonly place: Place;
  readonly client: SiteClient;
  readonly idTokens: IdTokens;
  readonly history: History;
  /** Called after an accepted code, whose step must then be stored. */
  readonly onCode: (person: SitePerson, step: number) => void;
}

/** Milliseconds a person goes on loading one page again, and pages a person looks at. */
const patience = 30_000;
const mostPages = 60;
const mostStarts = 4;
const retryable: ReadonlySet<number> = new Set([502, 503, 504]);

type Sent = Answer | undefined;
interface Wish {
  readonly method?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const has = (page: Answer, action: RegExp): boolean => {
  try {
    formTo(page, action);
    return true;
  } catch {
    return false;
  }
};

export class Visitor {
  readonly browser: Browser;
  readonly person: SitePerson;
  readonly #deps: VisitorDeps;
  readonly #steps: Step[] = [];
  #beforeStep: (path: string) => Promise<void> | void = () => {};

  constructor(person: SitePerson, deps: VisitorDeps) {
    this.person = person;
    this.#deps = deps;
    this.browser = new Browser(deps.place);
  }

  /** Calls `run` before each request, so that a test can choose a moment of the sign-in. */
  beforeStep(run: (path: string) => Promise<void> | void): this {
    this.#beforeStep = run;
    return this;
  }

  /** A whole sign-in at the client. `more`: further parameters of the authorization request. */
  async signIn(more: Readonly<Record<string, string>> = {}): Promise<SignIn> {
    const began = Date.now();
    this.#steps.length = 0;
    let reason = '';
    for (let starts = 0; starts < mostStarts; starts += 1) {
      const request = newRequest(this.#deps.client, more);
      const reached = await this.#follow(request);
      if (reached instanceof URL) {
        const tokens = await this.#redeem(request, reached);
        if (typeof tokens !== 'string') return { ...tokens, ...this.#summary(starts, began, '') };
        reason = tokens;
      } else reason = reached;
    }
    return { claims: undefined, refreshToken: undefined, ...this.#summary(mostStarts - 1, began, reason) };
  }

  /** Enters the password, and gives the page that waits for the call. @throws Error for another page */
  async untilCalled(): Promise<Answer> {
    const page = await this.browser.visit(newRequest(this.#deps.client).path);
    const { name, password } = this.person;
    const waiting = await this.browser.visit(formTo(page, /\/password$/).action, { form: { name, password } });
    if (!has(waiting, /\/factor$/)) throw new Error(`got "${heading(waiting)}", expected a page that waits for a call`);
    return waiting;
  }

  #summary(startedOver: number, began: number, reason: string) {
    return { startedOver, steps: [...this.#steps], took: Date.now() - began, reason };
  }

  /** Goes from the authorization request to the address at the client; text: the page at which it ended. */
  async #follow(request: AuthorizationRequest): Promise<URL | string> {
    let answer = await this.#load(request.path);
    for (let pages = 0; pages < mostPages && answer !== undefined; pages += 1) {
      const next = this.browser.next(answer);
      if (next !== undefined && next.origin !== this.#deps.place.issuer.origin) return next;
      const shown: Answer = answer;
      if (next !== undefined) answer = await this.#load(next.pathname + next.search);
      else {
        const done = await this.#answer(shown);
        if (done === 'lost') return `${shown.status} ${heading(shown)}`;
        // After a broken POST the person loads the page again by its address.
        answer = done ?? (await this.#load(shown.path));
      }
    }
    return answer === undefined ? 'no answer' : `more pages than expected, the last: ${heading(answer)}`;
  }

  /** Does what a page asks for. */
  async #answer(page: Answer): Promise<Sent | 'lost'> {
    if (page.status === 429) {
      await pause(1000 * Math.min(5, Number(page.headers['retry-after'] ?? 1)));
      return undefined;
    }
    if (has(page, /\/password$/)) {
      const { name, password } = this.person;
      return this.#post(page, /\/password$/, { name, password }, 'password');
    }
    // A sign-in that broke off at its end may have left a session: its page asks for the second step only.
    if (has(page, /\/start$/)) return this.#post(page, /\/start$/, {}, 'request');
    if (has(page, /\/consent$/)) return this.#post(page, /\/consent$/, { answer: 'allow' }, 'request');
    if (!has(page, /\/factor$/)) return 'lost';
    if (/name="code"/.test(page.text)) {
      const { code, step } = await this.person.nextCode();
      const answer = await this.#post(page, /\/factor$/, { code }, 'totp', `${this.person.id}:${step}`);
      if (answer !== undefined && this.browser.next(answer) !== undefined) this.#deps.onCode(this.person, step);
      return answer;
    }
    // A right code was stored before the node was killed: the page has a button to go on.
    if (this.person.secondStep === 'totp') return this.#post(page, /\/factor$/, {}, 'request');
    await this.#pickUp();
    return this.#post(page, /\/factor$/, {}, 'call');
  }

  /** Answers the phone when it rings, listens to the question, and presses `#`. */
  async #pickUp(): Promise<void> {
    const phone = this.person.phone();
    try {
      if ((await phone.phone()).state !== 'on-call') {
        await phone.ringing(2);
        await phone.answer();
      }
      await phone.hear(5);
      await pause(untilHeard);
      await phone.press('#');
      await phone.hear(5);
    } catch {
      // It does not ring now: it was answered before, or the page has something else to say.
      await pause(500);
    }
  }

  async #post(
    page: Answer,
    action: RegExp,
    form: Readonly<Record<string, string>>,
    operation: Operation,
    secret?: string,
  ): Promise<Sent> {
    const { action: to, hidden } = formTo(page, action);
    const end = this.#deps.history.begin({
      operation,
      person: this.person.id,
      ...(secret !== undefined && { secret }),
    });
    const answer = await this.#send(to, { form: { ...hidden, ...form } });
    if (answer === undefined || retryable.has(answer.status)) end('unknown', `${answer?.status ?? 'broken'}`);
    else end(answer.status < 400 ? 'ok' : 'refused', `${answer.status}`);
    return answer !== undefined && retryable.has(answer.status) ? undefined : answer;
  }

  /** Loads a page, again and again where it does not come. */
  async #load(path: string): Promise<Sent> {
    for (const until = Date.now() + patience; Date.now() < until; await pause(300)) {
      const answer = await this.#send(path, {});
      if (answer !== undefined && !retryable.has(answer.status)) return answer;
    }
    return undefined;
  }

  async #redeem(request: AuthorizationRequest, at: URL): Promise<Pick<SignIn, 'claims' | 'refreshToken'> | string> {
    const { client, history, idTokens } = this.#deps;
    const code = at.searchParams.get('code');
    if (code === null) return `the client got ${at.search}`;
    const end = history.begin({ operation: 'code', secret: code, person: this.person.id });
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
      code_verifier: request.verifier,
    };
    const answer = await this.#send('/token', tokenRequest(client, form));
    if (answer?.status !== 200) {
      const isUnknown = answer === undefined || answer.status >= 500;
      end(isUnknown ? 'unknown' : 'refused', `${answer?.status ?? 'broken'} ${answer?.text ?? ''}`);
      return `the code was not redeemed: ${answer?.status ?? 'broken'} ${answer?.text.slice(0, 200) ?? ''}`;
    }
    end('ok', '200');
    history.used('code', async () => (await this.#send('/token', tokenRequest(client, form)))?.status);
    const tokens = JSON.parse(answer.text) as { readonly id_token: string; readonly refresh_token?: string };
    const claims = await idTokens.verify(tokens.id_token, request.nonce, this.browser);
    return { claims, refreshToken: tokens.refresh_token };
  }

  async #send(path: string, wish: Wish): Promise<Sent> {
    await this.#beforeStep(path);
    const began = performance.now();
    const method = wish.method ?? (wish.form === undefined ? 'GET' : 'POST');
    const answer = await this.browser.go(path, wish).catch(() => undefined);
    const node = answer?.headers['x-node'];
    this.#steps.push({
      method,
      path: path.replace(/\?.*/, ''),
      status: answer?.status,
      took: performance.now() - began,
      node: typeof node === 'string' ? node : undefined,
    });
    return answer;
  }
}
