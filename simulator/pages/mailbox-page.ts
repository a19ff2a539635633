/** Draws the mailbox: every mail that arrived, and the setting of the mail server. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import { mailBehaviours, type MailBehaviourName, type MailView } from '../mailbox/mailbox.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { secondsClock } from './format.ts';
import { icons } from './icons.ts';

const maxShown = 40;

/** A line that is only a code, which a person would copy. */
const codeIn = (text: string): string | undefined => /^\d{4,8}$/m.exec(text)?.[0];

/** The text with addresses as links. */
const linked = (text: string): readonly (Html | string)[] =>
  text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part));

const entry = (mail: MailView): Html => {
  const code = codeIn(mail.text);
  const id = `mail-${mail.id}`;
  return html`<li class="mail" id="${id}">
    <h3>${mail.subject}</h3>
    <p class="when">To ${mail.to}, from ${mail.from}, ${secondsClock(mail.arrivedAt)}</p>
    <p class="words" dir="auto">${linked(mail.text.trim())}</p>
    <p class="mail-actions">
      <a href="/mail/${mail.id}/html">As HTML<span class="visually-hidden">: ${mail.subject}</span></a>
      ${
        code !== undefined &&
        html`<button id="${id}-copy" class="copy small" type="button" data-copy="${code}">${icons.copy}Copy ${code}</button>`
      }
    </p>
  </li>`;
};

const serverSelect = (chosen: MailBehaviourName): Html =>
  html`<form class="carrier-api" method="post" action="/mail-server" data-submits>
    <div class="chooser">
      <label for="mail-server">Mail server</label>
      <select id="mail-server" name="behaviour">
        ${Object.entries(mailBehaviours).map(
          ([name, { label }]) => html`<option value="${name}" selected="${name === chosen}">${label}</option>`,
        )}
      </select>
      ${icons.chevron}
    </div>
    <button class="small" type="submit" data-scriptless>Set</button>
  </form>`;

/** The mails that arrived, newest first. */
export const mailboxPage = ({ mailbox }: Simulation): Html => {
  const mails = mailbox.mails();
  return html`<section class="panel mailbox" aria-labelledby="mailbox-title">
    <div class="title">
      <h2 id="mailbox-title">Mailbox</h2>
      <p>Mails from the server to anybody, newest first</p>
      ${serverSelect(mailbox.behaviour)}
    </div>
    ${
      mails.length === 0
        ? html`<p class="hint">No mails yet. Add or remove a second step of a person to see one here.</p>`
        : html`<ol class="mails">
            ${mails.slice(0, maxShown).map(entry)}
          </ol>`
    }
  </section>`;
};
