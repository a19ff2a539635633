/** German words for error pages, by the code of the `Problem`. */
import type { problems as master } from '../en/problems.ts';

const advice =
  'Wenn es wieder passiert, nennen Sie Ihrem Support die Referenz unten: Damit lässt sich die Ursache finden.';
const ours = {
  heading: 'Das hat nicht geklappt',
  sentence: 'Bei uns ist etwas ausgefallen. Es wurde nichts geändert. Versuchen Sie es in einer Minute noch einmal.',
  advice,
};
const busy = {
  heading: 'Wir können Sie gerade nicht anmelden',
  sentence: 'Es liegt an uns. Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
  advice,
};
const unclear = {
  heading: 'Das haben wir nicht verstanden',
  sentence:
    'Die Seite oder der Link, der Sie hierher gebracht hat, stimmt nicht. Gehen Sie zurück und versuchen Sie es noch einmal.',
};

export const problems: typeof master = {
  conflict: {
    heading: 'Jemand anderes hat das zuerst geändert',
    sentence: 'Es hat sich geändert, während diese Seite offen war. Versuchen Sie es noch einmal.',
    term: 'Konflikt',
  },
  'bad-request': { ...unclear, term: 'ungültige Anfrage' },
  'not-found': {
    heading: 'Hier ist keine Seite',
    sentence: 'Prüfen Sie die Adresse oder gehen Sie dorthin zurück, woher Sie kommen.',
    term: 'nicht gefunden',
  },
  'method-not-allowed': { ...unclear, term: 'Anfrageart nicht erlaubt' },
  'too-large': {
    heading: 'Das war zu lang',
    sentence:
      'Was Sie gesendet haben, ist länger, als wir annehmen. Gehen Sie zurück und versuchen Sie es mit weniger Text.',
    term: 'zu groß',
  },
  'unsupported-type': { ...unclear, term: 'Format nicht unterstützt' },
  'wrong-host': {
    heading: 'Das ist nicht die richtige Adresse',
    sentence: 'Gehen Sie dorthin zurück, woher Sie kommen. Wenn es wieder passiert, sagen Sie es Ihrem Support.',
    term: 'falsche Adresse',
  },
  forbidden: {
    heading: 'Das kam von einer anderen Seite',
    sentence:
      'Zu Ihrer Sicherheit nehmen wir Formulare nur von unseren eigenen Seiten an. Gehen Sie zurück und versuchen Sie es noch einmal.',
    term: 'nicht erlaubt',
  },
  'changes-frozen': {
    heading: 'Änderungen sind gestoppt',
    sentence:
      'Nach „Das war ich nicht“ kann 7 Tage lang niemand ändern, wie man sich bei diesem Konto anmeldet. Ihr Support kann es früher erlauben.',
    term: 'Änderungen gestoppt',
  },
  'sign-in-lost': {
    heading: 'Fangen wir noch einmal an',
    sentence:
      'Diese Anmeldung ist beendet oder hat zu lange gedauert. Gehen Sie zu der Seite zurück, von der Sie kommen, und melden Sie sich dort noch einmal an.',
    term: 'Anmeldung beendet',
  },
  'sign-in-elsewhere': {
    heading: 'Fangen wir noch einmal an',
    sentence:
      'Diese Anmeldung gehört zu einem anderen Browser oder endete mit Ihrer Abmeldung, oder Cookies sind hier ausgeschaltet.',
    term: 'anderer Browser',
  },
  'too-many-sign-ins': {
    heading: 'Zu viele Anmeldungen auf einmal',
    sentence: 'An Ihrem Anschluss haben gerade sehr viele Anmeldungen begonnen. Ihre wurde nicht gestartet.',
    term: 'zu viele Anmeldungen',
  },
  forged: {
    heading: 'Das war nicht erlaubt',
    sentence: 'Die Nachricht war nicht richtig signiert.',
    term: 'nicht signiert',
  },
  // Without the advice: the page of a refused request has no reference.
  overloaded: { heading: busy.heading, sentence: busy.sentence, term: 'überlastet' },
  unavailable: { ...busy, term: 'Speicher nicht erreichbar' },
  undeliverable: {
    heading: 'Das konnten wir nicht senden',
    sentence: 'Versuchen Sie es in einer Minute noch einmal oder verwenden Sie eine andere Methode.',
    term: 'nicht zugestellt',
  },
  unreached: { ...ours, term: 'anderer Server nicht erreichbar' },
  unreadable: { ...ours, term: 'nicht lesbar' },
  'in-use': { ...ours, term: 'in Benutzung' },
  internal: { ...ours, term: 'interner Fehler' },
};
