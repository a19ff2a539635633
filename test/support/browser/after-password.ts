/**
 * Brings a page of Chromium to the step after the password. The requests before it are sent without Chromium, which
 * takes half a second of a processor for them: sign-in.test.ts and people.test.ts type passwords in Chromium.
 */
import type { Page } from 'playwright-core';
import type { BrowserSetup } from '../surface/browser-setup.ts';
import type { TestPerson } from '../world/world.ts';
import { formTo } from './plain.ts';

/** `SameSite` of a Set-Cookie line, as Playwright has it. */
const sameSiteOf = (header: string): 'Lax' | 'Strict' | 'None' =>
  (['Strict', 'None'] as const).find(each => header.toLowerCase().includes(`samesite=${each.toLowerCase()}`)) ?? 'Lax';

/** Requests a sign-in for this client and sends the password, with the cookies of the page's context. */
export const openAfterPassword = async (
  page: Page,
  setup: BrowserSetup,
  { name, password }: TestPerson,
  client: string,
): Promise<void> => {
  const { world } = setup;
  const { issuer } = world;
  const plain = world.browser();
  const before = await page.context().cookies();
  plain.jar.take(
    before
      .filter(({ domain }) => domain === issuer.hostname)
      .map(each => `${each.name}=${each.value}; path=${each.path}`),
  );
  const { action } = formTo(await plain.visit(setup.authorizationUrl(client)), /\/password$/);
  const answer = await plain.go(action, { form: { name, password } });
  const next = plain.next(answer);
  if (next?.origin !== issuer.origin) throw new Error(`the password was answered by ${answer.status}`);
  await page.context().addCookies(
    plain.jar.cookies.map(each => ({
      name: each.name,
      value: each.value,
      domain: issuer.hostname,
      path: each.path,
      httpOnly: /;\s*httponly/i.test(each.header),
      sameSite: sameSiteOf(each.header),
    })),
  );
  await page.goto(next.href);
};
