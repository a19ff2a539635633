/** Pages that only go on: after a sign-in, after a logout, and forms that post themselves. */
import type { Phrase } from '../../src/locales/phrase.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { hidden } from './parts/actions.ts';
import { layout } from './parts/layout.ts';
import type { ContinuePage, PostOnPage } from './props.ts';

const lead = ({ kind, client }: ContinuePage, { pages: { going, signedOut } }: Words): Phrase | string => {
  if (client === undefined) return kind === 'back' ? going.backUnknown : going.onward;
  if (kind === 'signed-out') return signedOut.returning(client.name);
  return kind === 'back' ? going.back(client.name) : going.sentence(client.name);
};

/**
 * A 200 page instead of a redirect: a 303 from a form to another origin is blocked by our own `form-action 'self'`.
 * @throws TypeError for an address that is neither http nor https.
 */
export const continuePage = (props: ContinuePage, words: Words): Html => {
  const { client, to, kind, reference, here } = props;
  const { frame, pages } = words;
  return layout(
    {
      door: kind === 'signed-out' ? 'first' : 'through',
      heading: kind === 'signed-out' ? pages.signedOut.heading : pages.going.heading,
      lead: lead(props, words),
      ...(client !== undefined && { client }),
      ...(reference !== undefined && { reference }),
      ...(kind !== 'back' && { onward: to }),
      here,
      body: html`<div class="actions"><a class="button primary" href="${to}">${client === undefined ? frame.continue : frame.continueTo(client.name)}</a></div>`,
    },
    words,
  );
};

/** A form to our own origin that posts itself where script runs, and has a button where it does not. */
export const postOnPage = ({ client, action, fields }: PostOnPage, words: Words): Html =>
  layout(
    {
      door: 'through',
      heading: words.pages.postOn.heading,
      lead: words.pages.postOn.sentence,
      ...(client !== undefined && { client }),
      scripts: ['onward.js'],
      body: html`<form method="post" action="${action}" data-onward="">${hidden(fields)}
<button class="button primary" type="submit">${words.frame.continue}</button></form>`,
    },
    words,
  );
