/** Measures what a page and its assets cost. */
import type { Page } from 'playwright-core';

/** Bytes of the bodies of the document and everything that it loaded, as they were sent. */
export const transferred = async (page: Page): Promise<number> =>
  Number(
    await page.evaluate(`[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .reduce((sum, each) => sum + each.encodedBodySize, 0)`),
  );
