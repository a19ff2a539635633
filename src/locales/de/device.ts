/** German words for the pages where a person connects a device. */
import { name } from '../phrase.ts';
import type { device as english } from '../en/device.ts';

export const device: typeof english = {
  code: {
    heading: 'Gerät verbinden',
    sentence: 'Geben Sie den Code ein, den Ihr Gerät anzeigt.',
    label: 'Code',
    submit: 'Weiter',
    malformed: 'Ein Code hat 8 Buchstaben, zum Beispiel WDJB-MJHT.',
    wrong: 'Dieser Code stimmt nicht oder ist zu alt. Bitte sehen Sie auf dem Gerät nach.',
    elsewhere: 'Bitte geben Sie den Code hier noch einmal ein.',
    wait: 'Von hier kamen zu viele falsche Codes.',
  },
  question: {
    heading: client => [name(client), ' verbinden?'],
    sentence: 'Fahren Sie nur fort, wenn das Gerät vor Ihnen steht und diesen Code zeigt:',
    warning:
      'Hat Ihnen jemand diesen Code oder einen Link geschickt? Dann brechen Sie ab. Wer ihn geschickt hat, bekäme Zugang zu Ihrem Konto.',
    askedAt: 'Angefragt um',
    address: 'Von',
    near: '(dasselbe Netz wie Ihres)',
    far: '(ein anderes Netz als Ihres)',
    program: 'Programm',
    allow: 'Ja, mein Gerät verbinden',
    deny: 'Abbrechen',
  },
  connected: {
    heading: 'Gerät verbunden',
    sentence: 'Sie können diese Seite schließen. Auf dem Gerät geht es von selbst weiter.',
  },
  refused: {
    heading: 'Gerät nicht verbunden',
    sentence: 'Es hat keinen Zugang zu Ihrem Konto. Sie können diese Seite schließen.',
  },
  expired: {
    heading: 'Dieser Code ist abgelaufen',
    sentence: 'Fangen Sie auf dem Gerät neu an und geben Sie den neuen Code ein.',
  },
  used: {
    heading: 'Dieser Code wurde schon benutzt',
    sentence: 'Jeder Code gilt einmal. Ist Ihr Gerät nicht verbunden, fangen Sie dort neu an.',
  },
  again: 'Anderen Code eingeben',
};
