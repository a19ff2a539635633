/** Keeps a tab on pages that continue by themselves, so that they can be inspected, and opens them. */
import { errors, type Page } from 'playwright-core';

/** Answers requests to other origins than this one with nothing, and takes the script away that submits a form. */
export const keepInPlace = async (tab: Page, origin: string): Promise<void> => {
  await tab.route(
    url => url.origin !== origin,
    route => route.fulfill({ status: 204 }),
  );
  await tab.route('**/assets/autosubmit-*.js', route => route.fulfill({ contentType: 'text/javascript', body: '' }));
};

/** Opens a page. One of thousands of navigations hangs in Chromium while requests are intercepted: it is then tried once more. */
export const openInPlace = async (tab: Page, url: string): Promise<void> => {
  try {
    await tab.goto(url, { timeout: 10_000 });
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    await tab.goto(url);
  }
};
