/** Draws the page of sessions and sign-ins, and those that ask before all sessions end. */
import { grouped, time } from '../../../src/locales/phrase.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import type { PortalFrame } from '../account-props.ts';
import type { NotMeReportPage, SessionRow, SessionsPage, SignInRow } from '../account-sessions-props.ts';
import { portalLayout } from '../components/portal-layout.ts';
import { phraseHtml } from '../components/phrase.ts';
import { accountLinks, fields } from '../links.ts';
import { dotted } from '../components/dotted.ts';
import { ownWord } from './method-words.ts';
import { rememberedBrowsers } from './remembered-browsers.ts';

const browserOf = ({ browser = {} }: Pick<SessionRow, 'browser'>, { accountSessions }: Words): string =>
  accountSessions.browser(browser.browser, browser.system);

const sessionItem = (row: SessionRow, words: Words): Html => {
  const { sessions: text } = words.accountSessions;
  const { id, isHere, address, apps, method, startedAt, usedAt } = row;
  const browser = browserOf(row, words);
  const list = new Intl.ListFormat(words.language).format(apps);
  return html`<li class="item"><div class="what"><p><b>${browser}</b>${isHere && html` <span class="tag default">${text.here}</span>`}</p>
<p class="note">${dotted([
    address !== undefined && html`<bdi dir="ltr">${address}</bdi>`,
    method !== undefined && (ownWord(words.account.methods.names, method) ?? method),
    apps.length > 0 && text.apps(list),
  ])}</p>
<p class="note">${dotted([phraseHtml(text.since(startedAt), words), phraseHtml(text.used(usedAt), words)])}</p></div>
${!isHere && html`<form class="does" method="post" action="${accountLinks.endSession}"><input type="hidden" name="${fields.session}" value="${id}"><button class="button" type="submit">${text.end}<span class="visually-hidden"> ${browser} ${address}</span></button></form>`}</li>`;
};

/** What happened, the second step, and wrong answers: one paragraph. */
const sentencesOf = (row: SignInRow, words: Words): Html => {
  const { signIns: text } = words.accountSessions;
  const { end, app, step, remembered, wrongPasswords, wrongCodes } = row;
  const isIn = end === 'signed-in' || end === 'confirmed';
  const stepText = ((): string | undefined => {
    if (step === undefined) return isIn && remembered !== 'used' ? text.passwordOnly : undefined;
    if (step.end === 'passed') return ownWord(text.steps, step.factor);
    if (isIn || end === 'denied' || end === 'cancelled') return undefined;
    if (end === 'approval') return step.end === undefined ? undefined : ownWord(text.stepEnds, step.end);
    return step.end === undefined ? text.stepOpen : (ownWord(text.stepEnds, step.end) ?? text.stepOpen);
  })();
  const said = [
    text.ends[end]?.(app),
    stepText,
    remembered !== undefined && (isIn || remembered !== 'used') && text.remembered[remembered],
    wrongPasswords > (end === 'wrong-password' ? 1 : 0) && text.wrongPasswords(wrongPasswords),
    wrongCodes > 0 && text.wrongCodes(wrongCodes),
  ];
  return html`${said.filter(each => each !== undefined && each !== false).map((each, at) => html`${at > 0 && ' '}${typeof each === 'boolean' ? '' : phraseHtml(each, words)}`)}`;
};

const placeOf = (row: SignInRow, words: Words): Html =>
  dotted([
    phraseHtml([time(row.at, true)], words),
    // No browser asked for an approval.
    row.end !== 'approval' && browserOf(row, words),
    row.address !== undefined && html`<bdi dir="ltr">${row.address}</bdi>`,
  ]);

const signInItem = (row: SignInRow, words: Words): Html => {
  const { signIns: text } = words.accountSessions;
  const about = html`<span class="visually-hidden"> ${grouped(row.reference)}</span>`;
  return html`<li class="item"><div class="what"><p>${sentencesOf(row, words)}</p><p class="note">${placeOf(row, words)}</p></div>
${!row.isFamiliar && html`<div class="does"><a class="act" href="${accountLinks.notMe(row.reference)}">${text.notMe}${about}</a></div>`}</li>`;
};

export const sessionsPage = ({ sessions, remembered, signIns, ...frame }: SessionsPage, words: Words): Html => {
  const { sessions: text, signIns: history } = words.accountSessions;
  const isAlone = sessions.every(({ isHere }) => isHere);
  return portalLayout(
    {
      frame,
      section: 'sessions',
      heading: text.heading,
      body: html`<section class="sheet"><div class="sheet-head"><h2>${text.open}</h2>${!isAlone && html`<form method="post" action="${accountLinks.endOthers}"><button class="button" type="submit">${text.others}</button></form>`}</div>
<ul>${sessions.map(row => sessionItem(row, words))}</ul>
<div class="prose">${isAlone && html`<p>${text.none}</p>`}<p class="note">${text.effect}</p><p><a class="act" href="${accountLinks.endAll}">${text.all}</a></p></div></section>
${remembered !== undefined && rememberedBrowsers(remembered, words)}
<section class="sheet"><div class="sheet-head"><h2>${history.heading}</h2></div>
${signIns.length === 0 ? html`<p class="prose">${history.none}</p>` : html`<ul>${signIns.map(row => signInItem(row, words))}</ul>`}</section>`,
    },
    words,
  );
};

/** Asks before everything ends. */
export const endAllPage = (frame: PortalFrame, words: Words): Html => {
  const { all: text, sessions } = words.accountSessions;
  return portalLayout(
    {
      frame,
      section: 'sessions',
      heading: text.heading,
      body: html`<section class="sheet narrow"><p>${text.sentence}</p>
<form method="post" action="${accountLinks.endAll}"><div class="actions"><button class="button danger" type="submit">${sessions.all}</button><a class="button" href="${accountLinks.sessions}">${text.keep}</a></div></form></section>`,
    },
    words,
  );
};

/** Asks before a sign-in is reported as not the person's. */
export const notMeReportPage = ({ signIn, ...frame }: NotMeReportPage, words: Words): Html => {
  const { notMe: text } = words.accountSessions;
  return portalLayout(
    {
      frame,
      section: 'sessions',
      heading: text.heading,
      body: html`<section class="sheet narrow"><p class="of">${sentencesOf(signIn, words)}<br><span class="note">${placeOf(signIn, words)}</span></p><p>${text.sentence}</p>
<form method="post" action="${accountLinks.notMe(signIn.reference)}"><div class="actions"><button class="button danger" type="submit">${text.submit}</button><a class="button" href="${accountLinks.sessions}">${text.keep}</a></div></form></section>`,
    },
    words,
  );
};
