/**
 * Runs axe on a page. Adds the minified script once to each document: `@axe-core/playwright` adds the full one again for
 * each run, which costs more than the run. Frames are not checked; our pages have none.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const script = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface AxeFindings {
  /** `rule: HTML of each element`. */
  readonly violations: readonly string[];
  /** HTML of elements whose contrast axe cannot judge, for example on a ground that a pseudo-element draws. */
  readonly unknownContrast: readonly string[];
}

/** Adds axe to each document that the page will load, which is cheaper than to send it to each. */
export const addAxe = (page: Page): Promise<unknown> => page.addInitScript(script);

/** All rules, unless `options` selects some. */
export const axeFindings = async (page: Page, options: RunOptions = {}): Promise<AxeFindings> => {
  const isThere = await page.evaluate(`typeof axe === 'object'`);
  if (isThere !== true) await page.evaluate(script);
  const run = { ...options, resultTypes: ['violations', 'incomplete'] };
  const found = await page.evaluate(`axe.run(document, ${JSON.stringify(run)})`);
  const { violations, incomplete } = found as AxeResults;
  return {
    violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`),
    unknownContrast: incomplete
      .filter(({ id }) => id === 'color-contrast')
      .flatMap(({ nodes }) => nodes.map(each => each.html)),
  };
};
