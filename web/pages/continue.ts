/** Draws pages that only continue: after a sign-in, after a logout, and a form that submits itself. */
import type { Phrase } from '../../src/locales/phrase.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { hiddenFields } from './components/actions.ts';
import { icons } from './components/icons.ts';
import { layout } from './components/layout.ts';
import { linksOf } from './links.ts';
import type { AutoSubmitPage, ContinuePage, OtherTabPage } from './props.ts';

const lead = ({ kind, client }: ContinuePage, { pages: { anew, continuing, signedOut } }: Words): Phrase | string => {
  if (kind === 'anew') return anew.sentence;
  if (client === undefined) return kind === 'back' ? continuing.backUnknown : continuing.sentenceUnknown;
  if (kind === 'signed-out') return signedOut.returning(client.name);
  return kind === 'back' ? continuing.back(client.name) : continuing.sentence(client.name);
};

const headingOf = (kind: ContinuePage['kind'], { pages: { anew, continuing, signedOut } }: Words): string => {
  if (kind === 'anew') return anew.heading;
  return kind === 'signed-out' ? signedOut.heading : continuing.heading;
};

/**
 * Redirects by a page with status 200. After a form post, Chrome applies our `form-action 'self'` to redirects too,
 * so a 303 to the client's origin would be blocked.
 * @throws TypeError for a scheme that is neither http nor https nor that of an installed program.
 */
export const continuePage = (props: ContinuePage, words: Words): Html => {
  const { client, to, kind, reference, here, codesLeft } = props;
  const { frame } = words;
  return layout(
    {
      stage: kind === 'signed-out' || kind === 'anew' ? 'signed-out' : 'signed-in',
      heading: headingOf(kind, words),
      lead: lead(props, words),
      ...(client !== undefined && { client }),
      ...(reference !== undefined && { reference }),
      ...(kind !== 'back' && codesLeft === undefined && { redirectTo: to }),
      returnTo: here,
      body: html`${codesLeft !== undefined && html`<div class="alert">${icons.alert}<p>${words.pages.continuing.fewCodes(codesLeft)}</p></div>`}<div class="actions"><a class="button primary" href="${to}">${client === undefined ? frame.continue : frame.continueTo(client.name)}</a></div>`,
    },
    words,
  );
};

/** A form to our own origin. `autosubmit.js` submits it; without script the person presses its button. */
export const autoSubmitPage = ({ client, action, fields }: AutoSubmitPage, words: Words): Html =>
  layout(
    {
      stage: 'signed-in',
      heading: words.pages.autoSubmit.heading,
      lead: words.pages.autoSubmit.sentence,
      ...(client !== undefined && { client }),
      scripts: ['autosubmit.js'],
      body: html`<form method="post" action="${action}" data-autosubmit="">${hiddenFields(fields)}
<button class="button primary" type="submit">${words.frame.continue}</button></form>`,
    },
    words,
  );

/** Milliseconds. The other tab needs a moment, and this one must not ask more often. */
const lookAgainAfter = 1000;

/** Another tab of this browser finishes the sign-in that this tab shared. Asks again for the result until then. */
export const otherTabPage = ({ client, uid, reference }: OtherTabPage, words: Words): Html => {
  const { otherTab } = words.pages;
  return layout(
    {
      stage: 'signed-in',
      heading: otherTab.heading,
      lead: otherTab.sentence(client.name),
      client,
      uid,
      reference,
      scripts: ['autosubmit.js'],
      body: html`<form class="actions" method="post" action="${linksOf(uid).factor}" data-autosubmit="${lookAgainAfter}">
<button class="button primary" type="submit">${words.frame.continue}</button></form>`,
    },
    words,
  );
};
