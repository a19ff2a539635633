/** German words of the security page below /account. */
import type { account as master } from '../en/account.ts';

const notices: (typeof master)['notices'] = {
  repeat: 'Danke, Sie sind es. Bitte nehmen Sie Ihre Änderung jetzt noch einmal vor.',
  cancelled: 'Es wurde nichts geändert.',
};

const names: Readonly<Record<string, string>> = {
  call: 'Anruf',
  sms: 'SMS',
  spoken: 'Anruf mit Code',
  totp: 'Code aus Ihrer App',
};

export const account: typeof master = {
  signedInAs: 'Angemeldet als',
  signOut: 'Abmelden',
  navigation: { label: 'Ihr Konto', security: 'Sicherheit' },
  notices,
  methods: { heading: 'So bestätigen Sie, dass Sie es sind', names },
  notSignedIn: {
    heading: 'Sie sind nicht angemeldet',
    sentence: 'Die Anmeldung wurde verlassen oder hat zu lange gedauert. Es wurde nichts geändert.',
    again: 'Anmelden',
  },
};
