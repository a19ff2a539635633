/**
 * Runs the browser commands of a plan as the conformance suite does, in Chromium without script: `text`, `click` and `wait`, by the
 * same kinds of selectors. A task belongs to pages whose address matches; an optional one is left out on others.
 */
import type { Page } from 'playwright-core';

type Command = readonly (string | number)[];

export interface Visit {
  readonly match: string;
  readonly tasks: readonly {
    readonly task: string;
    readonly match: string;
    readonly optional?: boolean;
    readonly commands?: readonly Command[];
  }[];
}

const pattern = (match: string): RegExp =>
  new RegExp(`^${match.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);

const selectors: Readonly<Record<string, (target: string) => string>> = {
  id: target => `[id="${target}"]`,
  name: target => `[name="${target}"]`,
  css: target => target,
};

/** Visits the address and runs the tasks of the first visit that matches it. Gives the pages that the suite would keep as proofs. */
export const runVisit = async (page: Page, visits: readonly Visit[], url: string): Promise<readonly string[]> => {
  const visit = visits.find(({ match }) => pattern(match).test(url));
  if (visit === undefined) throw new Error(`no visit matches ${url}`);
  const proofs: string[] = [];
  await page.goto(url);
  for (const { task, match, optional = false, commands = [] } of visit.tasks) {
    if (!pattern(match).test(page.url())) {
      if (optional) continue;
      throw new Error(`${task}: got ${page.url()}, expected ${match}`);
    }
    for (const command of commands) {
      const proof = await run(page, command);
      if (proof !== undefined) proofs.push(proof);
    }
  }
  return proofs;
};

/** The text of the page that a `wait` keeps as a proof. */
const run = async (page: Page, [name, by, target, ...more]: Command): Promise<string | undefined> => {
  if (name === 'wait' && by === 'contains') {
    await page.waitForURL(url => url.href.includes(String(target)), { timeout: Number(more[0]) * 1000 });
    return undefined;
  }
  const found = page.locator(selectors[String(by)]?.(String(target)) ?? 'never').first();
  if (name === 'wait') {
    await found.waitFor({ state: 'attached', timeout: Number(more[0]) * 1000 });
    return String(more[2] ?? '').startsWith('update-image-placeholder') ? page.locator('h1').innerText() : undefined;
  }
  if ((await found.count()) === 0) {
    if (more.includes('optional')) return undefined;
    throw new Error(`got no ${String(target)} at ${page.url()}`);
  }
  if (name === 'text') await found.fill(String(more[0]));
  else await Promise.all([page.waitForLoadState(), found.click()]);
  // A page that moves on without script does so at once.
  await page.waitForLoadState('networkidle');
  return undefined;
};
