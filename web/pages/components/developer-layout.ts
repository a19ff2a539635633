/** Draws the document around each page below /developer, and what these pages share. */
import type { Phrase } from '../../../src/locales/phrase.ts';
import type { Words } from '../../../src/locales/wording.ts';
import type { AssetName } from '../../assets.ts';
import { html, type Html, type Value } from '../../html.ts';
import type { PortalFrame } from '../account-props.ts';
import { developerClientLinks, developerLinks } from '../developer-links.ts';
import { icons } from './icons.ts';
import { portalDocument } from './portal-document.ts';

export interface DeveloperLayout {
  readonly frame: PortalFrame;
  /** The entry of the navigation that the page belongs to. */
  readonly section?: 'clients' | 'playground';
  readonly heading: Phrase | string;
  readonly headingHtml?: Html;
  /** The client that the page is about: a link to it stands above the heading. */
  readonly client?: { readonly id: string; readonly name: string };
  /** The way to a page that is about no client. */
  readonly isBelowList?: true;
  readonly lead?: Value;
  readonly body: Value;
  readonly isError?: boolean;
  readonly scripts?: readonly AssetName[];
  /** Beside those of all pages. */
  readonly styles?: readonly AssetName[];
}

const trail = ({ client, isBelowList }: DeveloperLayout, { developer: text }: Words): Value =>
  (client !== undefined || isBelowList === true) &&
  html`<p class="trail"><a href="${developerLinks.clients}">${text.navigation.clients}</a>${client && html`${icons.chevron}<a href="${developerClientLinks(client.id).here}"><bdi>${client.name}</bdi></a>`}</p>`;

/** The whole document, from doctype to the end. */
export const developerLayout = (page: DeveloperLayout, words: Words): Html => {
  const { developer: text } = words;
  const { section = 'clients', client: _client, isBelowList: _isBelowList, styles = [], ...document } = page;
  const parts = {
    name: text.name,
    home: developerLinks.clients,
    signOut: developerLinks.signOut,
    label: text.navigation.label,
    navigation: [
      { path: developerLinks.clients, label: text.navigation.clients, isCurrent: section === 'clients' },
      { path: developerLinks.playground, label: text.navigation.playground, isCurrent: section === 'playground' },
    ],
    notices: text.notices,
    styles: ['style.css', 'portal.css', 'developer.css', ...styles],
  } as const;
  return portalDocument({ ...document, above: trail(page, words) }, parts, words);
};

/** A text as programs write it: never translated, and always from left to right. */
export const code = (text: string): Html => html`<code dir="ltr" translate="no">${text}</code>`;

/** A part of a page under a heading of its own. `beside`: a link beside the heading. */
export const sheet = (heading: string, body: Value, beside?: Value): Html =>
  html`<section class="sheet"><div class="sheet-head"><h2>${heading}</h2>${beside}</div>${body}</section>`;

/** A button that copies `text`, for browsers with script. `what`: the text in words, for screen readers. */
export const copyButton = (text: string, what: string, words: Words): Html =>
  html`<button class="act" type="button" data-copy="${text}" data-copied="${words.frame.copied}" hidden>${words.frame.copy}<span class="visually-hidden"> ${what}</span></button>`;
