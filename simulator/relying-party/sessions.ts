import { randomBytes } from 'node:crypto';
import type { SignedIn } from './signed-in.ts';

export interface Session {
  readonly signedIn?: SignedIn;
  /** Shown once. */
  readonly note?: string;
}

const name = 'contoso';
const most = 500;

/** Sessions in memory, found by an unguessable cookie. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** The id a request carries, and what is kept under it. */
  of(cookies: string | undefined): { readonly id: string | undefined; readonly session: Session } {
    const id = new RegExp(`(?:^|; *)${name}=([A-Za-z0-9_-]{22})(?:;|$)`).exec(cookies ?? '')?.[1];
    const session = id === undefined ? undefined : this.#sessions.get(id);
    return { id: session === undefined ? undefined : id, session: session ?? {} };
  }

  /** Keeps a session under a new id, forgets the old one, and gives the cookie. */
  keep(old: string | undefined, session: Session): string {
    if (old !== undefined) this.#sessions.delete(old);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= most && oldest !== undefined) this.#sessions.delete(oldest);
    const id = randomBytes(16).toString('base64url');
    this.#sessions.set(id, session);
    return `${name}=${id}; Path=/; HttpOnly; SameSite=Lax`;
  }

  /** Forgets a session and gives the cookie that ends it. */
  end(id: string | undefined): string {
    if (id !== undefined) this.#sessions.delete(id);
    return `${name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
  }
}
