/** Line drawings on a 24 px box. They are decoration: the text beside them has the same meaning. */
import { html, raw, type Html } from '../../html.ts';

const drawn = (paths: string, name = ''): Html =>
  html`<svg class="${name || undefined}" viewBox="0 0 24 24" aria-hidden="true">${raw(paths)}</svg>`;

export const icons = {
  chevron: drawn('<path d="m9.5 6.5 5.5 5.5-5.5 5.5"/>', 'chevron'),
  tick: drawn('<path d="m5.5 12.5 4.5 4.5 8.5-10"/>', 'tick'),
  cross: drawn('<path d="m6.5 6.5 11 11m0-11-11 11"/>', 'cross'),
  alert: drawn('<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5m0 3.2v.1"/>'),
  clock: drawn('<circle cx="12" cy="12" r="9"/><path d="M12 7v5.4l3.3 1.8"/>'),
  question: drawn(
    '<circle cx="12" cy="12" r="9"/><path d="M9.4 9.6a2.7 2.7 0 1 1 3.9 2.4c-.8.4-1.3 1-1.3 1.9m0 2.7v.1"/>',
  ),
  call: drawn(
    '<path d="M7.4 4.2 9 8.1 7.2 9.9a13 13 0 0 0 6.9 6.9l1.8-1.8 3.9 1.6v2.9a1.6 1.6 0 0 1-1.8 1.6C10.6 20.3 3.7 13.4 2.9 6a1.6 1.6 0 0 1 1.6-1.8z"/>',
  ),
  handset: drawn(
    '<path d="M3.5 14.5c-.9-1.2-.6-2.9.7-3.7a15 15 0 0 1 15.6 0c1.3.8 1.6 2.5.7 3.7l-.7.9-4-1.3-.3-2.4a10.5 10.5 0 0 0-7 0l-.3 2.4-4 1.3z"/>',
  ),
  text: drawn(
    '<path d="M5.5 4.5h13a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7.2l-4.3 3.6v-3.6H5.5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z"/><path d="M8.4 10.5v.1m3.6-.1v.1m3.6-.1v.1"/>',
  ),
  spoken: drawn(
    '<path d="M6.4 7.2 7.7 10.4 6.2 11.9a10.8 10.8 0 0 0 5.7 5.7l1.5-1.5 3.3 1.3v2.4a1.3 1.3 0 0 1-1.5 1.3C9 20.5 3.3 14.9 2.7 8.7a1.3 1.3 0 0 1 1.3-1.5z"/><path d="M13 3.5h8.5M13 7.5h8.5m-5 4h5"/>',
  ),
  list: drawn('<path d="M5.5 3.5h13v17h-13z"/><path d="M8.5 8h7m-7 4h7m-7 4h4"/>'),
  plus: drawn('<path d="M12 5v14m-7-7h14"/>'),
  key: drawn('<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8.5-8.5m-3 3 2.5 2.5m-5 0 1.8 1.8"/>'),
  shield: drawn('<path d="M12 3.5 4.8 6v5.5c0 4.4 3 7.6 7.2 9 4.200-1.4 7.2-4.6 7.2-9V6z"/>'),
  mail: drawn('<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="m4 7 8 6 8-6"/>'),
  passkey: drawn(
    '<circle cx="9.5" cy="7.5" r="3.5"/><path d="M3.5 19.5c0-3.6 2.6-5.7 6-5.7 1.1 0 2 .2 2.9.6"/><circle cx="17" cy="12.5" r="2.7"/><path d="M17 15.2v5.3m0-2.6h1.8"/>',
  ),
  approve: drawn('<rect x="7" y="3" width="10" height="18" rx="2"/><path d="m9.7 11.2 1.7 1.8 3-3.6M11 18h2"/>'),
  phone: drawn('<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 18h2"/>'),
} as const satisfies Readonly<Record<string, Html>>;

const byFactor: Readonly<Record<string, Html>> = {
  call: icons.call,
  sms: icons.text,
  spoken: icons.spoken,
  totp: icons.clock,
  'recovery-code': icons.list,
  phone: icons.call,
  passkey: icons.passkey,
  push: icons.approve,
  email: icons.mail,
  'temporary-access-pass': icons.list,
};

/** The icon of a factor. A factor without its own gets a phone. */
export const iconOf = (factor: string): Html => byFactor[factor] ?? icons.phone;
