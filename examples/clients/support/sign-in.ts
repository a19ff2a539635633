/** Signs a person in at the issuer, with a phone call as the second step, and reads what the client has sent. */
import { setTimeout as pass } from 'node:timers/promises';
import { heading } from '../../../test/support/browser/plain.ts';
import type { Millis } from '../../../src/ports/time.ts';
import type { Software } from '../../../src/oidc/clients/software/software.ts';
import type { Agent, Page } from './agent.ts';
import { approveCall, hangUp } from './phone.ts';
import { person, world } from './world.ts';

/** Pages of a sign-in at most. */
const mostPages = 8;
const mostChecks = 40;
const checkAgainAfter: Millis = 250;

/**
 * Answers the pages of the issuer until the browser is at another site, or at the last page for a device. `ticked`: more fields
 * of the page of the second step.
 * @throws Error at a page without an answer
 */
export const signIn = async (
  agent: Agent,
  begun: Page,
  ticked: Readonly<Record<string, string>> = {},
): Promise<Page> => {
  const { issuer } = world();
  const { name, password } = person();
  let page = begun;
  if (page.url.origin !== issuer) throw new Error(`got ${page.url.href}, expected a page of the issuer:\n${page.text}`);
  for (let answered = 0; page.url.origin === issuer && !isConnected(page) && answered < mostPages; answered += 1) {
    const form = /action="[^"]*\/(password|start|factor|consent)"/.exec(page.text)?.[1];
    if (form === 'password') page = await agent.submit(page, /\/password$/, { name, password });
    // A step-up begins with a question.
    else if (form === 'start') page = await agent.submit(page, /\/start$/);
    else if (form === 'consent') page = await agent.submit(page, /\/consent$/, { answer: 'allow' });
    else if (form === 'factor') {
      await approveCall();
      page = await checkUntilAnswered(agent, page, ticked);
      await hangUp();
    } else throw new Error(`no answer to "${heading(page)}" (${page.status}) at ${page.url.href}:\n${page.text}`);
  }
  return page;
};

/** "Device connected", which leads nowhere. */
const isConnected = ({ url, status }: Page): boolean => status === 200 && /^\/device\/[^/]+$/.test(url.pathname);

/** Presses "Check again" until the server knows of the answered call. The carrier may report it after the call has ended. */
const checkUntilAnswered = async (
  agent: Agent,
  page: Page,
  ticked: Readonly<Record<string, string>>,
): Promise<Page> => {
  for (let asked = 0; asked < mostChecks; asked += 1) {
    const next = await agent.submit(page, /\/factor$/, ticked);
    if (!next.text.includes('/factor"')) return next;
    await pass(checkAgainAfter);
  }
  throw new Error('got a call that was answered, expected the sign-in to go on');
};

/** What the authorization request of a client had, in the words of `Software.sends`. */
export const sentBy = ({ visited }: Agent): Software['sends'] => {
  const { issuer } = world();
  const request = visited.find(({ origin, pathname }) => origin === issuer && pathname === '/auth');
  if (request === undefined) throw new Error('the client sent no authorization request');
  const hasPkce = request.searchParams.get('code_challenge_method') === 'S256';
  const hasNonce = request.searchParams.has('nonce');
  if (hasPkce) return hasNonce ? 'PKCE and nonce' : 'PKCE';
  return hasNonce ? 'nonce' : 'neither';
};
