/** Draws the page of an authenticator app to be set up: the picture to scan, the key to type instead, and the field for its code. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { submitButton } from './components/actions.ts';
import { codeField, fieldError, fieldWait, type AskingState } from './components/code-field.ts';
import { details } from './components/details.ts';
import { enrollLayout, waysBack } from './components/enroll-layout.ts';
import { adviceItem } from './components/ending.ts';
import { icons } from './components/icons.ts';
import { qrCode } from './components/qr-code.ts';
import type { EnrollScanPage } from './enroll-props.ts';
import { enrollLinksOf, fields } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';

/** The key in groups of four, which apps accept with spaces. */
const grouped = (key: string): string => key.match(/.{1,4}/gu)?.join(' ') ?? key;

/** The key and the account name in an otpauth URI. */
const byHand = (uri: string): { readonly key: string; readonly account: string } => {
  const { searchParams, pathname } = new URL(uri);
  return {
    key: searchParams.get('secret') ?? '',
    account: decodeURIComponent(pathname.replace(/^\/+(?:totp\/)?/u, '')),
  };
};

const asking = (props: EnrollScanPage, state: AskingState, words: Words): Html => {
  const { uid, uri, length, typed, now, reference } = props;
  const { scan } = words.enroll;
  const { key, account } = byHand(uri);
  const error = fieldError(state, props, words.codes.app);
  const wait = fieldWait(state, props, words);
  const outcome = state.kind === 'open' ? undefined : state.kind;
  const code = outcome !== undefined && { label: outcomeCodes.code('app', outcome), term: words.codes.terms[outcome] };
  return enrollLayout(
    props,
    {
      heading: scan.heading,
      isError: error !== false,
      scripts: wait === false ? ['code.js'] : ['wait.js', 'code.js'],
      body: html`<ol class="steps">${scan.steps.map(
        (step, i) =>
          html`<li id="step-${i}">${step}${
            i === 1 &&
            html`${qrCode(uri, scan.picture)}
<details class="by-hand"><summary>${icons.chevron}${scan.byHand}</summary><p>${scan.byHandSentence}</p><dl><dt>${scan.account}</dt><dd><bdi>${account}</bdi></dd><dt>${scan.key}</dt><dd><code>${grouped(key)}</code></dd></dl></details>`
          }</li>`,
      )}</ol>
<form method="post" action="${enrollLinksOf(uid).answer}">
${codeField({ length, typed, error, wait, isFocused: error !== false, hint: 'step-2' }, words)}
<div class="actions">${submitButton(words.frame.continue, wait === false ? 'primary' : 'later')}</div>
</form>
${waysBack(uid, words)}
${code && details({ reference, at: now, code }, words)}`,
    },
    words,
  );
};

/** The page of an app, in every state. */
export const enrollScanPage = (props: EnrollScanPage, words: Words): Html => {
  const { uid, state, now, reference } = props;
  if (state.kind !== 'ended') return asking(props, state, words);
  const { scan } = words.enroll;
  const reason = state.reason === 'attempts' || state.reason === 'expired' ? state.reason : 'lost';
  const term = words.codes.app.ends[reason]?.term ?? reason;
  return enrollLayout(
    props,
    {
      heading: scan.endedHeading,
      lead: scan.ends[reason],
      isError: true,
      body: html`<ul class="advice">${adviceItem(icons.phone, scan.endedAdvice)}</ul>
<div class="actions"><form method="post" action="${enrollLinksOf(uid).choose}"><button class="button primary" type="submit" name="${fields.method}" value="totp">${scan.anew}</button></form></div>
${waysBack(uid, words)}
${details({ reference, at: now, code: { label: outcomeCodes.code('app', reason), term }, open: true }, words)}`,
    },
    words,
  );
};
