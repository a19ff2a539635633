/** German words for choosing a password: the field, why one is refused, and the pages around it. */
import { name } from '../phrase.ts';
import type { passwords as master } from '../en/passwords.ts';

export const passwords: typeof master = {
  field: {
    label: 'Neues Passwort',
    hint: 'Mindestens 8 Zeichen. Einige Wörter, die nur für Sie zusammengehören, merken Sie sich leicht.',
  },
  faults: {
    unreadable: 'Geben Sie ein neues Passwort ein.',
    short: 'Das ist zu kurz. Nehmen Sie mindestens 8 Zeichen.',
    common: 'Dieses Passwort haben viele, deshalb wird es zuerst erraten. Wählen Sie ein anderes.',
    pattern: 'Das ist leicht zu erraten, weil es sich wiederholt oder zählt. Wählen Sie ein anderes.',
    personal: 'Das besteht aus Ihrem Namen oder dem Namen dieses Dienstes. Wählen Sie ein anderes.',
    breached:
      'Dieses Passwort wurde auf einer anderen Website gestohlen und ist Angreifern bekannt. Wählen Sie ein anderes.',
    same: 'Das ist Ihr jetziges Passwort. Wählen Sie ein anderes.',
  },
  required: {
    heading: 'Wählen Sie ein neues Passwort',
    sentence: client => ['Danach geht es weiter zu ', name(client), '. Ihr altes Passwort gilt dann nicht mehr.'],
    submit: 'Speichern und weiter',
  },
};
