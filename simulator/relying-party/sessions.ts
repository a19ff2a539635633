/** Keeps the sessions of the relying party in memory, and makes their cookies. */
import { randomBytes } from 'node:crypto';
import type { SignedIn } from './signed-in.ts';

/** One browser at the relying party. */
export interface Session {
  readonly signedIn?: SignedIn;
  /** A message for the next page, shown once. */
  readonly note?: string;
}

const name = 'contoso';
const maxSessions = 500;

/** Sessions by an unguessable id in a cookie. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** The session of a request and its id; an empty session without an id for an unknown one. */
  of(cookies: string | undefined): { readonly id: string | undefined; readonly session: Session } {
    const id = new RegExp(`(?:^|; *)${name}=([A-Za-z0-9_-]{22})(?:;|$)`).exec(cookies ?? '')?.[1];
    const session = id === undefined ? undefined : this.#sessions.get(id);
    return { id: session === undefined ? undefined : id, session: session ?? {} };
  }

  /** Stores a session under a new id, removes the old one, and gives the cookie. */
  replace(oldId: string | undefined, session: Session): string {
    if (oldId !== undefined) this.#sessions.delete(oldId);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= maxSessions && oldest !== undefined) this.#sessions.delete(oldest);
    const id = randomBytes(16).toString('base64url');
    this.#sessions.set(id, session);
    return `${name}=${id}; Path=/; HttpOnly; SameSite=Lax`;
  }

  /** Removes a session and gives the cookie that deletes it in the browser. */
  end(id: string | undefined): string {
    if (id !== undefined) this.#sessions.delete(id);
    return `${name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
  }
}
