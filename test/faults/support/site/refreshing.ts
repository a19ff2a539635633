/** A client that holds a refresh token and uses it again and again: requests with an effect, each of which counts once. */
import { Browser, type Place } from '../../../support/browser/plain.ts';
import type { History } from './history.ts';
import { tokenRequest, type SiteClient } from './tokens.ts';

/** What a sign-in needs to give a refresh token. */
export const offline = { scope: 'openid offline_access', prompt: 'consent' } as const;

export class RefreshingClient {
  readonly #browser: Browser;
  readonly #client: SiteClient;
  readonly #history: History;
  #token: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(place: Place, client: SiteClient, history: History, token: string) {
    this.#browser = new Browser(place);
    this.#client = client;
    this.#history = history;
    this.#token = token;
  }

  /** Uses the token, after an earlier use has ended. Gives the status; undefined: the connection broke. */
  async refresh(): Promise<number | undefined> {
    const turn = this.#last.then(() => this.#refresh());
    this.#last = turn;
    return turn;
  }

  async #refresh(): Promise<number | undefined> {
    const token = this.#token;
    const end = this.#history.begin({ operation: 'refresh', secret: token });
    const form = { grant_type: 'refresh_token', refresh_token: token };
    const use = () => this.#browser.go('/token', tokenRequest(this.#client, form)).catch(() => undefined);
    const answer = await use();
    const isUnknown = answer === undefined || answer.status >= 500;
    end(answer?.status === 200 ? 'ok' : isUnknown ? 'unknown' : 'refused', `${answer?.status ?? 'broken'}`);
    if (answer?.status === 200) {
      this.#token = (JSON.parse(answer.text) as { readonly refresh_token: string }).refresh_token;
      this.#history.used('refresh', async () => (await use())?.status);
    }
    return answer?.status;
  }
}
