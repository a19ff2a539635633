/** Samples of the page behind "This wasn't me" in a notice. */
import * as pages from '../index.ts';
import type { NotMePage } from '../props.ts';
import { now, reference, type Sample } from './shared.ts';

const page = (name: string, link: NotMePage['link']): Sample => ({
  name: `not-me/${name}`,
  draw: words => pages.notMePage({ here: '/not-me/V1StGXR8Z5jdHi6BV1StGX', reference, link }, words),
});

export const notMe: readonly Sample[] = [
  page('usable', { state: 'usable', kind: 'method-added', at: now - 7_200_000 }),
  page('done', { state: 'used', at: now, frozenUntil: now + 7 * 86_400_000 }),
  page('lifted', { state: 'used', at: now - 86_400_000 }),
  page('unknown', { state: 'unknown' }),
];
