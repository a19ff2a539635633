/** Keeps a tab on pages that continue by themselves, so that they can be inspected. */
import type { Page } from 'playwright-core';

/** Answers requests to other origins than this one with nothing, and takes the script away that submits a form. */
export const keepInPlace = async (tab: Page, origin: string): Promise<void> => {
  await tab.route(
    url => url.origin !== origin,
    route => route.fulfill({ status: 204 }),
  );
  await tab.route('**/assets/autosubmit-*.js', route => route.fulfill({ contentType: 'text/javascript', body: '' }));
};
